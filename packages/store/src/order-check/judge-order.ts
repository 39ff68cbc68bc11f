import { computeFacts, Decimal, roundAmount, toEngineFacts, type CustomerBook, type FactValues, type OrderOccasion } from '@surety/credit'
import { compile, type CompiledPolicy, type Decision as EngineDecision, type Policy, type Text } from '@surety/engine'
import { loadBook } from '../book.ts'
import { policiesInForce, type PolicyVersion } from '../policies.ts'
import { today, type Tx } from '../sql.ts'
import { LIVE_FACTS, loadLiveBook, OWN_ORDER_ID, type OwnOrder } from './live-book.ts'

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
  readonly facts: FactValues
  readonly decision: EngineDecision
}

export interface OrderToJudge extends Omit<OrderOccasion, 'id'> {
  readonly source: string
  readonly number: string
}

/** What an order is judged by, read now; undefined when no such account or policy is there. */
export async function readGround(tx: Tx, accountId: string, own: OwnOrder): Promise<Ground | undefined> {
  // Not awaited one by one: they travel together.
  const [live, [policy]] = await Promise.all([loadLiveBook(tx, accountId, own), policiesInForce(tx, 'order-check')])
  return live && policy && { accountId, live, policy }
}

export interface Ground {
  readonly accountId: string
  readonly live: CustomerBook
  readonly policy: PolicyVersion
}

/** What the policy in force makes of an order. */
export async function judgeOrder(
  tx: Tx,
  { accountId, live, policy }: Ground,
  { source, number, ...order }: OrderToJudge,
): Promise<Judgement> {
  const book = isAnsweredBy(policy.document) ? live : await widen(tx, accountId, live, { source, number })
  const facts = computeFacts(book, today(tx), { order: { ...order, id: OWN_ORDER_ID } })
  const decision = compiled(policy).decide(toEngineFacts(facts))
  const action = actionOf(decision)
  const valueOf = (key: keyof FactValues): unknown => (facts[key].kind === 'known' ? facts[key].value : null)
  const excess = valueOf('orderExcess')
  const amount = valueOf('orderAmount')
  const after = typeof excess === 'string' ? new Decimal(excess).negated() : undefined
  const level = decision.outputs['releaseLevel']
  const role = decision.outputs['releaseRole']
  return {
    action,
    rules: rulesOf(policy.document, decision, facts),
    release: action === 'hold' ? { level: typeof level === 'number' ? level : 1, role: typeof role === 'string' ? role : null } : null,
    currency: book.currency,
    availableBefore:
      after === undefined || typeof amount !== 'string' ? null : roundAmount(order.isPrepaid ? after : after.plus(amount), book.currency),
    availableAfter: after === undefined ? null : roundAmount(after, book.currency),
    limit: { kind: String(valueOf('limitKind')), amount: valueOf('creditLimit') as string | null },
    policy,
    facts,
    decision,
  }
}

// The rest of what is known, for policies that ask for more. Reservations are no part of the whole book, and its own order stands there under another id.
async function widen(
  tx: Tx,
  accountId: string,
  live: CustomerBook,
  { source, number }: Pick<OrderToJudge, 'source' | 'number'>,
): Promise<CustomerBook> {
  const [row] = await tx<{ segment_id: number; own_id: string | null }[]>`
    select a.segment_id, (select id from documents d where d.segment_id = a.segment_id and d.type = 'order' and d.source = ${source} and d.number = ${number}) as own_id
    from credit_accounts a where a.id = ${accountId}`
  const whole = await loadBook(tx, live.customer.id, { segmentId: row!.segment_id })
  const reserved = live.orders.filter(({ id }) => id.startsWith('reserved '))
  return whole ? { ...whole, orders: [...whole.orders.filter(({ id }) => id !== row!.own_id), ...reserved] } : live
}

const answered = new WeakMap<Policy, boolean>()

function isAnsweredBy(document: Policy): boolean {
  let known = answered.get(document)
  if (known === undefined) answered.set(document, (known = Object.keys(document.facts ?? {}).every(key => LIVE_FACTS.has(key))))
  return known
}

// A version never changes, so it is compiled once a process.
const shelf = new Map<string, CompiledPolicy>()

function compiled({ hash, document, version }: PolicyVersion): CompiledPolicy {
  const known = shelf.get(hash)
  if (known) return known
  const made = compile(document, { version })
  shelf.set(hash, made)
  return made
}

function actionOf({ outcome, outputs }: EngineDecision): OrderAction {
  // What could not be judged, or was refused, is not let through whatever the outputs say.
  if (outcome !== 'approve' || outputs['action'] === 'hold') return 'hold'
  return outputs['action'] === 'warn' ? 'warn' : 'release'
}

function rulesOf(document: Policy, { reasons, outcome }: EngineDecision, facts: FactValues): OrderRule[] {
  const spoken = reasons.map(({ code, text, path, adverse }): OrderRule => {
    const rule = ruleAt(document, path)
    const set = rule?.event?.params?.set
    return {
      code,
      rule: rule?.event?.type ?? null,
      effect: adverse || set?.['action'] === 'hold' ? 'holds' : 'warns',
      text,
      numbers: Object.fromEntries([...factsIn(rule?.conditions)].map(key => [key, valueOr(facts, key)])),
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

function valueOr(facts: FactValues, key: string): unknown {
  const fact = facts[key as keyof FactValues]
  return fact?.kind === 'known' ? fact.value : null
}
