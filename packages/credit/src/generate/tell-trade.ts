import { calendar, dayOf } from '../day.ts'
import { decimalText } from './amount.ts'
import { gradeOf } from './payer.ts'
import type { Story } from './story.ts'
import { tellInvoice, type Claim } from './tell-invoice.ts'
import { tellPayments } from './tell-payments.ts'

/** Orders, month by month, with all that follows from them. */
export function tellTrade(story: Story): void {
  const { history, profile, random } = story
  const { identity, firstDay, failureDay, yearly, growth, ordersPerMonth, unsteadiness } = profile
  const claims: Claim[] = []
  const typical = yearly / 12 / ordersPerMonth
  const start = calendar(history.startDay)
  for (let month = start.month - 1; ; month += 1) {
    const monthOfYear = (month % 12) + 1
    const monthStart = dayOf(start.year + Math.floor(month / 12), monthOfYear, 1)
    if (monthStart > history.endDay) break
    const season = 1 + identity.trade.swing * Math.cos((2 * Math.PI * (monthOfYear - identity.trade.peak)) / 12)
    // Around Chinese New Year the factories stand still.
    const holiday = monthOfYear === 2 ? 0.55 : 1
    const trend = (1 + growth) ** ((monthStart - history.startDay) / 365)
    for (let count = Math.floor(ordersPerMonth * holiday + random.next()); count > 0; count -= 1) {
      const day = monthStart + random.between(0, 27)
      if (day < firstDay || day > history.endDay || day >= failureDay) continue
      const whole = Math.round((typical * season * trend * Math.exp(random.normal(0, unsteadiness))) / 100) * 100
      claims.push(...tellOrder(story, day, Math.max(10_000, whole + random.between(0, 99))))
    }
  }
  tellPayments(story, claims)
}

function tellOrder(story: Story, day: number, amount: number): Claim[] {
  const { history, profile, random, tell, nextId } = story
  const { endDay, dateOf } = history
  const { currency } = profile.identity
  const orderId = nextId('SO')
  const leadDays = random.between(4, 30)
  const isPrepaid = gradeOf(profile.health(day)) === 'E'
  const isCalledOff = random.chance(0.012)
  const parts = isCalledOff ? [] : amount > 1_000_000 && random.chance(0.12) ? inTwo(amount, random.real(0.3, 0.7)) : [amount]
  const deliveryDays = parts.map((_, at) => day + leadDays + at * random.between(5, 15))
  const closedDay = Math.min(deliveryDays.at(-1) ?? day + random.between(1, 10), profile.failureDay)
  tell('order', {
    id: orderId,
    date: dateOf(day),
    dueDate: dateOf(day + leadDays),
    amount: decimalText(amount),
    currency,
    ...(isPrepaid ? { isPrepaid } : {}),
    ...(closedDay <= endDay ? { closedOn: dateOf(closedDay) } : {}),
  })
  return parts.flatMap((part, at) => {
    const deliveryDay = deliveryDays[at]!
    if (deliveryDay > endDay || deliveryDay >= profile.failureDay) return []
    const deliveryId = nextId('DN')
    tell('delivery', { id: deliveryId, orderId, date: dateOf(deliveryDay), amount: decimalText(part), currency })
    const invoiceDay = deliveryDay + random.weighted(DAYS_TO_INVOICE)
    return invoiceDay > endDay ? [] : [tellInvoice(story, { orderId, deliveryId, invoiceDay, amount: part, isPrepaid })]
  })
}

const DAYS_TO_INVOICE = [
  [0, 60],
  [1, 20],
  [3, 15],
  [5, 5],
] as const

function inTwo(amount: number, share: number): number[] {
  const first = Math.round(amount * share)
  return [first, amount - first]
}
