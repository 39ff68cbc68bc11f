import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { readCases, writeCases, type PolicyCase } from '@surety/credit'
import { parsePolicy, type Policy } from '@surety/engine'
import { UsageError } from '../command.ts'

/** What a folder was pulled from, policy by policy: so that a push knows what has been published since. */
export type PulledFrom = Readonly<Record<string, { readonly version: number; readonly hash: string }>>

export interface FolderPolicy {
  /** Beside the folder, for people. */
  readonly file: string
  readonly document: Policy
  /** Undefined: there is no cases.csv, so the cases stay as they are. */
  readonly cases: readonly PolicyCase[] | undefined
}

/** Policies of a folder: `<id>/policy.json` with `cases.csv` beside it, and `pulled.json` that says what they came from. */
export function readPolicyFolder(folder: string): { readonly policies: readonly FolderPolicy[]; readonly pulledFrom: PulledFrom } {
  if (!existsSync(folder)) throw new UsageError(`There is no folder ${folder}; \`surety policies pull ${folder}\` makes it.`)
  const policies = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(`policy.json`))
    .toSorted()
    .map(file => readFolderPolicy(folder, file.replaceAll(sep, '/')))
  const twice = policies.find(({ document }, at) => policies.findIndex(other => other.document.id === document.id) !== at)
  if (twice) throw new UsageError(`${twice.file} is ${twice.document.id}, and so is another file; an id stands for one policy.`)
  return { policies, pulledFrom: readPulledFrom(folder) }
}

export function writePolicyFolder(
  folder: string,
  versions: readonly {
    readonly policyId: string
    readonly version: number
    readonly hash: string
    readonly document: Policy
    readonly cases: readonly PolicyCase[]
  }[],
): readonly string[] {
  const written = versions.flatMap(({ policyId, document, cases }) => {
    const policyFile = join(folder, policyId, 'policy.json')
    mkdirSync(dirname(policyFile), { recursive: true })
    const files: [string, string][] = [[policyFile, `${JSON.stringify(document, undefined, 2)}\n`]]
    if (cases.length > 0) files.push([join(folder, policyId, 'cases.csv'), writeCases(document, cases)])
    return files.filter(([file, text]) => writeChanged(file, text)).map(([file]) => relative(folder, file))
  })
  const pulled = {
    ...readPulledFrom(folder),
    ...Object.fromEntries(versions.map(({ policyId, version, hash }) => [policyId, { version, hash }])),
  }
  writeChanged(join(folder, PULLED), `${JSON.stringify(pulled, undefined, 2)}\n`)
  return written
}

const PULLED = 'pulled.json'

function readFolderPolicy(folder: string, file: string): FolderPolicy {
  const path = join(folder, file)
  let input: unknown
  try {
    input = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`)
  }
  const { policy, findings } = parsePolicy(input)
  if (!policy) throw new UsageError(`${path} is no policy: ${findings.map(found => `${found.path} ${found.message.en}`).join('; ')}`)
  const casesFile = join(folder, dirname(file), 'cases.csv')
  if (!existsSync(casesFile)) return { file, document: policy, cases: undefined }
  const { cases, problems } = readCases(policy, readFileSync(casesFile, 'utf8'))
  if (problems.length > 0)
    throw new UsageError(
      `${casesFile}: ${problems.map(({ line, column, message }) => `line ${line}${column ? `, ${column}` : ''}: ${message.en}`).join(' ')}`,
    )
  return { file, document: policy, cases: cases.map(({ line: _, ...one }) => one) }
}

function readPulledFrom(folder: string): PulledFrom {
  const file = join(folder, PULLED)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PulledFrom) : {}
}

function writeChanged(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
  writeFileSync(file, text)
  return true
}
