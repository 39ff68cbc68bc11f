import type { Policy, Value } from '../policy/document.ts'

/** Constants that a policy holds values against: where outcomes can change. */
export interface Thresholds {
  readonly numbers: readonly number[]
  readonly texts: readonly string[]
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const NUMBER_IN_TEXT = /(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])/g
const TEXT_IN_TEXT = /"([^"\\]*)"/g

/**
 * Collects the constants of all steps, from conditions, cells, bins and expressions alike. More than can matter is
 * harmless: what is found from them is tried on the policy itself.
 */
export function collectThresholds(policy: Policy): Thresholds {
  const numbers = new Set<number>()
  const texts = new Set<string>()
  const take = (value: Value | undefined): void => {
    if (typeof value === 'number') numbers.add(value)
    else if (typeof value === 'string') takeText(value)
    else if (Array.isArray(value)) for (const item of value) take(item as Value)
    else if (value !== null && typeof value === 'object') for (const item of Object.values(value)) take(item)
  }
  const takeText = (text: string): void => {
    texts.add(text)
    if (DATE.test(text)) return
    for (const [match] of text.matchAll(NUMBER_IN_TEXT)) numbers.add(Number(match))
    for (const [, quoted] of text.matchAll(TEXT_IN_TEXT)) texts.add(quoted!)
  }
  for (const step of policy.steps) {
    switch (step.kind) {
      case 'rules':
        for (const rule of step.rules) take(rule.conditions as unknown as Value)
        break
      case 'table':
        for (const row of step.rows) take(row.when)
        break
      case 'scorecard':
        for (const characteristic of step.characteristics) {
          take(characteristic.expression)
          for (const bin of characteristic.bins) take([bin.from ?? null, bin.to ?? null, ...(bin.values ?? [])])
        }
        break
      case 'formula':
        for (const { expression } of step.expressions) take(expression)
        break
      case 'decision':
        break
    }
  }
  take(Object.values(policy.conditions ?? {}) as unknown as Value)
  for (const list of Object.values(policy.lists ?? {})) take(list.values)
  return { numbers: [...numbers].sort((a, b) => a - b), texts: [...texts] }
}
