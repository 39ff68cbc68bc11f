import { Decimal, minorUnits } from '@surety/credit'
import type { Text } from '@surety/engine'
import { amountOf, amountOrNull } from './amounts.ts'
import { appendAudit } from './audit.ts'
import { customerMatches, escapeLike } from './customers.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { selectPage, type Fragment, type Page, type PageRequest, type Sort, type SortKey } from './page.ts'
import type { Issue } from './result.ts'
import { asActor, SYSTEM, today, type Sql, type Tx } from './sql.ts'

export const SECURITY_TYPES = ['guarantee', 'collateral', 'insurance', 'letter-of-credit', 'deposit'] as const
export type SecurityType = (typeof SECURITY_TYPES)[number]
export const SECURITY_EFFECTS = ['raises-limit', 'reduces-exposure'] as const
/** One or the other, never both. */
export type SecurityEffect = (typeof SECURITY_EFFECTS)[number]
/** `upcoming`: accepted, not yet effective. */
export const SECURITY_STATES = ['proposed', 'upcoming', 'in-force', 'expired', 'withdrawn', 'declined'] as const
export type SecurityState = (typeof SECURITY_STATES)[number]

/** Something that stands behind what customers owe; several accounts may share it. */
export interface Security {
  readonly id: string
  readonly segmentId: number
  readonly type: SecurityType
  readonly effect: SecurityEffect
  readonly value: string
  readonly currency: string
  /** Points: 90 is 90 %. */
  readonly percentage: number
  readonly cap: string | null
  /** What counts of it: value × percentage, at most the cap. */
  readonly worth: string
  readonly effectiveFrom: string
  /** The last day. */
  readonly expiresOn: string | null
  readonly provider: string | null
  readonly policyNumber: string | null
  readonly note: string | null
  /** Brought by an import or a machine, which then also changes it. */
  readonly isImported: boolean
  readonly state: SecurityState
  /** The one whose place it takes when it is accepted. */
  readonly replacesId: string | null
  readonly proposedBy: string | null
  readonly decidedBy: string | null
  readonly decidedAt: Date | null
  readonly decisionComment: string | null
  readonly withdrawnOn: string | null
  readonly withdrawalReason: string | null
  /** Why the actor can't decide about it; null when they can, or nothing is to be decided. */
  readonly refusal: { readonly code: SecurityRefusal; readonly message: Text } | null
  readonly version: number
  readonly createdAt: Date
}

export interface SecurityPart {
  readonly securityId: string
  readonly accountId: string
  readonly customerId: string
  readonly amount: string
}

export interface SecurityDocument {
  readonly id: string
  readonly securityId: string
  readonly name: string
  readonly sha256: string
  readonly size: number
  readonly addedBy: string | null
  readonly createdAt: Date
}

export interface SecurityFilter {
  readonly states?: readonly SecurityState[]
  readonly types?: readonly SecurityType[]
  readonly customerId?: string
  /** Words of a customer or the provider, or the beginning of the policy number. */
  readonly query?: string
  /** In force and ending within so many days. */
  readonly expiringWithinDays?: number
}

export const SECURITY_SORT_FIELDS = ['createdAt', 'expiresOn', 'value', 'type'] as const
export type SecuritySortField = (typeof SECURITY_SORT_FIELDS)[number]

export type SecurityRefusal = 'NOT_PROPOSED' | 'OWN_PROPOSAL' | 'NOT_ACCEPTED' | 'FROM_SOURCE'

export type SecurityResult =
  | { readonly kind: 'ok'; readonly value: Security }
  | { readonly kind: 'conflict'; readonly current: Security }
  | { readonly kind: 'refused'; readonly code: SecurityRefusal; readonly message: Text }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }
  | { readonly kind: 'notFound' }

export interface SecurityTerms {
  readonly type: SecurityType
  readonly effect: SecurityEffect
  readonly value: string
  readonly currency: string
  readonly percentage: number
  readonly cap?: string | null
  readonly effectiveFrom: string
  readonly expiresOn?: string | null
  readonly provider?: string | null
  readonly policyNumber?: string | null
  readonly note?: string | null
  /** Accounts of one segment; together at most the value. */
  readonly parts: readonly { readonly accountId: string; readonly amount: string }[]
}

