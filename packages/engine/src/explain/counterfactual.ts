import type { CompiledPolicy } from '../compile/policy.ts'
import { canonicalDecimal, minorUnits } from '../money.ts'
import { daysOf, isIsoDate } from '../operators/typing.ts'
import type { FactDefinition, Facts, Outcome, Text, Value } from '../policy/document.ts'
import { isNumericType } from '../scope.ts'
import { showValue } from './reason.ts'
import { collectThresholds, type Thresholds } from './thresholds.ts'

/** A change of one fact that would have changed the outcome. */
export interface Counterfactual {
  readonly fact: string
  /** Null when the fact was missing. */
  readonly from: Value
  readonly to: Value
  readonly outcome: Outcome
  /** How far away, relative to the size of the value; choices and missing facts count as 1. */
  readonly distance: number
  readonly text: Text
}

export interface CounterfactualOptions {
  /** The outcome that is wished for; any other than the present one when absent. */
  readonly outcome?: Outcome
  /** Facts that could change at all; all of them when absent. */
  readonly facts?: readonly string[]
}

/**
 * The nearest change of each fact by itself that flips the outcome, nearest first. Candidates come from the constants of
 * the policy and, for numbers that reach the outcome through formulas, from a search by halves; every one is decided.
 */
export function counterfactuals(policy: CompiledPolicy, facts: Facts, options: CounterfactualOptions = {}): readonly Counterfactual[] {
  const present = policy.decide(facts).outcome
  const thresholds = collectThresholds(policy.policy)
  const found: Counterfactual[] = []
  for (const [name, definition] of Object.entries(policy.policy.facts)) {
    if (options.facts && !options.facts.includes(name)) continue
    const search = new Search(policy, facts, name, definition, outcome =>
      options.outcome === undefined ? outcome !== present : outcome === options.outcome && outcome !== present,
    )
    const nearest = search.nearest(thresholds)
    if (nearest) found.push(nearest)
  }
  return found.sort((a, b) => a.distance - b.distance)
}

class Search {
  readonly #policy: CompiledPolicy
  readonly #facts: Facts
  readonly #name: string
  readonly #definition: FactDefinition
  readonly #isWished: (outcome: Outcome) => boolean
  readonly #from: Value

  constructor(policy: CompiledPolicy, facts: Facts, name: string, definition: FactDefinition, isWished: (outcome: Outcome) => boolean) {
    this.#policy = policy
    this.#facts = facts
    this.#name = name
    this.#definition = definition
    this.#isWished = isWished
    this.#from = (Object.hasOwn(facts, name) ? (facts[name] as Value | undefined) : undefined) ?? null
  }

  nearest(thresholds: Thresholds): Counterfactual | undefined {
    const { type } = this.#definition
    if (isNumericType(type) || type === 'date') return this.#nearestNumber(thresholds)
    const candidates = this.#choices(thresholds)
    for (const to of candidates) {
      const outcome = this.#try(to)
      if (outcome) return this.#found(to, outcome, 1)
    }
    return undefined
  }

