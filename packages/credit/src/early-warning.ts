import type { CompiledPolicy, Decision, Facts, Text } from '@surety/engine'
import type { CustomerBook } from './book.ts'
import { computeFactsOf, toEngineFacts } from './facts/compute.ts'
import type { FactKey } from './facts/dictionary.ts'
import type { FactValue, MissingReason } from './facts/fact.ts'
import { currencyOf } from './policy-currency.ts'

export const ALERT_SEVERITIES = ['warn', 'critical'] as const
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number]

/** An indicator that has reached its threshold, as the policy's event says it. */
export interface Warning {
  readonly indicator: string
  readonly severity: AlertSeverity
  readonly fact?: string
  readonly value?: unknown
  readonly threshold?: number
  /** The alert stands until the figure is back here. */
  readonly clearAt?: number
  /** After it closed, so many days pass before the same severity is told again. */
  readonly coolDownDays: number
  readonly reasonCode: string
  readonly message: Text
}

export interface Warnings {
  readonly facts: Facts
  readonly decision: Decision
  /** One an indicator, the gravest. */
  readonly warnings: readonly Warning[]
  /** Facts that have no value because there is nothing to watch any more: nothing open, no limit, no credit. */
  readonly goneFacts: ReadonlySet<string>
}

const GONE: readonly MissingReason[] = ['NOTHING_OPEN', 'NO_CREDIT', 'UNLIMITED', 'LIMIT_NOT_SET']

/** Asks the early-warning policy about a customer on a day. */
export function warningsOf(book: CustomerBook, asOf: string, policy: CompiledPolicy): Warnings {
  const wanted = Object.keys(policy.policy.facts) as FactKey[]
  const values = computeFactsOf(wanted, { ...book, currency: currencyOf(policy) ?? book.currency }, asOf)
  const known = toEngineFacts(values)
  const facts: Facts = Object.fromEntries(wanted.flatMap(key => (key in known ? [[key, known[key]]] : [])))
  const decision = policy.decide(facts, { trace: true })
  const found = new Map<string, Warning>()
  for (const { rule, type, params } of decision.events) {
    const warning = toWarning(rule ?? type, params ?? {}, facts, decision)
    if (!warning) continue
    const other = found.get(warning.indicator)
    if (!other || (other.severity === 'warn' && warning.severity === 'critical')) found.set(warning.indicator, warning)
  }
  return { facts, decision, warnings: [...found.values()], goneFacts: new Set(wanted.filter(key => isGone(values[key]))) }
}

/** Whether a figure has come back so far that its alert ends: past `clearAt`, seen from the threshold; without one, it ends when nothing warns any more. */
export function isCleared(value: unknown, threshold: number | undefined, clearAt: number | undefined): boolean {
  const number = typeof value === 'string' ? Number(value) : value
  if (threshold === undefined || clearAt === undefined || threshold === clearAt || typeof number !== 'number' || Number.isNaN(number))
    return true
  return clearAt < threshold ? number <= clearAt : number >= clearAt
}

function isGone(value: FactValue | undefined): boolean {
  return value?.kind === 'missing' && GONE.includes(value.reason)
}

function toWarning(rule: string, params: Readonly<Record<string, unknown>>, facts: Facts, decision: Decision): Warning | undefined {
  const { indicator, severity, indicatorFact, threshold, clearAt, coolDownDays } = params
  if (typeof indicator !== 'string' || (severity !== 'warn' && severity !== 'critical')) return undefined
  const code = (params['reason'] as { code?: string } | undefined)?.code ?? rule
  const reason = decision.reasons.find(one => one.code === code)
  return {
    indicator,
    severity,
    ...(typeof indicatorFact === 'string' && { fact: indicatorFact, value: facts[indicatorFact] }),
    ...(typeof threshold === 'number' && { threshold }),
    ...(typeof clearAt === 'number' && { clearAt }),
    coolDownDays: typeof coolDownDays === 'number' ? coolDownDays : 0,
    reasonCode: code,
    message: reason?.text ?? { en: indicator, zh: indicator },
  }
}
