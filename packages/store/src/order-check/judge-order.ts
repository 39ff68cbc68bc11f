import {
  computeFacts,
  computeFactsOf,
  Decimal,
  roundAmount,
  toEngineFacts,
  type CustomerBook,
  type FactKey,
  type FactValues,
  type OrderOccasion,
} from '@surety/credit'
import type { Decision as EngineDecision, Policy, Text } from '@surety/engine'
import { loadBook } from '../book.ts'
import type { PolicyVersion } from '../policies.ts'
import { today, type Tx } from '../sql.ts'
import {
  bookOf,
  LIVE_FACTS,
  OWN_ORDER_ID,
  readAccounts,
  readOwnOrders,
  type AccountGround,
  type AskedOrder,
  type OwnOrder,
} from './ground.ts'
import { orderPolicyInForce, type OrderPolicy } from './policy-in-force.ts'

export type OrderAction = 'release' | 'warn' | 'hold'

/** A rule that spoke, with the figures that it looked at. */
export interface OrderRule {
  readonly code: string
  readonly rule: string | null
  readonly effect: 'holds' | 'warns'
  readonly text: Text
  readonly numbers: Readonly<Record<string, unknown>>
  /** The authority level that can release it; null where none is asked for. */
  readonly releaseLevel: number | null
}

export interface Judgement {
  readonly action: OrderAction
  readonly rules: readonly OrderRule[]
  readonly release: { readonly level: number; readonly role: string | null } | null
  readonly currency: string
  /** Null where the limit is none, unlimited or not decided, or a rate is missing. */
  readonly availableBefore: string | null
  /** When the order is released. */
  readonly availableAfter: string | null
  readonly limit: { readonly kind: string; readonly amount: string | null }
  readonly policy: PolicyVersion
  readonly facts: Partial<FactValues>
  readonly decision: EngineDecision
}

export type OrderToJudge = Omit<OrderOccasion, 'id' | 'delivered'>

/** What an order is judged by. */
export interface Ground {
  readonly account: AccountGround
  readonly own: OwnOrder
  readonly policy: OrderPolicy
}

/** What an order is judged by, read now; undefined when no such account or policy is there. */
export async function readGround(tx: Tx, order: AskedOrder & { readonly segmentId: number }): Promise<Ground | undefined> {
  // Not awaited one by one: they travel together.
  const [accounts, [own], policy] = await Promise.all([
    readAccounts(tx, order.segmentId, [order]),
    readOwnOrders(tx, order.segmentId, [order]),
    orderPolicyInForce(tx),
  ])
  const account = accounts.get(order.customerNumber)
  return account && policy && { account, own: own!, policy }
}

/** What the policy makes of an order. */
export async function judgeOrder(
  tx: Tx,
  { account, own, policy: { version: policy, compiled } }: Ground,
  order: OrderToJudge,
): Promise<Judgement> {
  const { wanted, isLive } = needsOf(policy.document)
  const live = bookOf(account, own, today(tx))
  const delivered = deliveredOf(own)
  const occasion = { order: { ...order, id: OWN_ORDER_ID, ...(delivered && { delivered }) } }
  const facts = isLive
    ? computeFactsOf(wanted, live, today(tx), occasion)
    : computeFacts(await widen(tx, account, live, own), today(tx), occasion)
  const decision = compiled.decide(toEngineFacts(facts))
  const action = actionOf(decision)
  const valueOf = (key: FactKey): unknown => (facts[key]?.kind === 'known' ? facts[key].value : null)
  const amount = valueOf('orderAmount')
  const rooms = [valueOf('orderExcess'), valueOf('groupExcess')].flatMap(excess =>
    typeof excess === 'string' ? [new Decimal(excess).negated()] : [],
  )
  const after = rooms.length > 0 ? Decimal.min(...rooms) : undefined
  const level = decision.outputs['releaseLevel']
  const role = decision.outputs['releaseRole']
  const { currency } = account.book
  const taken =
    typeof amount === 'string' && !order.isPrepaid
      ? new Decimal(amount).minus(delivered?.currency === currency ? delivered.amount : 0)
      : new Decimal(0)
  return {
    action,
    rules: rulesOf(policy.document, decision, facts),
    release: action === 'hold' ? { level: typeof level === 'number' ? level : 1, role: typeof role === 'string' ? role : null } : null,
    currency,
    availableBefore: after === undefined || typeof amount !== 'string' ? null : roundAmount(after.plus(Decimal.max(0, taken)), currency),
    availableAfter: after === undefined ? null : roundAmount(after, currency),
    limit: { kind: String(valueOf('limitKind')), amount: valueOf('creditLimit') as string | null },
    policy,
    facts,
    decision,
  }
}