export async function listSecurities(
  tx: Tx,
  filter: SecurityFilter,
  sort: Sort<SecuritySortField>,
  page: PageRequest,
): Promise<Page<Security>> {
  const { expression, type } = SORT_KEYS[sort.field](tx)
  const { states, types, customerId, query, expiringWithinDays } = filter
  const ofCustomer = (condition: Fragment): Fragment => tx`
    exists (select from security_parts p join credit_accounts a on a.id = p.account_id join customers c on c.id = a.customer_id where p.security_id = s.id and ${condition})`
  const matched = tx`
    select * from (${selectSecurities(tx, tx`, s.id as page_id, ${expression} as page_key`)} where true
      ${types?.length ? tx`and s.type = any (${types as string[]})` : tx``}
      ${customerId ? tx`and ${ofCustomer(tx`c.id = ${customerId}`)}` : tx``}
      ${
        query?.trim()
          ? tx`and (${ofCustomer(customerMatches(tx, query))} or s.provider ilike ${`%${escapeLike(query.trim())}%`} or s.policy_number ilike ${`${escapeLike(query.trim())}%`})`
          : tx``
      }
    ) listed where true
      ${states?.length ? tx`and state = any (${states as string[]})` : tx``}
      ${expiringWithinDays === undefined ? tx`` : tx`and state = 'in-force' and expires_on <= ${today(tx)}::date + ${expiringWithinDays}::int`}`
  return selectPage<SecurityRow, Security>(tx, matched, type, sort.descending ?? false, page, toSecurity)
}

export async function findSecurity(tx: Tx, id: string): Promise<Security | undefined> {
  const [row] = await tx<SecurityRow[]>`${selectSecurities(tx)} where s.id = ${id}`
  return row && toSecurity(row)
}

export async function partsOfSecurities(tx: Tx, ids: readonly string[]): Promise<Map<string, SecurityPart[]>> {
  const rows = await tx<{ security_id: string; account_id: string; customer_id: string; amount: string; currency: string }[]>`
    select p.security_id, p.account_id, a.customer_id, p.amount, s.currency
    from security_parts p join credit_accounts a on a.id = p.account_id join securities s on s.id = p.security_id
    where p.security_id = any (${ids as string[]}::bigint[]) order by p.amount desc, p.account_id`
  const parts = rows.map(({ security_id, account_id, customer_id, amount, currency }) => ({
    securityId: security_id,
    accountId: account_id,
    customerId: customer_id,
    amount: amountOf(amount, currency),
  }))
  return groupBy(ids, parts, ({ securityId }) => securityId)
}

export async function documentsOfSecurities(tx: Tx, ids: readonly string[]): Promise<Map<string, SecurityDocument[]>> {
  const rows = await tx<DocumentRow[]>`
    select id, security_id, name, encode(sha256, 'hex') as sha256, size, added_by, created_at from security_documents where security_id = any (${ids as string[]}::bigint[]) order by id`
  return groupBy(ids, rows.map(toDocument), ({ securityId }) => securityId)
}

export async function findSecurityDocument(tx: Tx, securityId: string, id: string): Promise<SecurityDocument | undefined> {
  return (await documentsOfSecurities(tx, [securityId])).get(securityId)?.find(document => document.id === id)
}

/** Puts a paper beside a security; its content is stored already. Undefined when there is no such security. */
export async function attachToSecurity(
  tx: Tx,
  securityId: string,
  { name, sha256, size }: { readonly name: string; readonly sha256: string; readonly size: number },
): Promise<SecurityDocument | undefined> {
  const [row] = await tx<DocumentRow[]>`
    insert into security_documents (security_id, segment_id, name, sha256, size, added_by, created_at)
    select s.id, s.segment_id, ${name}, decode(${sha256}, 'hex'), ${size}, ${tx.actor.userId ?? null}, ${tx.now} from securities s where s.id = ${securityId}
    returning id, security_id, name, encode(sha256, 'hex') as sha256, size, added_by, created_at`
  if (!row) return undefined
  await record(tx, 'security.attach', securityId, { after: { name, sha256 } })
  return toDocument(row)
}

