import type { InstrumentEffect, InstrumentType } from './book.ts'
import { addMoney, compareMoney, Decimal, minMoney, roundMoney, subtractMoney, sumMoney, type Money } from './money.ts'

/** How much credit is given. Zero never means unlimited; "not decided" is `undefined`, which is neither. */
export type Limit = { readonly kind: 'none' } | { readonly kind: 'amount'; readonly amount: Money } | { readonly kind: 'unlimited' }

export interface TemporaryLimit {
  readonly limit: Limit
  /** First and last day on which it is in force. */
  readonly from: string
  readonly until: string
}

/** The temporary limit on its days, the standing one on all others. */
export function limitInForce(standing: Limit | undefined, temporary: TemporaryLimit | undefined, asOf: string): Limit | undefined {
  return temporary && temporary.from <= asOf && asOf <= temporary.until ? temporary.limit : standing
}

/**
 * The limit that counts for a member of a credit group: the lower one. A customer without a decision of
 * its own takes the group's; one that is unlimited stays so.
 */
export function effectiveLimit(own: Limit | undefined, group: Limit | undefined): Limit | undefined {
  if (own === undefined) return group
  if (group === undefined || own.kind === 'unlimited' || own.kind === 'none' || group.kind === 'unlimited') return own
  if (group.kind === 'none') return group
  return { kind: 'amount', amount: minMoney(own.amount, group.amount) }
}

export interface Instrument {
  readonly type: InstrumentType
  readonly effect: InstrumentEffect
  readonly value: Money
  /** Points: 50 is 50 %. */
  readonly percentage: number
  readonly cap?: Money
  readonly effectiveFrom: string
  /** The last day on which it counts. */
  readonly expiresOn?: string
}

/** What an instrument counts for on a day: value × percentage, at most its cap, nothing outside its dates. */
export function instrumentValue({ value, percentage, cap, effectiveFrom, expiresOn }: Instrument, asOf: string): Money {
  if (asOf < effectiveFrom || (expiresOn !== undefined && asOf > expiresOn)) return { amount: '0', currency: value.currency }
  const counted = roundMoney({ amount: new Decimal(value.amount).times(percentage).div(100).toFixed(), currency: value.currency })
  return cap ? minMoney(counted, cap) : counted
}

export interface Position {
  readonly limit: Limit
  readonly exposure: Money
  readonly instruments: readonly Instrument[]
  readonly asOf: string
}

export interface Availability {
  /** Raises the limit. */
  readonly raising: Money
  /** Takes exposure off the limit; never more than there is, or it would raise the limit as well. */
  readonly reducing: Money
  readonly countedExposure: Money
  /** Limit and what raises it; absent when unlimited. */
  readonly capacity?: Money
  /** Negative when over the limit; absent when unlimited. */
  readonly available?: Money
  /** Counted exposure ÷ capacity in %; absent when unlimited or when there is no capacity. */
  readonly utilisation?: number
}

/** available = limit + instruments that raise it − (exposure − instruments that reduce it). */
export function availability({ limit, exposure, instruments, asOf }: Position): Availability {
  const { currency } = exposure
  const zero: Money = { amount: '0', currency }
  const total = (effect: InstrumentEffect): Money =>
    sumMoney(
      currency,
      instruments.filter(instrument => instrument.effect === effect).map(instrument => instrumentValue(instrument, asOf)),
    )
  const raising = total('raises-limit')
  const reducing = compareMoney(exposure, zero) <= 0 ? zero : minMoney(total('reduces-exposure'), exposure)
  const countedExposure = subtractMoney(exposure, reducing)
  if (limit.kind === 'unlimited') return { raising, reducing, countedExposure }
  const capacity = addMoney(limit.kind === 'amount' ? limit.amount : zero, raising)
  const available = subtractMoney(capacity, countedExposure)
  if (compareMoney(capacity, zero) <= 0) return { raising, reducing, countedExposure, capacity, available }
  return {
    raising,
    reducing,
    countedExposure,
    capacity,
    available,
    utilisation: new Decimal(countedExposure.amount).div(capacity.amount).times(100).toNumber(),
  }
}
