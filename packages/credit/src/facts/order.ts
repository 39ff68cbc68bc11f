import { EXCLUSION_SCOPES, type BookExclusion, type ExclusionKind } from '../book.ts'
import { daysBetween } from '../day.ts'
import { Decimal } from '../money.ts'
import { availabilityOf, dunningLevel, exposureOf, groupLimitOf, limitOf } from './account.ts'
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
  groupExcess: {
    type: 'money',
    source: 'account',
    label: { en: 'Over the group’s limit with the order', zh: '含此订单的集团超额' },
    description: { en: 'All members of the credit group together; zero or less when it fits.', zh: '集团成员敞口合计；未超额为零或负数。' },
  },
  excusedChecks: {
    type: 'list',
    of: 'string',
    source: 'account',
    label: { en: 'Checks excused for now', zh: '暂予豁免的检查' },
    description: {
      en: 'Kinds of check with an exclusion in force; that of the customer wins over that of its group, that over one for all.',
      zh: '有效豁免所对应的检查种类；客户级优先于集团级，集团级优先于全局。',
    },
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
  const open = order.delivered ? Decimal.max(0, amount.minus(convert(order.delivered.amount, order.delivered.currency))) : amount
  const withOrder = order.isPrepaid ? exposure : exposure.plus(open)
  const room = availabilityOf(view, withOrder)
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
  const utilisation = room?.utilisation === undefined ? undefined : overIsOver(room.utilisation)
  const termsExcess = order.termsDays === undefined || terms === undefined ? undefined : order.termsDays - terms
  const discountExcess = order.discountPercent === undefined ? undefined : order.discountPercent - (order.agreedDiscountPercent ?? 0)
  return {
    orderAmount: knownMoney(amount, currency),
    checkpoint: known(order.checkpoint),
    isPrepaid: known(order.isPrepaid ?? false),
    orderTermsDays: order.termsDays === undefined ? missing('NOT_RECORDED') : known(order.termsDays),
    orderTermsExcess:
      termsExcess === undefined ? missing(order.termsDays === undefined ? 'NOT_RECORDED' : 'NOT_DECIDED') : known(termsExcess),
    orderDiscountExcess: discountExcess === undefined ? missing('NOT_RECORDED') : knownNumber(discountExcess, 2),
    utilisationWithOrder: utilisation === undefined ? noRoom : knownNumber(utilisation, 2),
    orderExcess: room?.available === undefined ? noRoom : knownMoney(new Decimal(room.available.amount).negated(), currency),
    groupExcess: groupExcess(view, withOrder),
    excusedChecks: known(
      excused(view, {
        utilisation: utilisation ?? Number.NaN,
        'order-amount': amount,
        'overdue-days': view.oldestOverdueDays,
        'overdue-amount': view.undisputedOverdueTotal,
        'dunning-level': dunningLevel(view),
        terms: termsExcess ?? 0,
        discount: discountExcess ?? 0,
      }),
    ),
    daysSinceLastCheck: order.lastCheckedOn === undefined ? missing('NOT_RECORDED') : known(daysBetween(order.lastCheckedOn, asOf)),
  }
}

// Strictly above the limit blocks, so rounding may not turn a cent above 100 % into 100 %.
function overIsOver(utilisation: number): number {
  return utilisation > 100 ? Math.max(utilisation, 100.01) : utilisation
}

// A customer without limit stays without one inside a group.
function groupExcess(view: BookView, withOrder: Decimal): Computed {
  const limit = groupLimitOf(view)
  if (limit === undefined) return missing('LIMIT_NOT_SET')
  if (limit.kind === 'unlimited' || limitOf(view)?.kind === 'unlimited') return missing('UNLIMITED')
  if (limit.kind === 'none') return missing('NO_CREDIT')
  const peers = (view.book.groupExposure ?? []).reduce(
    (sum, { amount, currency }) => sum.plus(view.convert(amount, currency)),
    new Decimal(0),
  )
  return knownMoney(peers.plus(withOrder).minus(limit.amount.amount), view.currency)
}

function excused({ book, asOf }: BookView, measured: Partial<Record<ExclusionKind, Decimal | number>>): ExclusionKind[] {
  const ruling = new Map<ExclusionKind, BookExclusion>()
  for (const exclusion of book.exclusions ?? []) {
    if (exclusion.expiresOn < asOf) continue
    const best = ruling.get(exclusion.kind)
    if (!best || rank(exclusion) > rank(best) || (rank(exclusion) === rank(best) && exclusion.date >= best.date))
      ruling.set(exclusion.kind, exclusion)
  }
  return [...ruling.values()]
    .filter(({ kind, upTo }) => upTo === undefined || measured[kind] === undefined || new Decimal(measured[kind]).lessThanOrEqualTo(upTo))
    .map(({ kind }) => kind)
}

function rank({ scope }: BookExclusion): number {
  return EXCLUSION_SCOPES.indexOf(scope)
}
