import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { importRules, parsePolicy, type Finding, type Policy } from '@surety/engine'
import { importDmn } from '@surety/engine/dmn'
import { importWorkbook } from '@surety/engine/xlsx'
import { UsageError } from '../command.ts'

/** A file with policies: a document of ours, a DMN model, a workbook, or an array of json-rules-engine rules. */
export interface PolicyFile {
  readonly file: string
  readonly text: string
  readonly format: 'policy' | 'dmn' | 'rules' | 'xlsx'
  readonly policies: readonly Policy[]
  /** What is wrong with the shape, or could not be taken over. */
  readonly findings: readonly Finding[]
}

export async function readPolicyFile(file: string): Promise<PolicyFile> {
  if (extname(file).toLowerCase() === '.xlsx') {
    const { policy, findings } = importWorkbook(readBytes(file))
    return { file, text: '', format: 'xlsx', policies: policy ? [policy] : [], findings }
  }
  const text = readText(file)
  if (extname(file).toLowerCase() === '.dmn' || text.trimStart().startsWith('<')) {
    const { policies, findings } = await importDmn(text)
    return { file, text, format: 'dmn', policies, findings }
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const message = (error as Error).message
    return {
      file,
      text,
      format: 'policy',
      policies: [],
      findings: [
        { code: 'NOT_JSON', severity: 'error', path: '', message: { en: `Not JSON: ${message}`, zh: `不是合法的 JSON：${message}` } },
      ],
    }
  }
  if (!Array.isArray(document)) {
    const { policy, findings } = parsePolicy(document)
    return { file, text, format: 'policy', policies: policy ? [policy] : [], findings }
  }
  if (document.some(rule => rule === null || typeof rule !== 'object'))
    return {
      file,
      text,
      format: 'rules',
      policies: [],
      findings: [
        {
          code: 'NOT_A_RULE',
          severity: 'error',
          path: '',
          message: {
            en: 'An array is taken for json-rules-engine rules; each is an object.',
            zh: '数组按 json-rules-engine 规则读取，每一项应为对象。',
          },
        },
      ],
    }
  const made = importRules(document, basename(file, extname(file)))
  const { policy, findings } = parsePolicy(made.policy)
  return {
    file,
    text,
    format: 'rules',
    policies: policy ? [policy] : [],
    findings: [...made.findings, ...findings].map(found => ({ ...found, path: ruleArrayPath(found.path) })),
  }
}

/** The one policy of a file; what keeps it from being one is a wrong usage. */
export async function readOnePolicy(file: string): Promise<Policy> {
  const { policies, findings } = await readPolicyFile(file)
  const [policy, ...others] = policies
  if (!policy) {
    const [first] = findings
    throw new UsageError(`${file} is no policy: ${first ? `${first.path} ${first.message.en}` : 'it is empty.'}`)
  }
  if (others.length > 0) throw new UsageError(`${file} holds ${policies.length} policies; one is needed.`)
  return policy
}

/** Text of a file; `-` is standard input. */
export function readText(file: string): string {
  return readBytes(file)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UsageError(`There is no file ${file}.`)
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder; name a file.`)
    throw error
  }
}

/** Findings about the policy that was made of an array, told about the array. */
export function ruleArrayPath(path: string): string {
  return path.replace(/^\/steps\/0\/rules/, '')
}