/** Proposes a security; it counts for nothing until another person accepts it. */
export async function proposeSecurity(
  tx: Tx,
  terms: SecurityTerms,
  options: { readonly replacesId?: string } = {},
): Promise<SecurityResult> {
  const checked = await checkTerms(tx, terms)
  if (checked.kind !== 'ok') return checked
  if (options.replacesId !== undefined) {
    const replaced = await findSecurity(tx, options.replacesId)
    if (!replaced) return { kind: 'notFound' }
    if (replaced.isImported) return refused('FROM_SOURCE')
    if (!['in-force', 'upcoming', 'expired'].includes(replaced.state)) return refused('NOT_ACCEPTED')
  }
  const [row] = await tx<{ id: string }[]>`
    insert into securities (segment_id, type, effect, value, currency, percentage, cap, effective_from, expires_on, provider, policy_number, note, replaces_id, proposed_by, proposed_by_person, created_at, updated_at)
    values (${checked.segmentId}, ${terms.type}, ${terms.effect}, ${terms.value}, ${terms.currency}, ${terms.percentage}, ${terms.cap ?? null}, ${terms.effectiveFrom}, ${terms.expiresOn ?? null},
      ${terms.provider ?? null}, ${terms.policyNumber ?? null}, ${terms.note ?? null}, ${options.replacesId ?? null}, ${tx.actor.userId ?? null}, ${tx.actor.personId ?? null}, ${tx.now}, ${tx.now})
    returning id`
  await writeParts(tx, row!.id, checked.segmentId, terms)
  await record(tx, 'security.propose', row!.id, { after: terms })
  return { kind: 'ok', value: (await findSecurity(tx, row!.id))! }
}

/** Changes a proposal while nobody has decided about it; who changes it has then proposed it. */
export async function changeSecurity(tx: Tx, { id, version }: Seen, terms: SecurityTerms): Promise<SecurityResult> {
  const seen = await lockSeen(tx, { id, version })
  if (seen.kind !== 'ok') return seen
  if (seen.value.state !== 'proposed') return refused('NOT_PROPOSED')
  const checked = await checkTerms(tx, terms)
  if (checked.kind !== 'ok') return checked
  await tx`delete from security_parts where security_id = ${id}`
  await tx`
    update securities set type = ${terms.type}, effect = ${terms.effect}, value = ${terms.value}, currency = ${terms.currency}, percentage = ${terms.percentage}, cap = ${terms.cap ?? null},
      effective_from = ${terms.effectiveFrom}, expires_on = ${terms.expiresOn ?? null}, provider = ${terms.provider ?? null}, policy_number = ${terms.policyNumber ?? null}, note = ${terms.note ?? null},
      proposed_by = ${tx.actor.userId ?? null}, proposed_by_person = ${tx.actor.personId ?? null}, version = version + 1, updated_at = ${tx.now}
    where id = ${id}`
  await writeParts(tx, id, seen.value.segmentId, terms)
  await record(tx, 'security.change', id, { after: terms })
  return { kind: 'ok', value: (await findSecurity(tx, id))! }
}

/** Another person than who proposed it accepts it, and from its first day on it counts; or declines it. */
export async function decideSecurity(
  tx: Tx,
  { id, version, outcome, comment }: Seen & { readonly outcome: 'accept' | 'decline'; readonly comment?: string | null },
): Promise<SecurityResult> {
  const seen = await lockSeen(tx, { id, version })
  if (seen.kind !== 'ok') return seen
  const security = seen.value
  if (security.state !== 'proposed') return refused('NOT_PROPOSED')
  if (security.refusal) return { kind: 'refused', ...security.refusal }
  await tx`
    update securities set status = ${outcome === 'accept' ? 'accepted' : 'declined'}, decided_by = ${tx.actor.userId ?? null}, decided_by_person = ${tx.actor.personId ?? null},
      decided_at = ${tx.now}, decision_comment = ${comment ?? null}, version = version + 1, updated_at = ${tx.now} where id = ${id}`
  if (outcome === 'accept') {
    await writeInstruments(tx, security)
    if (security.replacesId !== null) await endSecurity(tx, security.replacesId, `replaced by security ${id}`)
  }
  await record(tx, outcome === 'accept' ? 'security.accept' : 'security.decline', id, { reason: comment ?? null })
  return { kind: 'ok', value: (await findSecurity(tx, id))! }
}

