import { isCleared, warningsOf, type AlertSeverity, type Warning, type Warnings } from '@surety/credit'
import type { CompiledPolicy, Text } from '@surety/engine'
import { appendAudit } from './audit.ts'
import { loadBook } from './book.ts'
import { recordDecision } from './decisions.ts'
import { groupBy } from './group.ts'
import { publishChange } from './live.ts'
import { selectPage, type Page, type PageRequest } from './page.ts'
import { NOT_FOUND, ok, type Result } from './result.ts'
import { today, type Tx } from './sql.ts'

export const ALERT_STATUSES = ['open', 'acknowledged', 'acting', 'closed'] as const
export type AlertStatus = (typeof ALERT_STATUSES)[number]

/** An indicator of a customer that reached its threshold, and what people made of it. */
export interface Alert {
  readonly id: string
  readonly segmentId: number
  readonly customerId: string
  readonly indicator: string
  readonly fact: string | null
  readonly severity: AlertSeverity
  readonly status: AlertStatus
  readonly value: unknown
  readonly threshold: number | null
  readonly clearAt: number | null
  readonly message: Text
  readonly decisionId: string
  readonly openedAt: Date
  readonly seenAt: Date
  readonly handledBy: string | null
  /** Not shown among the open ones before this day. */
  readonly snoozedUntil: string | null
  readonly comment: string | null
  readonly closedOn: string | null
  /** Null while it stands, and when it closed by itself. */
  readonly closedBy: string | null
  readonly version: number
}

export interface AlertFilter {
  readonly statuses?: readonly AlertStatus[]
  readonly severity?: AlertSeverity
  readonly indicator?: string
  readonly customerId?: string
  /** Those that are snoozed too. */
  readonly withSnoozed?: boolean
}

/** A policy of kind `early-warning` in one version, compiled. */
export interface WarningPolicy {
  readonly id: string
  readonly version: number
  readonly hash: string
  readonly compiled: CompiledPolicy
}

export interface AlertReview {
  readonly opened: number
  readonly changed: number
  readonly closed: number
}

/**
 * Looks at one customer: alerts open, grow graver, and close when their figure is back. All in the caller's transaction;
 * a second look at the same book changes nothing.
 */
export async function reviewAlerts(
  tx: Tx,
  { customerId, segmentId }: { readonly customerId: string; readonly segmentId: number },
  policy: WarningPolicy,
): Promise<AlertReview> {
  const asOf = today(tx)
  const [account] =
    await tx`select id from credit_accounts where customer_id = ${customerId} and segment_id = ${segmentId} for no key update`
  const book = account && (await loadBook(tx, customerId, { segmentId, asOf }))
  if (!book) return { opened: 0, changed: 0, closed: 0 }
  const seen = warningsOf(book, asOf, policy.compiled)
  await keepValues(tx, customerId, segmentId, asOf, seen)
  const rows = await tx<AlertRow[]>`
    select distinct on (indicator) * from alerts where customer_id = ${customerId} and segment_id = ${segmentId} order by indicator, id desc`
  const latest = new Map(rows.map(row => [row.indicator, row]))
  let [opened, changed, closed] = [0, 0, 0]
  let decisionId: string | undefined
  const decided = async (): Promise<string> =>
    (decisionId ??= (
      await recordDecision(tx, {
        segmentId,
        customerId,
        kind: 'early-warning',
        policyId: policy.id,
        policyVersion: policy.version,
        policyHash: policy.hash,
        asOf,
        facts: seen.facts,
        result: seen.decision,
        subject: `customer:${customerId}`,
      })
    ).id)
  for (const warning of seen.warnings) {
    const before = latest.get(warning.indicator)
    if (before && before.status !== 'closed') {
      if (await refresh(tx, before, warning, decided)) changed += 1
    } else if (!isCoolingDown(before, warning, asOf)) {
      if (await open(tx, customerId, segmentId, asOf, warning, await decided())) opened += 1
    }
  }
  const standing = new Set(seen.warnings.map(({ indicator }) => indicator))
  for (const row of latest.values()) {
    if (row.status === 'closed' || standing.has(row.indicator)) continue
    const value = row.fact === null ? undefined : seen.facts[row.fact]
    // A figure that is not known has not come back, unless there is nothing left to have one.
    const isGone = row.fact !== null && seen.goneFacts.has(row.fact)
    if (row.fact !== null && value === undefined && !isGone) continue
    if (!isGone && !isCleared(value, numberOf(row.threshold), numberOf(row.clear_at))) continue
    await tx`
      update alerts set status = 'closed', closed_on = ${asOf}, value = ${tx.json((value ?? null) as never)}, seen_at = ${tx.now}, version = version + 1 where id = ${row.id}`
    await record(tx, row, 'alert.clear', { value: value ?? null })
    closed += 1
  }
  return { opened, changed, closed }
}

