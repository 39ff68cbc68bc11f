import { decimalText } from './amount.ts'
import { onPayRun } from './pay-run.ts'
import type { Story } from './story.ts'
import type { Claim } from './tell-invoice.ts'

interface Part {
  readonly documentId: string
  readonly amount: number
}

/** Invoices that fall on one pay day are paid together: one payment, one application each. */
export function tellPayments(story: Story, claims: readonly Claim[]): void {
  const { history, profile, random } = story
  const runs = new Map<number, Part[]>()
  const plan = (day: number, documentId: string, amount: number): void => {
    const run = runs.get(day)
    if (run) run.push({ documentId, amount })
    else runs.set(day, [{ documentId, amount }])
  }
  for (const { id, open, payDay } of claims) {
    if (payDay > history.endDay || open <= 0) continue
    const first = random.chance(0.05) ? Math.round(open * random.real(0.3, 0.8)) : open
    plan(payDay, id, first)
    const restDay = onPayRun(payDay + random.between(7, 30), profile.payRun)
    if (first < open && restDay < profile.failureDay && restDay <= history.endDay) plan(restDay, id, open - first)
  }
  for (const [day, parts] of [...runs].toSorted(([left], [right]) => left - right)) tellPayment(story, day, parts)
}

// Money waits a day or two to be matched; the last of it is unapplied when the history ends.
const DAYS_TO_MATCH = [
  [0, 70],
  [1, 20],
  [3, 10],
] as const

function tellPayment(story: Story, day: number, parts: readonly Part[]): void {
  const { history, profile, random, tell, nextId } = story
  const id = nextId('PAY')
  const total = parts.reduce((sum, { amount }) => sum + amount, 0)
  const isBill = total > 5_000_000 && random.chance(profile.billShare)
  const billId = isBill ? nextId('BILL') : undefined
  const paid = { date: history.dateOf(day), amount: decimalText(total), currency: profile.identity.currency }
  tell('payment', { id, ...paid, method: isBill ? 'bill' : 'transfer', ...(billId === undefined ? {} : { billId }) })
  apply(story, day + random.weighted(DAYS_TO_MATCH), id, parts, 1)
  if (billId !== undefined) tellBill(story, day, billId, id, parts)
}

/** A bill falls due months later; where it is dishonoured the invoices are open again, and most find the money in the end. */
function tellBill(story: Story, day: number, id: string, paymentId: string, parts: readonly Part[]): void {
  const { history, profile, random, tell, nextId } = story
  const { endDay, dateOf } = history
  const { payer, failureDay, identity } = profile
  const amount = decimalText(parts.reduce((sum, part) => sum + part.amount, 0))
  const kind = random.chance(0.8) ? 'bank' : 'commercial'
  const maturityDay = day + random.pick([90, 120, 180])
  const isShaky = kind === 'commercial' && (payer === 'deteriorating' || payer === 'erratic')
  const isDishonoured = maturityDay >= failureDay || (isShaky && random.chance(0.25))
  const maturity = dateOf(maturityDay)
  const end = maturityDay > endDay ? {} : isDishonoured ? { dishonouredOn: maturity } : { honouredOn: maturity }
  tell('bill', { id, date: dateOf(day), maturity, amount, currency: identity.currency, kind, ...end })
  if (!isDishonoured || maturityDay > endDay) return
  apply(story, maturityDay, paymentId, parts, -1)
  const againDay = maturityDay + random.between(10, 40)
  if (againDay >= failureDay || againDay > endDay) return
  const replacement = nextId('PAY')
  tell('payment', { id: replacement, date: dateOf(againDay), amount, currency: identity.currency, method: 'transfer' })
  apply(story, againDay, replacement, parts, 1)
}

function apply({ history, tell, nextId }: Story, day: number, sourceId: string, parts: readonly Part[], sign: 1 | -1): void {
  const date = history.dateOf(day)
  for (const { documentId, amount } of parts) {
    tell('application', { id: nextId('APP'), date, source: 'payment', sourceId, documentId, amount: decimalText(sign * amount) })
  }
}
