import type { CompiledPolicy, Condition, Decision, Facts, Policy, Text } from '@surety/engine'
import { AGEING_BUCKETS, type AgeingBucket } from './ageing.ts'
import { emptyBook } from './book.ts'
import { computeFactsOf, toEngineFacts } from './facts/compute.ts'
import type { FactKey } from './facts/dictionary.ts'
import type { PortfolioOccasion } from './facts/occasion.ts'
import { GRADES } from './grades.ts'
import { Decimal } from './money.ts'

/** A cap on the portfolio as the policy states it: what is measured, and the number above which it is exceeded. */
export interface AppetiteCap {
  /** What the policy calls it when it is exceeded. */
  readonly id: string
  readonly title: Text
  readonly unit: 'money' | 'percent'
  /** The fact that is measured, without `Before` or `After`. */
  readonly measure: string
  readonly cap: string
}

export interface AppetiteLine extends AppetiteCap {
  /** Null where it can't be measured. */
  readonly before: string | null
  readonly after: string | null
  /** Where it is afterwards; a change that moves away from a cap is no breach, exceeded as the cap may be. */
  readonly state: 'within' | 'near' | 'exceeded'
}

/** What the company's appetite says of a change: approve, refer to a higher level, or decline; and each cap, before → after. */
export interface Appetite {
  readonly currency: string
  readonly lines: readonly AppetiteLine[]
  readonly breaches: readonly string[]
  readonly facts: Facts
  readonly decision: Decision
}

/** Holds a portfolio, before and after a change, against the appetite policy. */
export function appetiteOf(policy: CompiledPolicy, portfolio: PortfolioOccasion, asOf: string): Appetite {
  const { currency } = portfolio.before.exposure
  const wanted = Object.keys(policy.policy.facts) as FactKey[]
  const book = emptyBook({ id: '', name: '', country: '', segment: '' }, currency)
  const known = toEngineFacts(computeFactsOf(wanted, book, asOf, { portfolio }))
  const facts: Facts = Object.fromEntries(wanted.filter(key => Object.hasOwn(known, key)).map(key => [key, known[key]]))
  const decision = policy.decide(facts, { trace: true })
  const breaches = namesIn(decision.outputs['breaches'])
  const near = namesIn(decision.outputs['nearCaps'])
  const valueOf = (key: string): string | null =>
    typeof facts[key] === 'string' || typeof facts[key] === 'number' ? String(facts[key]) : null
  return {
    currency,
    lines: appetiteCaps(policy.policy).map(cap => {
      const after = valueOf(`${cap.measure}After`)
      const isExceeded = breaches.includes(cap.id) || (after !== null && new Decimal(after).gt(cap.cap))
      return {
        ...cap,
        before: valueOf(`${cap.measure}Before`),
        after,
        state: isExceeded ? 'exceeded' : near.includes(cap.id) ? 'near' : 'within',
      }
    }),
    breaches,
    facts,
    decision,
  }
}

/** The caps of a policy: its rules that name a breach when something afterwards is more than a number. */
export function appetiteCaps(policy: Policy): AppetiteCap[] {
  return policy.steps.flatMap(step =>
    step.kind !== 'rules'
      ? []
      : step.rules.flatMap((rule): AppetiteCap[] => {
          const id = rule.event.params?.set?.['breaches']
          const bound = leavesOf(rule.conditions).find(
            ({ fact, operator, value }) =>
              fact.endsWith('After') && operator.startsWith('greaterThan') && (typeof value === 'number' || typeof value === 'string'),
          )
          if (typeof id !== 'string' || !bound || rule.enabled === false) return []
          const unit = policy.facts[bound.fact]?.type === 'money' ? 'money' : 'percent'
          return [
            { id, title: rule.title ?? { en: id, zh: id }, unit, measure: bound.fact.slice(0, -'After'.length), cap: String(bound.value) },
          ]
        }),
  )
}

/** Shares of what is open that are expected to be lost, by grade (`null`: none) and age. */
export type LossRates = (grade: string | null, bucket: AgeingBucket) => Decimal | undefined

/** What the provision policy expects to lose, asked once for each grade and age. */
export function lossRates(policy: CompiledPolicy): LossRates {
  const rates = new Map<string, Decimal>()
  for (const grade of [...GRADES, null]) {
    for (const bucket of AGEING_BUCKETS) {
      const amounts = Object.fromEntries(AGEING_BUCKETS.map(each => [AMOUNT_OF_BUCKET[each], each === bucket ? PROBE : '0.00']))
      const { outputs } = policy.decide({ grade, isInsolvent: false, openAmount: PROBE, securedAmount: '0.00', ...amounts })
      const provision = outputs['provision']
      if (typeof provision === 'string' || typeof provision === 'number') rates.set(`${grade} ${bucket}`, new Decimal(provision).div(PROBE))
    }
  }
  return (grade, bucket) => rates.get(`${grade !== null && (GRADES as readonly string[]).includes(grade) ? grade : null} ${bucket}`)
}

// Large, so that the policy's rounding to cents takes nothing from the rate.
const PROBE = '1000000.00'

const AMOUNT_OF_BUCKET: Readonly<Record<AgeingBucket, FactKey>> = {
  'not-due': 'notDueAmount',
  '1-30': 'overdue1To30Amount',
  '31-60': 'overdue31To60Amount',
  '61-90': 'overdue61To90Amount',
  'over-90': 'overdueOver90Amount',
}

interface Leaf {
  readonly fact: string
  readonly operator: string
  readonly value: unknown
}

function leavesOf(condition: Condition): Leaf[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf)
  if ('any' in condition) return condition.any.flatMap(leavesOf)
  return 'fact' in condition ? [condition] : []
}

function namesIn(output: unknown): string[] {
  return Array.isArray(output) ? output.filter(name => typeof name === 'string') : []
}