/** Gravest and newest first. */
export async function listAlerts(tx: Tx, filter: AlertFilter, page: PageRequest): Promise<Page<Alert>> {
  const matched = tx`
    select a.*, a.id as page_id, (case a.severity when 'critical' then 10000000000 else 0 end + extract(epoch from a.opened_at))::numeric as page_key from alerts a
    where a.status = any (${(filter.statuses ?? ['open', 'acknowledged', 'acting']) as string[]})
      ${filter.severity ? tx`and a.severity = ${filter.severity}` : tx``}
      ${filter.indicator ? tx`and a.indicator = ${filter.indicator}` : tx``}
      ${filter.customerId ? tx`and a.customer_id = ${filter.customerId}` : tx``}
      ${filter.withSnoozed ? tx`` : tx`and (a.snoozed_until is null or a.snoozed_until <= ${today(tx)}::date or a.status = 'closed')`}`
  return selectPage<AlertRow, Alert>(tx, matched, 'numeric', true, page, toAlert)
}

export async function findAlert(tx: Tx, id: string): Promise<Alert | undefined> {
  const [row] = await tx<AlertRow[]>`select * from alerts where id = ${id}`
  return row && toAlert(row)
}

/** How many stand, unsnoozed, by severity. */
export async function countAlerts(tx: Tx): Promise<Record<AlertSeverity, number>> {
  const rows = await tx<{ severity: AlertSeverity; count: string }[]>`
    select severity, count(*) as count from alerts
    where status <> 'closed' and (snoozed_until is null or snoozed_until <= ${today(tx)}::date) group by 1`
  const of = (severity: AlertSeverity): number => Number(rows.find(row => row.severity === severity)?.count ?? 0)
  return { warn: of('warn'), critical: of('critical') }
}

/** The values behind alerts, oldest first, at most a year of them. */
export async function indicatorValuesOf(
  tx: Tx,
  alerts: readonly Pick<Alert, 'id' | 'customerId' | 'segmentId' | 'fact'>[],
): Promise<Map<string, { day: string; value: number }[]>> {
  const wanted = alerts.filter(({ fact }) => fact !== null)
  const rows = await tx<{ alert: string; day: string; value: string }[]>`
    select w.alert, v.day, v.value
    from jsonb_to_recordset(${tx.json(wanted.map(({ id, customerId, segmentId, fact }) => ({ alert: id, customer: customerId, segment: segmentId, fact })))}) as w (alert bigint, customer bigint, segment int, fact text)
    join indicator_values v on v.customer_id = w.customer and v.segment_id = w.segment and v.fact = w.fact and v.day > ${today(tx)}::date - 366
    order by v.day`
  const grouped = groupBy(
    alerts.map(({ id }) => id),
    rows,
    ({ alert }) => alert,
  )
  return new Map([...grouped].map(([id, own]) => [id, own.map(({ day, value }) => ({ day, value: Number(value) }))]))
}

export type AlertAct =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'act'; readonly comment: string }
  | { readonly kind: 'snooze'; readonly until: string; readonly comment: string }
  | { readonly kind: 'close'; readonly comment: string }
  | { readonly kind: 'reopen' }

/** What a person does about an alert; `version` is as they last saw it. */
export async function handleAlert(tx: Tx, id: string, version: number, act: AlertAct): Promise<Result<Alert>> {
  const [row] = await tx<AlertRow[]>`select * from alerts where id = ${id} for update`
  if (!row) return NOT_FOUND
  if (row.version !== version) return { kind: 'conflict', current: toAlert(row) }
  const invalid = checkAct(act, today(tx))
  if (invalid) return { kind: 'invalid', issues: [invalid] }
  const userId = tx.actor.userId ?? null
  const status = { acknowledge: 'acknowledged', act: 'acting', snooze: row.status, close: 'closed', reopen: 'open' }[act.kind]
  const [after] = await tx<AlertRow[]>`
    update alerts set status = ${status}, handled_by = ${userId}, comment = coalesce(${'comment' in act ? act.comment : null}, comment),
      snoozed_until = ${act.kind === 'snooze' ? act.until : null}, closed_on = ${act.kind === 'close' ? today(tx) : null}, closed_by = ${act.kind === 'close' ? userId : null},
      version = version + 1
    where id = ${id} returning *`
  await record(tx, row, `alert.${act.kind}`, {
    status,
    ...('comment' in act && { comment: act.comment }),
    ...('until' in act && { until: act.until }),
  })
  return ok(toAlert(after!))
}

function checkAct(act: AlertAct, day: string) {
  if ('comment' in act && act.comment.trim() === '')
    return { path: ['comment'], code: 'EMPTY', message: { en: 'Say why, in a few words.', zh: '请简要说明原因。' } }
  if (act.kind === 'snooze' && act.until <= day)
    return { path: ['until'], code: 'NOT_LATER', message: { en: 'Choose a day after today.', zh: '请选择今天之后的日期。' } }
  return undefined
}

