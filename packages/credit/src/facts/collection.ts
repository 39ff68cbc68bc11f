import { daysBetween } from '../day.ts'
import { Decimal } from '../money.ts'
import { known, knownMoney, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import type { Occasion } from './occasion.ts'
import type { BookView } from './view.ts'

export const collectionFacts = {
  heldOrderAmount: { type: 'money', min: 0, source: 'orders', label: { en: 'Orders on hold', zh: '被拦订单金额' } },
  daysSinceContact: {
    type: 'integer',
    unit: 'day',
    min: 0,
    source: 'collections',
    label: { en: 'Days since contact', zh: '距上次联系天数' },
  },
  promiseDueInDays: {
    type: 'integer',
    unit: 'day',
    source: 'collections',
    label: { en: 'Promise falls due in', zh: '承诺到期剩余天数' },
    description: { en: 'Of the earliest open promise; negative once its day has passed.', zh: '最早的未了承诺；已过承诺日为负数。' },
  },
  promisedAmount: { type: 'money', min: 0, source: 'collections', label: { en: 'Promised, open', zh: '承诺未兑现金额' } },
  promiseKeptShare: { type: 'percent', min: 0, max: 100, source: 'collections', label: { en: 'Promises kept', zh: '承诺兑现率' } },
} as const satisfies FactTable

export function computeCollection(view: BookView, { collection }: Occasion): Record<keyof typeof collectionFacts, Computed> {
  const { book, asOf, convert, currency } = view
  const open = book.promises.filter(({ keptOn, brokenOn }) => keptOn === undefined && brokenOn === undefined)
  const due = open.reduce<string | undefined>(
    (earliest, { dueDate }) => (earliest === undefined || dueDate < earliest ? dueDate : earliest),
    undefined,
  )
  const ended = book.promises.length - open.length
  return {
    heldOrderAmount:
      collection?.heldOrders === undefined
        ? missing('NOT_ASKED')
        : knownMoney(convert(collection.heldOrders.amount, collection.heldOrders.currency), currency),
    daysSinceContact:
      collection?.lastContactOn === undefined
        ? missing('NOT_RECORDED')
        : known(daysBetween(collection.lastContactOn, asOf), collection.lastContactOn),
    promiseDueInDays: due === undefined ? missing('NOT_RECORDED') : known(daysBetween(asOf, due)),
    promisedAmount: knownMoney(
      open.reduce((sum, promise) => sum.plus(convert(promise.amount, promise.currency)), new Decimal(0)),
      currency,
    ),
    promiseKeptShare:
      ended === 0
        ? missing('NOT_RECORDED')
        : knownNumber((book.promises.filter(({ keptOn }) => keptOn !== undefined).length / ended) * 100, 1),
  }
}
