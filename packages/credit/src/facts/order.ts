import { daysBetween } from '../day.ts'
import { Decimal } from '../money.ts'
import { availabilityOf, exposureOf, limitOf } from './account.ts'
import { known, knownMoney, knownNumber, missing, type Computed, type FactTable } from './fact.ts'
import type { Checkpoint, Occasion } from './occasion.ts'
import type { BookView } from './view.ts'

export const orderFacts = {
  orderAmount: { type: 'money', min: 0, source: 'orders', label: { en: 'Order amount', zh: '订单金额' } },
  checkpoint: {
    type: 'enum',
    source: 'orders',
    label: { en: 'Checkpoint', zh: '检查点' },
    values: [
      { value: 'entered', label: { en: 'entered', zh: '录入' } },
      { value: 'confirmed', label: { en: 'confirmed', zh: '确认' } },
      { value: 'picked', label: { en: 'picked', zh: '拣货' } },
      { value: 'shipped', label: { en: 'shipped', zh: '发货' } },
    ] satisfies { value: Checkpoint; label: object }[],
  },
  isPrepaid: { type: 'boolean', source: 'orders', label: { en: 'Prepaid', zh: '已预付' } },
  orderTermsDays: { type: 'integer', unit: 'day', min: 0, source: 'orders', label: { en: 'Terms of the order', zh: '订单账期' } },
  orderTermsExcess: { type: 'integer', unit: 'day', source: 'orders', label: { en: 'Terms beyond the agreed', zh: '超出约定账期' } },
  orderDiscountExcess: { type: 'percent', source: 'orders', label: { en: 'Discount beyond the agreed', zh: '超出约定折扣' } },
  utilisationWithOrder: { type: 'percent', source: 'account', label: { en: 'Utilisation with the order', zh: '含此订单的占用率' } },
  orderExcess: {
    type: 'money',
    source: 'account',
    label: { en: 'Over the limit with the order', zh: '含此订单的超额' },
    description: { en: 'Zero or less when it fits.', zh: '未超额为零或负数。' },
  },
  daysSinceLastCheck: {
    type: 'integer',
    unit: 'day',
    min: 0,
    source: 'orders',
    label: { en: 'Days since last check', zh: '距上次检查天数' },
  },
} as const satisfies FactTable

export function computeOrder(view: BookView, { order }: Occasion): Record<keyof typeof orderFacts, Computed> {
  if (order === undefined)
    return Object.fromEntries(Object.keys(orderFacts).map(key => [key, missing('NOT_ASKED')])) as Record<keyof typeof orderFacts, Computed>
  const { asOf, book, convert, currency } = view
  const amount = convert(order.amount.amount, order.amount.currency)
  // An order that is already in the exposure must not be counted a second time.
  const others = { ...view, book: { ...book, orders: book.orders.filter(({ id }) => id !== order.id) } }
  const exposure = exposureOf(order.isPrepaid ? view : others).total
  const room = availabilityOf(view, order.isPrepaid ? exposure : exposure.plus(amount))
  const limit = limitOf(view)
  const noRoom = missing(
    amount.isNaN() || exposure.isNaN()
      ? 'NO_RATE'
      : limit === undefined
        ? 'LIMIT_NOT_SET'
        : limit.kind === 'unlimited'
          ? 'UNLIMITED'
          : limit.kind === 'none'
            ? 'NO_CREDIT'
            : 'NO_RATE',
  )
  const terms = book.limits
    .filter(({ isGroup, termsDays }) => !isGroup && termsDays !== undefined)
    .toSorted((left, right) => (left.date < right.date ? -1 : 1))
    .at(-1)?.termsDays
  return {
    orderAmount: knownMoney(amount, currency),
    checkpoint: known(order.checkpoint),
    isPrepaid: known(order.isPrepaid ?? false),
    orderTermsDays: order.termsDays === undefined ? missing('NOT_RECORDED') : known(order.termsDays),
    orderTermsExcess:
      order.termsDays === undefined
        ? missing('NOT_RECORDED')
        : terms === undefined
          ? missing('NOT_DECIDED')
          : known(order.termsDays - terms),
    orderDiscountExcess:
      order.discountPercent === undefined
        ? missing('NOT_RECORDED')
        : knownNumber(order.discountPercent - (order.agreedDiscountPercent ?? 0), 2),
    utilisationWithOrder: room?.utilisation === undefined ? noRoom : knownNumber(overIsOver(room.utilisation), 2),
    orderExcess: room?.available === undefined ? noRoom : knownMoney(new Decimal(room.available.amount).negated(), currency),
    daysSinceLastCheck: order.lastCheckedOn === undefined ? missing('NOT_RECORDED') : known(daysBetween(order.lastCheckedOn, asOf)),
  }
}

// Strictly above the limit blocks, so rounding may not turn a cent above 100 % into 100 %.
function overIsOver(utilisation: number): number {
  return utilisation > 100 ? Math.max(utilisation, 100.01) : utilisation
}