  #choices(thresholds: Thresholds): readonly Value[] {
    switch (this.#definition.type) {
      case 'boolean':
        return [true, false].filter(value => value !== this.#from)
      case 'enum':
        return (this.#definition.values ?? [])
          .map(value => (typeof value === 'string' ? value : value.value))
          .filter(value => value !== this.#from)
      case 'string':
        return thresholds.texts.filter(value => value !== this.#from)
      default:
        return []
    }
  }

  #nearestNumber(thresholds: Thresholds): Counterfactual | undefined {
    const start = this.#number(this.#from)
    const candidates = this.#numbers(start, thresholds)
    const size = Math.max(Math.abs(start ?? 0), this.#definition.type === 'date' ? 365 : 1)
    let best: { readonly number: number; readonly outcome: Outcome; readonly distance: number } | undefined
    const sides =
      start === undefined
        ? [candidates]
        : [candidates.filter(number => number < start).reverse(), candidates.filter(number => number > start)]
    for (const side of sides) {
      let unchanged = start
      for (const number of side) {
        const outcome = this.#try(this.#value(number))
        if (!outcome) {
          unchanged = number
          continue
        }
        const nearest = start === undefined || unchanged === undefined ? number : this.#halve(unchanged, number)
        const distance = start === undefined ? 1 : Math.abs(nearest - start) / size
        if (!best || distance < best.distance) best = { number: nearest, outcome: this.#try(this.#value(nearest)) ?? outcome, distance }
        break
      }
    }
    return best && this.#found(this.#value(best.number), best.outcome, best.distance)
  }

  /** Values at which something may change, and beyond them steps away from the present value. */
  #numbers(start: number | undefined, { numbers, texts }: Thresholds): readonly number[] {
    const step = this.#step
    const own = this.#definition.type === 'date' ? texts.filter(isIsoDate).map(daysOf) : [...numbers, ...this.#otherFacts()]
    const around = own.flatMap(number => [number - step, number, number + step])
    const away =
      start === undefined
        ? []
        : this.#definition.type === 'date'
          ? [1, 7, 30, 90, 365, 730, 3650].flatMap(days => [start - days, start + days])
          : [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100].flatMap(share => [
              start * (1 - share),
              start * (1 + share),
              start - share * 100,
              start + share * 100,
            ])
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = this.#definition
    const rounded = [...around, ...away, ...[min, max].filter(Number.isFinite)].map(number => this.#round(number))
    return [...new Set(rounded)].filter(number => number >= min && number <= max && number !== start).sort((a, b) => a - b)
  }

  #otherFacts(): number[] {
    return Object.entries(this.#policy.policy.facts).flatMap(([name, { type }]) => {
      const number = isNumericType(type) && name !== this.#name ? this.#number((this.#facts[name] as Value | undefined) ?? null) : undefined
      return number === undefined ? [] : [number]
    })
  }

  /** Between a value that changes nothing and one that does: the last place where the outcome still flips. */
  #halve(unchanged: number, changed: number): number {
    let low = unchanged
    let high = changed
    const step = this.#step
    for (let round = 0; round < 60 && Math.abs(high - low) > step * 1.5; round++) {
      const middle = this.#round((low + high) / 2)
      if (middle === low || middle === high) break
      if (this.#try(this.#value(middle))) high = middle
      else low = middle
    }
    return high
  }

  get #step(): number {
    switch (this.#definition.type) {
      case 'integer':
      case 'date':
        return 1
      case 'money':
        return 10 ** -minorUnits(this.#definition.currency)
      default:
        return 0.01
    }
  }

  #round(number: number): number {
    const step = this.#step
    return step >= 1 ? Math.round(number) : Number((Math.round(number / step) * step).toFixed(4))
  }

  #number(value: Value): number | undefined {
    if (value === null) return undefined
    if (this.#definition.type === 'date') return typeof value === 'string' ? daysOf(value) : undefined
    const amount = typeof value === 'object' && !Array.isArray(value) ? (value as { amount?: Value }).amount : value
    const number = Number(amount)
    return Number.isFinite(number) ? number : undefined
  }

  #value(number: number): Value {
    if (this.#definition.type === 'date') return new Date(number * 86_400_000).toISOString().slice(0, 10)
    return this.#definition.type === 'money' ? canonicalDecimal(number) : number
  }

  #try(value: Value): Outcome | undefined {
    try {
      const { outcome } = this.#policy.decide({ ...this.#facts, [this.#name]: value })
      return this.#isWished(outcome) ? outcome : undefined
    } catch (error) {
      // A value that no formula was made for is no way out.
      if ((error as { code?: string }).code === 'OUTPUT_TYPE') return undefined
      throw error
    }
  }

  #found(to: Value, outcome: Outcome, distance: number): Counterfactual {
    const definition = this.#definition
    const from = this.#from
    const label = { en: definition.label?.en ?? this.#name, zh: definition.label?.zh ?? this.#name }
    const unit = definition.unit === undefined ? '' : ` ${definition.unit}`
    const before = {
      en: from === null ? 'unknown' : showValue(from, definition, 'en') + unit,
      zh: from === null ? '未知' : showValue(from, definition, 'zh') + unit,
    }
    return {
      fact: this.#name,
      from,
      to,
      outcome,
      distance,
      text: {
        en: `With ${label.en} at ${showValue(to, definition, 'en')}${unit} (now ${before.en}), the outcome would be ${OUTCOME_WORDS[outcome].en}.`,
        zh: `若${label.zh}为 ${showValue(to, definition, 'zh')}${unit}（现为 ${before.zh}），结果将为${OUTCOME_WORDS[outcome].zh}。`,
      },
    }
  }
}

const OUTCOME_WORDS: Readonly<Record<Outcome, Text>> = {
  approve: { en: 'approve', zh: '通过' },
  refer: { en: 'refer', zh: '转人工' },
  decline: { en: 'decline', zh: '拒绝' },
}
