import type { CompiledPolicy, Reason } from '@surety/engine'
import type { CustomerBook } from './book.ts'
import { computeFactsOf, toEngineFacts } from './facts/compute.ts'
import type { FactKey } from './facts/dictionary.ts'
import { Decimal, roundAmount, roundMoney, type Money } from './money.ts'
import { openItems } from './open-items.ts'
import { currencyOf } from './policy-currency.ts'

/** Interest on a late amount: outstanding × rate (% a year) / 100 / 365 × days, rounded to the minor unit. */
export function lateInterest(outstanding: Money, ratePercent: number, daysLate: number): Money {
  const amount = new Decimal(outstanding.amount).times(ratePercent).times(daysLate).div(36_500)
  return roundMoney({ amount: amount.toFixed(), currency: outstanding.currency })
}

export const DUNNING_ACTIONS = ['none', 'wait', 'courtesy', 'remind', 'final'] as const
export type DunningAction = (typeof DUNNING_ACTIONS)[number]

/** What the policy says of one open invoice on a day. */
export interface DunningLine {
  readonly documentId: string
  readonly currency: string
  /** In the currency of the invoice. */
  readonly openAmount: string
  readonly dueDate: string
  /** Negative before the due date. */
  readonly daysPastDue: number
  readonly level: number
  readonly action: DunningAction
  readonly nextLevel: number
  readonly channel: string | null
  readonly fee: string
  readonly interestRate: number
  /** Of the time since the due date, at the rate of the level; in the currency of the invoice. */
  readonly interest: string
  readonly blocksCredit: boolean
  readonly reasons: readonly Reason[]
  /** The policy sends it to a person. */
  readonly needsPerson: boolean
}

/** One letter: what one customer is told in one currency on one day. */
export interface DunningLetter {
  readonly kind: 'courtesy' | 'remind' | 'final'
  /** The highest of its items. */
  readonly level: number
  readonly channel: string
  readonly currency: string
  readonly lines: readonly DunningLine[]
  readonly total: string
  /** Charged when the case reaches the level for the first time. */
  readonly fee: string
  readonly interest: string
}

export interface DunningPlan {
  readonly asOf: string
  readonly lines: readonly DunningLine[]
  readonly letters: readonly DunningLetter[]
}

/**
 * What to send to a customer on a day: the policy is asked about every open invoice by itself, and those of one currency
 * that are to be reminded of go into one letter. An invoice that had its courtesy note gets no second one.
 */
export function planDunning(
  book: CustomerBook,
  asOf: string,
  policy: CompiledPolicy,
  hadCourtesy: ReadonlySet<string> = new Set(),
): DunningPlan {
  const wanted = Object.keys(policy.policy.facts) as FactKey[]
  const inPolicyCurrency = { ...book, currency: currencyOf(policy) ?? book.currency }
  const lines = openItems(book, asOf).map(({ document, openAmount, daysPastDue }): DunningLine => {
    const item = { documentId: document.id }
    const facts = toEngineFacts(computeFactsOf(wanted, inPolicyCurrency, asOf, { item }))
    const { outputs, outcome, reasons } = policy.decide(
      Object.fromEntries(wanted.flatMap(key => (key in facts ? [[key, facts[key]]] : []))),
    )
    const asked = DUNNING_ACTIONS.find(action => action === outputs['action']) ?? 'none'
    const action = asked === 'courtesy' && hadCourtesy.has(document.id) ? 'none' : asked
    const rate = Number(outputs['interestRate'] ?? 0)
    const outstanding = { amount: openAmount, currency: document.currency }
    return {
      documentId: document.id,
      currency: document.currency,
      openAmount: roundAmount(new Decimal(openAmount), document.currency),
      dueDate: document.dueDate,
      daysPastDue,
      level: Number(facts['itemDunningLevel'] ?? 0),
      action,
      nextLevel: Number(outputs['nextLevel'] ?? 0),
      channel: typeof outputs['channel'] === 'string' ? outputs['channel'] : null,
      fee: typeof outputs['feeAmount'] === 'string' ? outputs['feeAmount'] : '0.00',
      interestRate: rate,
      interest: daysPastDue > 0 ? lateInterest(outstanding, rate, daysPastDue).amount : '0.00',
      blocksCredit: outputs['blocksCredit'] === true,
      reasons,
      needsPerson: outcome !== 'approve',
    }
  })
  return { asOf, lines, letters: lettersOf(lines) }
}

function lettersOf(lines: readonly DunningLine[]): DunningLetter[] {
  const groups = Map.groupBy(
    lines.filter(({ action, needsPerson }) => !needsPerson && (action === 'courtesy' || action === 'remind' || action === 'final')),
    ({ action, currency }) => `${currency} ${action === 'courtesy' ? 'courtesy' : 'reminder'}`,
  )
  return [...groups.entries()]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, own]) => {
      const [first] = own as [DunningLine, ...DunningLine[]]
      const level = Math.max(...own.map(({ nextLevel }) => nextLevel))
      const highest = own.filter(({ nextLevel }) => nextLevel === level)
      const sum = (of: (line: DunningLine) => string): string =>
        roundAmount(
          own.reduce((total, line) => total.plus(of(line)), new Decimal(0)),
          first.currency,
        )
      return {
        kind: first.action === 'courtesy' ? 'courtesy' : own.some(({ action }) => action === 'final') ? 'final' : 'remind',
        level,
        channel: highest[0]!.channel ?? 'email',
        currency: first.currency,
        lines: own,
        total: sum(({ openAmount }) => openAmount),
        fee: roundAmount(
          highest.reduce((most, { fee }) => Decimal.max(most, fee), new Decimal(0)),
          first.currency,
        ),
        interest: sum(({ interest }) => interest),
      }
    })
}
