import type { z } from 'zod'
import { mayGenerate } from '../compile/generate.ts'
import type { Policy, Text } from './document.ts'
import { MAX_FINDINGS, type Finding } from './finding.ts'
import { plainJson } from './plain-json.ts'
import { pointer, resolvePointer } from './pointer.ts'
import { CONDITION_KEYS, policySchema } from './schema.ts'

export interface ParsedPolicy {
  /** Present when the document has the shape of a policy. */
  readonly policy?: Policy
  readonly findings: readonly Finding[]
}

/** Turns outside data into a policy document, or says everything that is wrong with its shape. */
export function parsePolicy(input: unknown): ParsedPolicy {
  const { value, findings } = plainJson(input)
  if (findings.length > 0) return { findings }
  const parsed = policySchema.safeParse(value, { jitless: !mayGenerate() })
  if (parsed.success) return { policy: value as Policy, findings: [] }
  return { findings: parsed.error.issues.flatMap(issue => findingsOf(issue, '', value)).slice(0, MAX_FINDINGS) }
}

type Issue = z.core.$ZodIssue

function findingsOf(issue: Issue, parent: string, document: unknown): Finding[] {
  const path = pointer(parent, ...issue.path.map(String))
  const found = resolvePointer(document, path)
  const finding = (code: string, en: string, zh: string, at = path): Finding => ({ code, severity: 'error', path: at, message: { en, zh } })
  const name = path.slice(path.lastIndexOf('/') + 1)
  switch (issue.code) {
    case 'invalid_union': {
      const branch = branchOf(issue, found)
      if (branch) return branch.flatMap(inner => findingsOf(inner, path, document))
      if ('discriminator' in issue && issue.discriminator) {
        return [
          finding(
            'UNKNOWN_KIND',
            'A step\'s "kind" is one of rules, table, scorecard, formula, decision.',
            '步骤的“kind”须为 rules、table、scorecard、formula、decision 之一。',
          ),
        ]
      }
      if (issue.errors.length === CONDITION_KEYS.length || issue.errors.length === CONDITION_KEYS.length - 1) {
        return [
          finding(
            'NOT_A_CONDITION',
            'A condition has one of the keys "all", "any", "not", "condition" or "fact"; the root of a rule is not a "fact".',
            '条件须含 “all”、“any”、“not”、“condition” 或 “fact” 之一；规则的根条件不能直接是 “fact”。',
          ),
        ]
      }
      return [finding('WRONG_TYPE', `${describe(found).en} does not fit here.`, `此处不能是${describe(found).zh}。`)]
    }
    case 'invalid_type':
      if (found === undefined)
        return [
          finding(
            'REQUIRED',
            `"${name}" is required: ${expected(issue.expected).en}.`,
            `缺少“${name}”：应为${expected(issue.expected).zh}。`,
          ),
        ]
      return [
        finding(
          'WRONG_TYPE',
          `Expected ${expected(issue.expected).en}, found ${describe(found).en}.`,
          `应为${expected(issue.expected).zh}，实际为${describe(found).zh}。`,
        ),
      ]
    case 'invalid_value': {
      const values = issue.values.map(value => JSON.stringify(value)).join(', ')
      if (found === undefined)
        return [finding('REQUIRED', `"${name}" is required: one of ${values}.`, `缺少“${name}”：须为 ${values} 之一。`)]
      return [finding('NOT_ALLOWED', `Expected one of ${values}, found ${short(found)}.`, `须为 ${values} 之一，实际为 ${short(found)}。`)]
    }
    case 'unrecognized_keys':
      return issue.keys.map(key =>
        finding(
          'UNKNOWN_KEY',
          `"${short(key, false)}" is not a key that is known here.`,
          `此处不认识键“${short(key, false)}”。`,
          pointer(path, key),
        ),
      )
    case 'too_small':
      return [
        finding(
          'TOO_SMALL',
          `Must be at least ${issue.minimum}${issue.origin === 'number' || issue.origin === 'int' ? '' : ' long'}.`,
          `不得小于 ${issue.minimum}${issue.origin === 'number' || issue.origin === 'int' ? '' : ' 个'}。`,
        ),
      ]
    case 'too_big':
      return [
        finding(
          'TOO_BIG',
          `Must be at most ${issue.maximum}${issue.origin === 'number' || issue.origin === 'int' ? '' : ' long'}.`,
          `不得大于 ${issue.maximum}${issue.origin === 'number' || issue.origin === 'int' ? '' : ' 个'}。`,
        ),
      ]
    case 'custom':
      return [finding('REQUIRED', `"${name}" is required.`, `缺少“${name}”。`)]
    case 'invalid_key':
      return [finding('TOO_SMALL', 'A name has 1 to 200 characters.', '名称应为 1 至 200 个字符。')]
    default:
      return [finding('INVALID', `${short(found)} is not valid here (${issue.message}).`, `${short(found)} 在此处无效。`)]
  }
}

/** A union fails in every branch; the one that the author meant is told by the key that is there. */
function branchOf(issue: Extract<Issue, { code: 'invalid_union' }>, found: unknown): readonly Issue[] | undefined {
  if (issue.errors.length < CONDITION_KEYS.length - 1 || found === null || typeof found !== 'object') return undefined
  const isRoot = issue.errors.length < CONDITION_KEYS.length
  const key = CONDITION_KEYS.find(candidate => Object.hasOwn(found, candidate))
  if (key === undefined || (isRoot && key === 'fact')) return undefined
  return issue.errors[key === 'fact' ? 0 : CONDITION_KEYS.indexOf(key) + (isRoot ? 0 : 1)]
}

const EXPECTED: Readonly<Record<string, Text>> = {
  string: { en: 'text', zh: '文本' },
  number: { en: 'a number', zh: '数值' },
  int: { en: 'a whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  object: { en: 'an object', zh: '对象' },
  record: { en: 'an object', zh: '对象' },
  array: { en: 'a list', zh: '列表' },
}
const expected = (type: string): Text => EXPECTED[type] ?? { en: type, zh: type }

function describe(value: unknown): Text {
  if (value === null) return { en: 'null', zh: 'null' }
  if (Array.isArray(value)) return { en: 'a list', zh: '列表' }
  if (typeof value === 'object') return { en: 'an object', zh: '对象' }
  return { en: short(value), zh: short(value) }
}

function short(value: unknown, quoted = true): string {
  const text = quoted ? (JSON.stringify(value) ?? 'undefined') : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
