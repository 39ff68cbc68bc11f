import { MAX_FINDINGS, type Finding } from './finding.ts'
import { pointer } from './pointer.ts'

/** How big a document may be. A 16,000-row table takes about 3 million characters. */
const MAX_DEPTH = 64
const MAX_CHARACTERS = 8_000_000
const MAX_VALUES = 1_000_000

/** A place in the document; its pointer is only written out when there is something to say about it. */
interface Place {
  readonly parent: Place | undefined
  readonly key: string
  readonly depth: number
}

interface Pending {
  readonly source: object
  readonly target: Record<string, unknown> | unknown[]
  readonly place: Place
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

  const report = (code: string, place: Place, en: string, zh: string): undefined => {
    if (findings.length < MAX_FINDINGS) findings.push({ code, severity: 'error', path: pathOf(place), message: { en, zh } })
    return undefined
  }
  const take = (value: unknown, place: Place): unknown => {
    values++
    switch (typeof value) {
      case 'string':
        characters += value.length
        return value.isWellFormed()
          ? value
          : report(
              'INVALID_TEXT',
              place,
              'The text holds half of a surrogate pair; remove the broken character.',
              '文本含有不完整的字符，请删除。',
            )
      case 'number':
        return Number.isFinite(value)
          ? value
          : report(
              'NOT_JSON',
              place,
              `${value} is not a JSON number; write a finite number or a string.`,
              `${value} 不是合法的 JSON 数字，请填写有限数值或字符串。`,
            )
      case 'boolean':
        return value
      case 'object': {
        if (value === null) return null
        if (place.depth >= MAX_DEPTH)
          return report(
            'TOO_DEEP',
            place,
            `The document nests deeper than ${MAX_DEPTH} levels (or contains itself); flatten it or name a shared condition.`,
            `文档嵌套超过 ${MAX_DEPTH} 层（或引用了自身），请展开或使用命名条件。`,
          )
        const isArray = Array.isArray(value)
        const prototype: unknown = Object.getPrototypeOf(value)
        if (!isArray && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
          return report(
            'NOT_JSON',
            place,
            'Expected a plain JSON object, not an instance of a class.',
            '此处应为普通 JSON 对象，而不是类的实例。',
          )
        }
        if (isArray && value.length > MAX_VALUES) {
          values += value.length
          return undefined
        }
        const target: Record<string, unknown> | unknown[] = isArray ? [] : {}
        stack.push({ source: value, target, place })
        return target
      }
      default:
        return report('NOT_JSON', place, `A ${typeof value} is not JSON.`, `${typeof value} 不是 JSON 数据。`)
    }
  }

  const root: Place = { parent: undefined, key: '', depth: 0 }
  const value = take(input, root)
  const isTooLarge = (): boolean => values > MAX_VALUES || characters > MAX_CHARACTERS
  while (stack.length > 0 && !isTooLarge()) {
    const { source, target, place } = stack.pop()!
    for (const key of Object.keys(source)) {
      if (isTooLarge()) break
      const below: Place = { parent: place, key, depth: place.depth + 1 }
      if (key === '__proto__') {
        report('FORBIDDEN_KEY', below, 'The key "__proto__" is not allowed; choose another name.', '不允许使用键名“__proto__”，请改名。')
        continue
      }
      const property = Object.getOwnPropertyDescriptor(source, key)
      if (!property || !('value' in property)) {
        report('NOT_JSON', below, `"${key}" is computed by code; a document holds data only.`, `“${key}”由代码计算得出；文档只能包含数据。`)
        continue
      }
      if (property.value === undefined) continue
      characters += key.length
      const inner = take(property.value, below)
      if (Array.isArray(target)) target.push(inner)
      else target[key] = inner
    }
  }
  if (isTooLarge())
    report(
      'TOO_LARGE',
      root,
      `The document is larger than ${MAX_CHARACTERS / 1e6} million characters or ${MAX_VALUES / 1e6} million values; split the policy or move data out of it.`,
      `文档超过 ${MAX_CHARACTERS / 1e4} 万字符或 ${MAX_VALUES / 1e4} 万个值，请拆分策略或把数据移出文档。`,
    )
  return { value: findings.length > 0 ? undefined : value, findings }
}

function pathOf(place: Place): string {
  const keys: string[] = []
  for (let at: Place | undefined = place; at?.parent; at = at.parent) keys.push(at.key)
  return pointer('', ...keys.reverse())
}