// What has left the house counts as a delivery or an invoice already.
function deliveredOf({ document }: OwnOrder): { amount: string; currency: string } | undefined {
  if (!document) return undefined
  const delivered = new Decimal(document.amount).minus(document.openAmount)
  return delivered.greaterThan(0) ? { amount: delivered.toFixed(), currency: document.currency } : undefined
}

// The rest of what is known, for policies that ask for more. Reservations, exclusions and the group are no part of the whole book, and its own order stands there under another id.
async function widen(tx: Tx, account: AccountGround, live: CustomerBook, { document }: OwnOrder): Promise<CustomerBook> {
  const whole = await loadBook(tx, account.customerId, { segmentId: account.segmentId })
  if (!whole) return live
  const reserved = live.orders.filter(({ id }) => id.startsWith('reserved '))
  return {
    ...whole,
    orders: [...whole.orders.map(order => (order.id === document?.id ? { ...order, id: OWN_ORDER_ID } : order)), ...reserved],
    deliveries: whole.deliveries.map(delivery => (delivery.orderId === document?.id ? { ...delivery, orderId: OWN_ORDER_ID } : delivery)),
    documents: whole.documents.map(item => (item.orderId === document?.id ? { ...item, orderId: OWN_ORDER_ID } : item)),
    limits: [...whole.limits, ...live.limits.filter(({ isGroup }) => isGroup)],
    ...(live.exclusions && { exclusions: live.exclusions }),
    ...(live.groupExposure && { groupExposure: live.groupExposure }),
  }
}

interface Needs {
  readonly wanted: readonly FactKey[]
  readonly isLive: boolean
}

// What the answer tells besides what the policy reads.
const ALWAYS: readonly FactKey[] = ['orderExcess', 'groupExcess', 'orderAmount', 'limitKind', 'creditLimit']
const needs = new WeakMap<Policy, Needs>()

function needsOf(document: Policy): Needs {
  const known = needs.get(document)
  if (known) return known
  const wanted = Object.keys(document.facts ?? {}) as FactKey[]
  const made = { wanted: [...wanted, ...ALWAYS], isLive: wanted.every(key => LIVE_FACTS.has(key)) }
  needs.set(document, made)
  return made
}

function actionOf({ outcome, outputs }: EngineDecision): OrderAction {
  // What could not be judged, or was refused, is not let through whatever the outputs say.
  if (outcome !== 'approve' || outputs['action'] === 'hold') return 'hold'
  return outputs['action'] === 'warn' ? 'warn' : 'release'
}

function rulesOf(document: Policy, { reasons, outcome }: EngineDecision, facts: Partial<FactValues>): OrderRule[] {
  const spoken = reasons.map(({ code, text, path, adverse }): OrderRule => {
    const rule = ruleAt(document, path)
    const set = rule?.event?.params?.set
    return {
      code,
      rule: rule?.event?.type ?? null,
      effect: adverse || set?.['action'] === 'hold' ? 'holds' : 'warns',
      text,
      // What is excused is no figure.
      numbers: Object.fromEntries(
        [...factsIn(rule?.conditions)].filter(key => key !== 'excusedChecks').map(key => [key, valueOr(facts, key)]),
      ),
      releaseLevel: typeof set?.['releaseLevel'] === 'number' ? set['releaseLevel'] : null,
    }
  })
  return spoken.length > 0 || outcome === 'approve'
    ? spoken
    : [{ code: 'NOT_JUDGED', rule: null, effect: 'holds', text: NOT_JUDGED, numbers: {}, releaseLevel: null }]
}

const NOT_JUDGED: Text = { en: 'The policy could not judge this order.', zh: '策略无法对该订单作出判断。' }

interface RuleLike {
  readonly conditions?: unknown
  readonly event?: { readonly type?: string; readonly params?: { readonly set?: Readonly<Record<string, unknown>> } }
}

function ruleAt(document: Policy, path: string): RuleLike | undefined {
  const [, step, rule] = /^\/steps\/(\d+)\/rules\/(\d+)/.exec(path) ?? []
  const steps = document.steps as readonly { readonly rules?: readonly RuleLike[] }[] | undefined
  return steps?.[Number(step)]?.rules?.[Number(rule)]
}

function factsIn(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) for (const item of node) factsIn(item, found)
  else if (typeof node === 'object' && node !== null) {
    const { fact, ...rest } = node as { fact?: unknown }
    if (typeof fact === 'string') found.add(fact)
    for (const value of Object.values(rest)) factsIn(value, found)
  }
  return found
}

function valueOr(facts: Partial<FactValues>, key: string): unknown {
  const fact = facts[key as keyof FactValues]
  return fact?.kind === 'known' ? fact.value : null
}