/** After it closed, the same severity is not told again for a while. */
function isCoolingDown(before: AlertRow | undefined, warning: Warning, asOf: string): boolean {
  if (!before?.closed_on) return false
  if (before.severity === 'warn' && warning.severity === 'critical') return before.opened_on === asOf
  const days = Math.round((Date.parse(asOf) - Date.parse(before.closed_on)) / 86_400_000)
  return before.opened_on === asOf || days < before.cool_down_days
}

async function open(tx: Tx, customerId: string, segmentId: number, asOf: string, warning: Warning, decisionId: string): Promise<boolean> {
  const [row] = await tx<AlertRow[]>`
    insert into alerts (segment_id, customer_id, indicator, fact, severity, value, threshold, clear_at, cool_down_days, reason_code, message, decision_id, opened_on, opened_at, seen_at)
    values (${segmentId}, ${customerId}, ${warning.indicator}, ${warning.fact ?? null}, ${warning.severity}, ${tx.json((warning.value ?? null) as never)}, ${warning.threshold ?? null},
      ${warning.clearAt ?? null}, ${warning.coolDownDays}, ${warning.reasonCode}, ${tx.json(warning.message as never)}, ${decisionId}, ${asOf}, ${tx.now}, ${tx.now})
    on conflict do nothing returning *`
  if (!row) return false
  await record(tx, row, 'alert.open', { indicator: warning.indicator, severity: warning.severity, value: warning.value ?? null })
  return true
}

/** What stands is brought up to date; what grew graver is open again, whoever had it. */
async function refresh(tx: Tx, before: AlertRow, warning: Warning, decided: () => Promise<string>): Promise<boolean> {
  const isSame = JSON.stringify(before.value) === JSON.stringify(warning.value ?? null) && before.severity === warning.severity
  if (isSame) return false
  const isGraver = before.severity === 'warn' && warning.severity === 'critical'
  await tx`
    update alerts set severity = ${warning.severity}, value = ${tx.json((warning.value ?? null) as never)}, threshold = ${warning.threshold ?? null}, clear_at = ${warning.clearAt ?? null},
      cool_down_days = ${warning.coolDownDays}, reason_code = ${warning.reasonCode}, message = ${tx.json(warning.message as never)}, seen_at = ${tx.now},
      decision_id = ${isGraver ? await decided() : before.decision_id}, status = ${isGraver ? 'open' : before.status}, snoozed_until = ${isGraver ? null : before.snoozed_until}, version = version + 1
    where id = ${before.id}`
  if (before.severity !== warning.severity)
    await record(tx, before, 'alert.change', { severity: warning.severity, value: warning.value ?? null })
  else await publishChange(tx, { entity: 'Alert', id: before.id, customerId: before.customer_id, segmentId: before.segment_id })
  return true
}

async function keepValues(tx: Tx, customerId: string, segmentId: number, asOf: string, { facts }: Warnings): Promise<void> {
  const values = Object.entries(facts).flatMap(([fact, value]) => {
    const number = typeof value === 'boolean' ? Number(value) : Number(value)
    return value === null || Number.isNaN(number) ? [] : [{ fact, value: number }]
  })
  await tx`
    insert into indicator_values (segment_id, customer_id, fact, day, value)
    select ${segmentId}, ${customerId}, fact, ${asOf}, value from jsonb_to_recordset(${tx.json(values)}) as v (fact text, value numeric)
    on conflict (customer_id, segment_id, fact, day) do update set value = excluded.value where indicator_values.value <> excluded.value`
}

async function record(tx: Tx, { id, segment_id, customer_id }: AlertRow, action: string, after: unknown): Promise<void> {
  await appendAudit(tx, { action, entity: 'Alert', entityId: id, segmentId: segment_id, after })
  await publishChange(tx, { entity: 'Alert', id, customerId: customer_id, segmentId: segment_id })
}

interface AlertRow {
  readonly id: string
  readonly segment_id: number
  readonly customer_id: string
  readonly indicator: string
  readonly fact: string | null
  readonly severity: AlertSeverity
  readonly status: AlertStatus
  readonly value: unknown
  readonly threshold: string | null
  readonly clear_at: string | null
  readonly cool_down_days: number
  readonly message: Text
  readonly decision_id: string
  readonly opened_on: string
  readonly opened_at: Date
  readonly seen_at: Date
  readonly handled_by: string | null
  readonly snoozed_until: string | null
  readonly comment: string | null
  readonly closed_on: string | null
  readonly closed_by: string | null
  readonly version: number
}

const numberOf = (value: string | null): number | undefined => (value === null ? undefined : Number(value))

function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    segmentId: row.segment_id,
    customerId: row.customer_id,
    indicator: row.indicator,
    fact: row.fact,
    severity: row.severity,
    status: row.status,
    value: row.value,
    threshold: numberOf(row.threshold) ?? null,
    clearAt: numberOf(row.clear_at) ?? null,
    message: row.message,
    decisionId: row.decision_id,
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    handledBy: row.handled_by,
    snoozedUntil: row.snoozed_until,
    comment: row.comment,
    closedOn: row.closed_on,
    closedBy: row.closed_by,
    version: row.version,
  }
}