/** Cover that is withdrawn counts no more from today on; held orders and limits see it at once. A proposal is taken back. */
export async function withdrawSecurity(tx: Tx, { id, version, reason }: Seen & { readonly reason: string }): Promise<SecurityResult> {
  const seen = await lockSeen(tx, { id, version })
  if (seen.kind !== 'ok') return seen
  if (seen.value.state === 'withdrawn' || seen.value.state === 'declined') return refused('NOT_ACCEPTED')
  await endSecurity(tx, id, reason)
  await record(tx, 'security.withdraw', id, { reason })
  return { kind: 'ok', value: (await findSecurity(tx, id))! }
}

/** Tells of each security that has expired since, once; held orders of its accounts are looked at again. Gives back how many. */
export async function tellExpiredSecurities(sql: Sql, atMost = 100): Promise<number> {
  return asActor(sql, SYSTEM, async tx => {
    const expired = await tx<{ id: string; expires_on: string }[]>`
      update securities set expiry_told_at = ${tx.now}, updated_at = ${tx.now} where id in (
        select id from securities where status = 'accepted' and expiry_told_at is null and expires_on < ${today(tx)} order by id limit ${atMost} for update skip locked)
      returning id, expires_on`
    for (const { id, expires_on } of expired) {
      // Nothing of it changes; the day did, and those who wait for changes look again.
      await tx`update instruments set expires_on = expires_on where security_id = ${id}`
      await record(tx, 'security.expire', id, { after: { expiredOn: expires_on } })
    }
    return expired.length
  })
}

interface Seen {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
}

const REFUSALS: Readonly<Record<SecurityRefusal, Text>> = {
  NOT_PROPOSED: {
    en: 'This security is already decided; propose one that takes its place.',
    zh: '该担保已作出决定；如需变更，请提交替代方案。',
  },
  OWN_PROPOSAL: { en: 'You proposed this security yourself; somebody else has to accept it.', zh: '该担保由您本人提交，须由他人确认。' },
  NOT_ACCEPTED: { en: 'This security is not in force.', zh: '该担保未生效。' },
  FROM_SOURCE: {
    en: 'This security comes from an import; change it where it comes from, or withdraw it here.',
    zh: '该担保来自导入数据；请在来源系统中修改，或在此撤销。',
  },
}

function refused(code: SecurityRefusal): SecurityResult {
  return { kind: 'refused', code, message: REFUSALS[code] }
}

async function lockSeen(tx: Tx, { id, version }: Seen): Promise<Extract<SecurityResult, { kind: 'ok' | 'conflict' | 'notFound' }>> {
  await tx`select from securities where id = ${id} for update`
  const security = await findSecurity(tx, id)
  if (!security) return { kind: 'notFound' }
  return security.version === version ? { kind: 'ok', value: security } : { kind: 'conflict', current: security }
}

type Checked = { readonly kind: 'ok'; readonly segmentId: number } | Extract<SecurityResult, { kind: 'invalid' }>

