import { addDays } from '@surety/credit'
import { forceHold, releaseHold } from '../hold-release.ts'
import { findHold } from '../holds.ts'
import { setTemporaryLimit } from '../limits.ts'
import { checkOrder } from '../order-check/check-order.ts'
import { decideSecurity, proposeSecurity, type SecurityTerms } from '../securities.ts'
import { today, type Actor, type Tx } from '../sql.ts'
import { actorOf, findUserByLogin, type User } from '../users.ts'
import type { DemoUsers } from './demo-users.ts'
import { onBehalf } from '../on-behalf.ts'

/** Orders that were checked, held and released, securities in all their states, and a temporary limit: each with the trace that the real acts leave. */
export async function seedBook(tx: Tx, { sales, approvers }: DemoUsers): Promise<void> {
  const officer = (await findUserByLogin(tx, 'risk'))!
  const later = (actor: User | Actor, hoursAgo: number): Tx =>
    onBehalf(tx, 'login' in actor ? actorOf(actor) : actor, new Date(tx.now.getTime() - hoursAgo * HOUR_MS))
  // What the ledger brought was there before.
  await tx`update securities set created_at = least(created_at, effective_from::timestamptz) where origin = 'source'`
  await seedHolds(later, sales, officer, approvers.at(-1)!, tx)
  await seedSecurities(later, officer, approvers[0]!, tx)
}

type As = (actor: User | Actor, hoursAgo: number) => Tx

/** Of the limit: how much each of these orders asks for. Those far above it are held. */
const ORDERS = [
  { share: 1.4, hoursAgo: 52, termsDays: 120 },
  { share: 0.9, hoursAgo: 47 },
  { share: 2.1, hoursAgo: 30, termsDays: 150 },
  { share: 1.2, hoursAgo: 26 },
  { share: 0.05, hoursAgo: 25 },
  { share: 1.7, hoursAgo: 20 },
  { share: 0.03, hoursAgo: 8 },
  { share: 1.1, hoursAgo: 7 },
  { share: 1.3, hoursAgo: 4, termsDays: 180 },
  { share: 0.8, hoursAgo: 2 },
  { share: 1.6, hoursAgo: 1 },
] as const

interface DemoAccount {
  readonly id: string
  readonly segment_id: number
  readonly currency: string
  readonly limit_amount: string
  readonly number: string
}

async function pickAccounts(tx: Tx, salt: string, count: number): Promise<DemoAccount[]> {
  return tx<DemoAccount[]>`
    select a.id, a.segment_id, a.currency, a.limit_amount, c.number from credit_accounts a join customers c on c.id = a.customer_id
    where a.limit_kind = 'amount' and a.limit_amount >= 50000 and a.status = 'active' and c.status = 'active' and c.source = 'demo'
    order by md5(c.number || ${salt}) limit ${count}`
}

async function seedHolds(as: As, sales: User, officer: User, approver: User, tx: Tx): Promise<void> {
  const accounts = await pickAccounts(tx, 'orders', ORDERS.length + 1)
  const held: string[] = []
  for (const [index, { share, hoursAgo, ...order }] of ORDERS.entries()) {
    const account = accounts[index]
    if (!account) break
    // Checked now, since the policies are in force from now on; what came of it is then told as of its hour.
    const checked = await checkOrder(as(sales, 0), {
      key: `demo-order-${index}`,
      segmentId: account.segment_id,
      customerNumber: account.number,
      source: 'demo',
      orderNumber: `SO-${2600 + index * 7}`,
      amount: (Math.round((Number(account.limit_amount) * share) / 100) * 100).toFixed(2),
      currency: account.currency,
      checkpoint: index % 3 === 0 ? 'confirmed' : 'entered',
      ...order,
    })
    if (checked.kind !== 'checked' || checked.answer.holdId === null) continue
    const { holdId } = checked.answer
    held.push(holdId)
    const at = new Date(tx.now.getTime() - hoursAgo * HOUR_MS)
    await tx`update holds set created_at = ${at} where id = ${holdId}`
    await tx`update hold_reasons set created_at = ${at} where hold_id = ${holdId}`
  }
  const [first] = held
  if (first !== undefined) {
    const { version } = (await findHold(tx, first))!
    await releaseHold(as(approver, 40), { id: first, version, reason: '客户已书面承诺月底前付款，同意放行' })
  }
  const last = accounts[ORDERS.length]
  if (last)
    await forceHold(as(officer, 5), {
      accountId: last.id,
      source: 'demo',
      orderNumber: 'SO-2688',
      amount: '68000.00',
      currency: last.currency,
      reason: '客户法定代表人变更，待核实后放行',
    })
}

async function seedSecurities(as: As, officer: User, approver: User, tx: Tx): Promise<void> {
  const [first, second, third, fourth] = await pickAccounts(tx, 'securities', 4)
  if (!first || !second || !third || !fourth) return
  const day = today(tx)
  const terms = (accounts: readonly DemoAccount[], value: number, more: Partial<SecurityTerms>): SecurityTerms => ({
    type: 'guarantee',
    effect: 'raises-limit',
    value: value.toFixed(2),
    currency: first.currency,
    percentage: 100,
    effectiveFrom: addDays(day, -20),
    expiresOn: addDays(day, 345),
    parts: accounts.map(({ id }) => ({ accountId: id, amount: (value / accounts.length).toFixed(2) })),
    ...more,
  })
  const segment = [first, second, third, fourth].filter(
    ({ segment_id, currency }) => segment_id === first.segment_id && currency === first.currency,
  )
  const stories: readonly { readonly terms: SecurityTerms; readonly isAccepted: boolean }[] = [
    {
      terms: terms(segment.slice(0, 2), 800_000, {
        provider: '浙江示范银行',
        policyNumber: 'LG-2026-0311',
        percentage: 80,
        note: '集团共用保函，按约定份额分配',
      }),
      isAccepted: true,
    },
    {
      terms: terms([first], 500_000, {
        type: 'insurance',
        effect: 'reduces-exposure',
        provider: '示范信用保险公司',
        policyNumber: 'CI-88-2041',
        percentage: 90,
        cap: '400000.00',
        expiresOn: addDays(day, 41),
      }),
      isAccepted: true,
    },
    {
      terms: terms([segment.at(-1)!], 300_000, { type: 'deposit', provider: '本公司', policyNumber: 'DP-0007', effectiveFrom: day }),
      isAccepted: false,
    },
    {
      terms: terms([segment.at(-1)!], 1_200_000, {
        type: 'collateral',
        percentage: 60,
        provider: '抵押登记中心',
        policyNumber: 'MT-5512',
        effectiveFrom: day,
        expiresOn: null,
      }),
      isAccepted: false,
    },
  ]
  for (const [index, story] of stories.entries()) {
    const proposed = await proposeSecurity(as(officer, 60 - index * 14), story.terms)
    if (proposed.kind !== 'ok' || !story.isAccepted) continue
    const { id, version } = proposed.value
    await decideSecurity(as(approver, 50 - index * 14), { id, version, outcome: 'accept', comment: '原件已核对' })
  }
  await setTemporaryLimit(as(approver, 30), {
    accountId: second.id,
    kind: 'amount',
    amount: (Number(second.limit_amount) * 1.5).toFixed(2),
    from: addDays(day, -1),
    until: addDays(day, 29),
    reason: '旺季临时提高额度',
  })
}

const HOUR_MS = 3_600_000
