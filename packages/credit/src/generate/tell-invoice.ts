import { decimalText } from './amount.ts'
import { daysLate } from './payer.ts'
import { onPayRun } from './pay-run.ts'
import type { Story } from './story.ts'

/** An invoice on its way to being paid. */
export interface Claim {
  readonly id: string
  /** What is left to pay once credit notes are taken off, in minor units. */
  readonly open: number
  /** Infinite when it never is. */
  readonly payDay: number
}

export interface Billed {
  readonly orderId: string
  readonly deliveryId: string
  readonly invoiceDay: number
  readonly amount: number
  readonly isPrepaid: boolean
}

/** An invoice with its disputes, credit notes, reminders and promises; says when it will be paid. */
export function tellInvoice(story: Story, billed: Billed): Claim {
  const { history, profile, random, tell, nextId } = story
  const { dateOf } = history
  const { orderId, deliveryId, invoiceDay, amount, isPrepaid } = billed
  const id = nextId('INV')
  const dueDay = invoiceDay + (isPrepaid ? 0 : profile.termsDays)
  tell('document', {
    id,
    type: 'invoice',
    date: dateOf(invoiceDay),
    dueDate: dateOf(dueDay),
    amount: decimalText(amount),
    currency: profile.identity.currency,
    orderId,
    deliveryId,
  })
  if (isPrepaid) return { id, open: amount, payDay: invoiceDay >= profile.failureDay ? Number.POSITIVE_INFINITY : invoiceDay }
  const intended = Math.max(invoiceDay + 1, dueDay + Math.round(daysLate(profile.payer, profile.progress(dueDay), random)))
  const wanted = tellDispute(story, billed, id, dueDay, intended)
  const open = amount - tellCreditNote(story, billed, id, wanted)
  const payDay = onPayRun(wanted, profile.payRun)
  const claim: Claim = { id, open, payDay: payDay >= profile.failureDay ? Number.POSITIVE_INFINITY : payDay }
  tellReminders(story, claim, dueDay)
  return claim
}

/** The day on which they would pay now. */
function tellDispute(story: Story, { invoiceDay, amount }: Billed, documentId: string, dueDay: number, wanted: number): number {
  const { history, random, tell, nextId } = story
  if (!random.chance(0.02)) return wanted
  const day = Math.min(wanted - 1, dueDay + random.between(-10, 5))
  if (day <= invoiceDay) return wanted
  const resolvedDay = day + random.between(10, 70)
  tell('dispute', {
    id: nextId('DSP'),
    documentId,
    date: history.dateOf(day),
    amount: decimalText(random.chance(0.5) ? amount : Math.round(amount * random.real(0.1, 0.6))),
    reason: random.pick(['quality', 'quantity', 'price', 'delivery']),
    ...(resolvedDay <= history.endDay ? { resolvedOn: history.dateOf(resolvedDay) } : {}),
  })
  return Math.max(wanted, resolvedDay + random.between(3, 12))
}

/** What was credited. Only while the invoice is open: a credit note then always finds what it belongs to. */
function tellCreditNote(story: Story, { orderId, invoiceDay, amount }: Billed, documentId: string, wanted: number): number {
  const { history, profile, random, tell, nextId } = story
  if (!random.chance(0.035)) return 0
  const day = invoiceDay + random.between(5, 35)
  if (day >= wanted || day > history.endDay) return 0
  const date = history.dateOf(day)
  const credited = Math.round(amount * random.real(0.02, 0.25))
  const sourceId = nextId('CN')
  const { currency } = profile.identity
  tell('document', { id: sourceId, type: 'credit-note', date, dueDate: date, amount: decimalText(credited), currency, orderId })
  tell('application', { id: nextId('APP'), date, source: 'credit-note', sourceId, documentId, amount: decimalText(credited) })
  return credited
}

function tellReminders({ history, profile, random, tell, nextId }: Story, { id, open, payDay }: Claim, dueDay: number): void {
  const { endDay, dateOf } = history
  for (const [at, days] of [5, 20, 40].entries()) {
    const day = dueDay + days
    if (day < payDay && day <= endDay) tell('reminder', { date: dateOf(day), level: at + 1, documentId: id })
  }
  const day = dueDay + random.between(12, 30)
  if (payDay <= day || !random.chance(0.35)) return
  const promisedDay = payDay < day + 30 && random.chance(0.65) ? payDay + random.between(0, 3) : day + random.between(4, 12)
  const isKept = payDay <= promisedDay
  tell('promise', {
    id: nextId('PTP'),
    date: dateOf(day),
    dueDate: dateOf(promisedDay),
    amount: decimalText(open),
    currency: profile.identity.currency,
    documentIds: [id],
    ...(isKept && payDay <= endDay ? { keptOn: dateOf(payDay) } : {}),
    ...(!isKept && promisedDay < endDay ? { brokenOn: dateOf(promisedDay + 1) } : {}),
  })
}