async function checkTerms(tx: Tx, { value, parts, effectiveFrom, expiresOn }: SecurityTerms): Promise<Checked> {
  const issues: Issue[] = []
  const accounts = await tx<{ id: string; segment_id: number }[]>`
    select id, segment_id from credit_accounts where id = any (${parts.map(({ accountId }) => accountId)}::bigint[])`
  const segments = new Set(accounts.map(({ segment_id }) => segment_id))
  const say = (path: readonly string[], code: string, en: string, zh: string): void => void issues.push({ path, code, message: { en, zh } })
  if (parts.length === 0) say(['parts'], 'NO_ACCOUNT', 'Name at least one account that it stands for.', '请至少指定一个所担保的账户。')
  for (const [index, { accountId }] of parts.entries())
    if (!accounts.some(({ id }) => id === accountId))
      say(
        ['parts', String(index), 'accountId'],
        'UNKNOWN_ACCOUNT',
        `There is no account ${accountId}, or it is not in your segments.`,
        `账户 ${accountId} 不存在，或不在您的业务板块内。`,
      )
  if (segments.size > 1)
    say(['parts'], 'SEVERAL_SEGMENTS', 'All accounts of a security belong to one segment.', '一项担保的所有账户须属于同一业务板块。')
  if (new Set(parts.map(({ accountId }) => accountId)).size < parts.length)
    say(['parts'], 'ACCOUNT_TWICE', 'Each account is named once.', '每个账户只能出现一次。')
  const together = parts.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0))
  if (together.gt(value))
    say(
      ['parts'],
      'MORE_THAN_VALUE',
      `The parts add up to ${together.toFixed()}, more than the value of ${value}.`,
      `各部分合计 ${together.toFixed()}，超过担保价值 ${value}。`,
    )
  if (expiresOn && expiresOn < effectiveFrom)
    say(
      ['expiresOn'],
      'ENDS_BEFORE_IT_BEGINS',
      `It ends on ${expiresOn}, before it begins on ${effectiveFrom}.`,
      `到期日 ${expiresOn} 早于生效日 ${effectiveFrom}。`,
    )
  return issues.length > 0 ? { kind: 'invalid', issues } : { kind: 'ok', segmentId: accounts[0]!.segment_id }
}

async function writeParts(tx: Tx, id: string, segmentId: number, { parts }: SecurityTerms): Promise<void> {
  await tx`
    insert into security_parts (security_id, segment_id, account_id, amount)
    select ${id}, ${segmentId}, r.account_id, r.amount
    from jsonb_to_recordset(${tx.json(parts.map(({ accountId, amount }) => ({ account_id: accountId, amount })) as never)}) as r (account_id bigint, amount numeric)`
}

// A cap is shared as the value is, rounded down: together the parts never exceed it.
async function writeInstruments(tx: Tx, security: Security): Promise<void> {
  const parts = (await partsOfSecurities(tx, [security.id])).get(security.id) ?? []
  for (const { accountId, amount } of parts) {
    const cap =
      security.cap === null
        ? null
        : new Decimal(security.cap)
            .times(amount)
            .div(security.value)
            .toDecimalPlaces(minorUnits(security.currency), Decimal.ROUND_DOWN)
            .toFixed()
    await tx`
      insert into instruments (segment_id, customer_id, type, effect, value, currency, percentage, cap, recorded_on, effective_from, expires_on, reference, security_id)
      select a.segment_id, a.customer_id, ${security.type}, ${security.effect}, ${amount}, ${security.currency}, ${security.percentage}, ${cap}, ${today(tx)}, ${security.effectiveFrom},
        ${security.expiresOn}, ${security.policyNumber}, ${security.id} from credit_accounts a where a.id = ${accountId}`
  }
}

async function endSecurity(tx: Tx, id: string, reason: string): Promise<void> {
  await tx`
    update securities set status = 'withdrawn', withdrawn_on = ${today(tx)}, withdrawn_by = ${tx.actor.userId ?? null}, withdrawal_reason = ${reason}, version = version + 1, updated_at = ${tx.now}
    where id = ${id} and status in ('proposed', 'accepted')`
  await tx`update instruments set withdrawn_on = ${today(tx)} where security_id = ${id} and withdrawn_on is null`
}

