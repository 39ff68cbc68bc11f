import { MAX_FINDINGS, type Finding } from './finding.ts'
import { pointer } from './pointer.ts'

/** How big a document may be. A 16,000-row table takes about 3 million characters. */
const MAX_DEPTH = 64
const MAX_CHARACTERS = 8_000_000
const MAX_VALUES = 1_000_000

interface Pending {
  readonly source: object
  readonly target: Record<string, unknown> | unknown[]
  readonly path: string
  readonly depth: number
}

/**
 * Copies outside data into plain JSON without running any of it: no getters, no prototypes, no cycles, nothing too deep
 * or too big. Written with a stack of its own, because a hostile document would overflow ours.
 */
export function plainJson(input: unknown): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  const stack: Pending[] = []
  let characters = 0
  let values = 0

  const report = (code: string, path: string, en: string, zh: string): undefined => {
    if (findings.length < MAX_FINDINGS) findings.push({ code, severity: 'error', path, message: { en, zh } })
    return undefined
  }
  const take = (value: unknown, path: string, depth: number): unknown => {
    values++
    switch (typeof value) {
      case 'string':
        characters += value.length
        return value.isWellFormed() ? value : report('INVALID_TEXT', path, 'The text holds half of a surrogate pair; remove the broken character.', '文本含有不完整的字符，请删除。')
      case 'number':
        return Number.isFinite(value) ? value : report('NOT_JSON', path, `${value} is not a JSON number; write a finite number or a string.`, `${value} 不是合法的 JSON 数字，请填写有限数值或字符串。`)
      case 'boolean':
        return value
      case 'object': {
        if (value === null) return null
        if (depth >= MAX_DEPTH) return report('TOO_DEEP', path, `The document nests deeper than ${MAX_DEPTH} levels (or contains itself); flatten it or name a shared condition.`, `文档嵌套超过 ${MAX_DEPTH} 层（或引用了自身），请展开或使用命名条件。`)
        const isArray = Array.isArray(value)
        const prototype: unknown = Object.getPrototypeOf(value)
        if (!isArray && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
          return report('NOT_JSON', path, 'Expected a plain JSON object, not an instance of a class.', '此处应为普通 JSON 对象，而不是类的实例。')
        }
        const target: Record<string, unknown> | unknown[] = isArray ? [] : {}
        stack.push({ source: value, target, path, depth })
        return target
      }
      default:
        return report('NOT_JSON', path, `A ${typeof value} is not JSON.`, `${typeof value} 不是 JSON 数据。`)
    }
  }

  const root = take(input, '', 0)
  while (stack.length > 0) {
    const { source, target, path, depth } = stack.pop()!
    for (const key of Object.keys(source)) {
      const place = pointer(path, key)
      if (values > MAX_VALUES || characters > MAX_CHARACTERS) {
        report('TOO_LARGE', '', `The document is larger than ${MAX_CHARACTERS / 1e6} million characters or ${MAX_VALUES / 1e6} million values; split the policy or move data out of it.`, `文档超过 ${MAX_CHARACTERS / 1e4} 万字符或 ${MAX_VALUES / 1e4} 万个值，请拆分策略或把数据移出文档。`)
        return { value: undefined, findings }
      }
      if (key === '__proto__') {
        report('FORBIDDEN_KEY', place, 'The key "__proto__" is not allowed; choose another name.', '不允许使用键名“__proto__”，请改名。')
        continue
      }
      const property = Object.getOwnPropertyDescriptor(source, key)
      if (!property || !('value' in property)) {
        report('NOT_JSON', place, `"${key}" is computed by code; a document holds data only.`, `“${key}”由代码计算得出；文档只能包含数据。`)
        continue
      }
      if (property.value === undefined) continue
      characters += key.length
      const value = take(property.value, place, depth + 1)
      if (Array.isArray(target)) target.push(value)
      else target[key] = value
    }
  }
  return { value: findings.length > 0 ? undefined : root, findings }
}