// The record, and word to everybody who looks at the security or one of its customers.
async function record(
  tx: Tx,
  action: string,
  id: string,
  { reason, after }: { readonly reason?: string | null; readonly after?: unknown } = {},
): Promise<void> {
  const accounts = await tx<{ segment_id: number; account_id: string; customer_id: string }[]>`
    select s.segment_id, p.account_id, a.customer_id from securities s left join security_parts p on p.security_id = s.id left join credit_accounts a on a.id = p.account_id where s.id = ${id}`
  const segmentId = accounts[0]!.segment_id
  await appendAudit(tx, { action, entity: 'Security', entityId: id, segmentId, reason: reason ?? null, after })
  for (const { account_id, customer_id } of accounts) {
    await publishChange(tx, { entity: 'Security', id, customerId: customer_id, segmentId })
    if (account_id !== null) await publishChange(tx, { entity: 'CreditAccount', id: account_id, customerId: customer_id, segmentId })
  }
}

const SORT_KEYS: Readonly<Record<SecuritySortField, (tx: Tx) => SortKey>> = {
  createdAt: tx => ({ expression: tx`s.created_at`, type: 'timestamptz' }),
  expiresOn: tx => ({ expression: tx`s.expires_on`, type: 'date' }),
  value: tx => ({ expression: tx`s.value`, type: 'numeric' }),
  type: tx => ({ expression: tx`s.type`, type: 'text' }),
}

function selectSecurities(tx: Tx, more: Fragment = tx``): Fragment {
  const day = today(tx)
  return tx`
    select s.*, least(round(s.value * s.percentage / 100, 2), s.cap) as worth,
      case
        when s.status <> 'accepted' then s.status
        when s.effective_from > ${day}::date then 'upcoming'
        when s.expires_on < ${day}::date then 'expired'
        else 'in-force'
      end as state,
      case when s.status = 'proposed' and s.proposed_by_person = ${tx.actor.personId ?? null}::bigint then 'OWN_PROPOSAL' end as refusal ${more}
    from securities s`
}

interface SecurityRow {
  readonly id: string
  readonly segment_id: number
  readonly type: SecurityType
  readonly effect: SecurityEffect
  readonly value: string
  readonly currency: string
  readonly percentage: string
  readonly cap: string | null
  readonly worth: string
  readonly effective_from: string
  readonly expires_on: string | null
  readonly provider: string | null
  readonly policy_number: string | null
  readonly note: string | null
  readonly origin: 'person' | 'source'
  readonly state: SecurityState
  readonly replaces_id: string | null
  readonly proposed_by: string | null
  readonly decided_by: string | null
  readonly decided_at: Date | null
  readonly decision_comment: string | null
  readonly withdrawn_on: string | null
  readonly withdrawal_reason: string | null
  readonly refusal: SecurityRefusal | null
  readonly version: number
  readonly created_at: Date
}

function toSecurity(row: SecurityRow): Security {
  return {
    id: row.id,
    segmentId: row.segment_id,
    type: row.type,
    effect: row.effect,
    value: amountOf(row.value, row.currency),
    currency: row.currency,
    percentage: Number(row.percentage),
    cap: amountOrNull(row.cap, row.currency),
    worth: amountOf(row.worth, row.currency),
    effectiveFrom: row.effective_from,
    expiresOn: row.expires_on,
    provider: row.provider,
    policyNumber: row.policy_number,
    note: row.note,
    isImported: row.origin === 'source',
    state: row.state,
    replacesId: row.replaces_id,
    proposedBy: row.proposed_by,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decisionComment: row.decision_comment,
    withdrawnOn: row.withdrawn_on,
    withdrawalReason: row.withdrawal_reason,
    refusal: row.refusal && { code: row.refusal, message: REFUSALS[row.refusal] },
    version: row.version,
    createdAt: row.created_at,
  }
}

interface DocumentRow {
  readonly id: string
  readonly security_id: string
  readonly name: string
  readonly sha256: string
  readonly size: string
  readonly added_by: string | null
  readonly created_at: Date
}

function toDocument(row: DocumentRow): SecurityDocument {
  return {
    id: row.id,
    securityId: row.security_id,
    name: row.name,
    sha256: row.sha256,
    size: Number(row.size),
    addedBy: row.added_by,
    createdAt: row.created_at,
  }
}
