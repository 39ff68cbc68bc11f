import { addDays, Decimal, planDunning, roundAmount, type DunningLetter, type DunningPlan } from '@surety/credit'
import type { CompiledPolicy } from '@surety/engine'
import { appendAudit } from './audit.ts'
import { loadBook } from './book.ts'
import { publishChange } from './live.ts'
import { sendMail } from './mail/mails.ts'
import type { MailTemplateKey } from './mail/shipped-templates.ts'
import { settlePromise } from './promises.ts'
import { today, type Tx } from './sql.ts'

/** A policy of kind `dunning` in one version, compiled. */
export interface DunningPolicy {
  readonly id: string
  readonly version: number
  readonly compiled: CompiledPolicy
}

export interface DunningAccount {
  readonly customerId: string
  readonly segmentId: number
}

/** A letter as it was sent. */
export interface SentLetter {
  readonly id: string
  readonly kind: DunningLetter['kind']
  readonly level: number
  readonly currency: string
  readonly total: string
  readonly fee: string | null
  readonly documentIds: readonly string[]
  readonly mailId: string | null
}

export interface DunningRun {
  readonly asOf: string
  readonly letters: readonly SentLetter[]
  readonly promises: { readonly kept: number; readonly broken: number }
  /** Something may still come due: whoever runs this looks again. */
  readonly isOpen: boolean
}

/** A customer is asked to pay within a week of the letter. */
const PAY_WITHIN_DAYS = 7

/** What a run would send today, and why the rest waits. Writes nothing. */
export async function previewDunning(
  tx: Tx,
  { customerId, segmentId }: DunningAccount,
  policy: DunningPolicy,
  asOf = today(tx),
): Promise<DunningPlan | undefined> {
  const book = await loadBook(tx, customerId, { segmentId, asOf })
  return book && planDunning(book, asOf, policy.compiled, await hadCourtesy(tx, customerId))
}

/**
 * One run for one customer on one day: promises whose day has passed are kept or broken, letters go out, and the case
 * follows what is open. All in the caller's transaction; a run that is repeated on the day finds its letters and sends nothing.
 */
export async function runDunning(tx: Tx, account: DunningAccount, policy: DunningPolicy): Promise<DunningRun | undefined> {
  const { customerId, segmentId } = account
  const asOf = today(tx)
  const [locked] = await tx`
    select id from credit_accounts where customer_id = ${customerId} and segment_id = ${segmentId} for update`
  if (!locked) return undefined
  const promises = await settlePromises(tx, account, asOf)
  const plan = await previewDunning(tx, account, policy, asOf)
  if (!plan) return undefined
  await followCase(tx, account, plan)
  const letters: SentLetter[] = []
  for (const letter of plan.letters) {
    const sent = await sendLetter(tx, account, policy, asOf, letter)
    if (sent) letters.push(sent)
  }
  if (letters.length > 0) await publishChange(tx, { entity: 'DunningCase', id: customerId, customerId, segmentId })
  return { asOf, letters, promises, isOpen: plan.lines.length > 0 }
}

/** Accounts for which a run may have something to do: open invoices that are due within some days, or open cases and promises. */
export async function accountsToDun(tx: Tx, options: { readonly dueWithinDays?: number } = {}): Promise<DunningAccount[]> {
  const until = addDays(today(tx), options.dueWithinDays ?? 7)
  const rows = await tx<{ customer_id: string; segment_id: number }[]>`
    select customer_id, segment_id from documents
    where type = 'invoice' and open_amount > 0 and cancelled_on is null and closed_on is null and due_on <= ${until}::date
    union select customer_id, segment_id from dunning_cases where resolved_on is null
    union select customer_id, segment_id from promises_to_pay where state = 'open' and due_on < ${today(tx)}::date
    order by 1, 2`
  return rows.map(row => ({ customerId: row.customer_id, segmentId: row.segment_id }))
}

async function hadCourtesy(tx: Tx, customerId: string): Promise<Set<string>> {
  const rows = await tx<{ document_id: string }[]>`
    select i.document_id from dunning_letter_items i join dunning_letters l on l.id = i.letter_id
    where l.customer_id = ${customerId} and l.kind = 'courtesy'`
  return new Set(rows.map(row => row.document_id))
}

/** A promise is kept when as much as was promised came between the promise and its day. */
async function settlePromises(tx: Tx, { customerId, segmentId }: DunningAccount, asOf: string): Promise<DunningRun['promises']> {
  const due = await tx<{ id: string; due_on: string; is_kept: boolean }[]>`
    select p.id, p.due_on, coalesce(sum(m.amount), 0) >= p.amount as is_kept
    from promises_to_pay p left join payments m on m.customer_id = p.customer_id and m.segment_id = p.segment_id and m.currency = p.currency
      and m.received_on between p.made_on and p.due_on and (m.cancelled_on is null or m.cancelled_on > ${asOf}::date)
    where p.customer_id = ${customerId} and p.segment_id = ${segmentId} and p.state = 'open' and p.due_on < ${asOf}::date
    group by p.id, p.due_on, p.amount order by p.due_on, p.id`
  for (const { id, due_on, is_kept } of due) await settlePromise(tx, id, is_kept ? 'kept' : 'broken', due_on)
  const kept = due.filter(({ is_kept }) => is_kept).length
  return { kept, broken: due.length - kept }
}

/** Resolves a case when nothing that was reminded of is open, and takes that back when it is again. */
async function followCase(tx: Tx, { customerId, segmentId }: DunningAccount, { asOf, lines }: DunningPlan): Promise<void> {
  const dunned = lines.filter(({ level }) => level > 0)
  if (dunned.length === 0) {
    const resolved = await tx<{ id: string }[]>`
      update dunning_cases set resolved_on = ${asOf}, blocks_credit = false
      where customer_id = ${customerId} and segment_id = ${segmentId} and resolved_on is null returning id`
    for (const { id } of resolved) await recordCase(tx, 'dunning.resolve', id, segmentId, { resolvedOn: asOf })
    return
  }
  const [open] =
    await tx`select id from dunning_cases where customer_id = ${customerId} and segment_id = ${segmentId} and resolved_on is null`
  if (open) return
  const [reopened] = await tx<{ id: string }[]>`
    update dunning_cases set resolved_on = null where id = (
      select l.case_id from dunning_letters l join dunning_letter_items i on i.letter_id = l.id
      where l.customer_id = ${customerId} and l.segment_id = ${segmentId} and l.case_id is not null
        and i.document_id = any (${dunned.map(({ documentId }) => documentId)}::bigint[])
      order by l.id desc limit 1
    ) returning id`
  if (reopened) await recordCase(tx, 'dunning.reopen', reopened.id, segmentId, { on: asOf })
}

async function sendLetter(
  tx: Tx,
  account: DunningAccount,
  policy: DunningPolicy,
  asOf: string,
  letter: DunningLetter,
): Promise<SentLetter | undefined> {
  const { customerId, segmentId } = account
  const caseId = letter.kind === 'courtesy' ? null : await openCase(tx, account, asOf)
  const payBy = addDays(asOf, PAY_WITHIN_DAYS)
  const [written] = await tx<{ id: string }[]>`
    insert into dunning_letters (segment_id, customer_id, case_id, run_on, kind, level, channel, currency, total, interest, pay_by, policy_id, policy_version, created_at)
    values (${segmentId}, ${customerId}, ${caseId}, ${asOf}, ${letter.kind}, ${letter.level}, ${letter.channel}, ${letter.currency}, ${letter.total}, ${letter.interest}, ${payBy},
      ${policy.id}, ${policy.version}, ${tx.now})
    on conflict do nothing returning id`
  // The run of this day has been here before.
  if (!written) return undefined
  const { id } = written
  const items = letter.lines.map(line => ({
    document_id: line.documentId,
    level: line.nextLevel,
    open_amount: line.openAmount,
    days_past_due: line.daysPastDue,
    interest_rate: line.interestRate,
    interest: line.interest,
  }))
  await tx`
    insert into dunning_letter_items (letter_id, document_id, segment_id, level, open_amount, days_past_due, interest_rate, interest)
    select ${id}, document_id, ${segmentId}, level, open_amount, days_past_due, interest_rate, interest
    from jsonb_to_recordset(${tx.json(items)}) as i (document_id bigint, level int, open_amount numeric, days_past_due int, interest_rate numeric, interest numeric)`
  if (caseId !== null)
    await tx`
      insert into reminders (segment_id, customer_id, document_id, level, sent_on, letter_id)
      select ${segmentId}, ${customerId}, document_id, level, ${asOf}, ${id} from jsonb_to_recordset(${tx.json(items)}) as i (document_id bigint, level int)`
  const fee = caseId === null ? null : await chargeFee(tx, account, caseId, asOf, letter, id)
  if (caseId !== null)
    await tx`
      update dunning_cases set level = greatest(level, ${letter.level}), blocks_credit = blocks_credit or ${letter.lines.some(line => line.blocksCredit)} where id = ${caseId}`
  const mailId = await mailLetter(tx, account, asOf, payBy, letter, id, fee)
  await appendAudit(tx, {
    action: 'dunning.send',
    entity: 'DunningLetter',
    entityId: id,
    segmentId,
    after: { customerId, kind: letter.kind, level: letter.level, total: letter.total, currency: letter.currency, items: items.length },
  })
  return {
    id,
    kind: letter.kind,
    level: letter.level,
    currency: letter.currency,
    total: letter.total,
    fee,
    documentIds: letter.lines.map(({ documentId }) => documentId),
    mailId,
  }
}

async function openCase(tx: Tx, { customerId, segmentId }: DunningAccount, asOf: string): Promise<string> {
  const [found] = await tx<{ id: string }[]>`
    select id from dunning_cases where customer_id = ${customerId} and segment_id = ${segmentId} and resolved_on is null`
  if (found) return found.id
  const [opened] = await tx<{ id: string }[]>`
    insert into dunning_cases (segment_id, customer_id, opened_on) values (${segmentId}, ${customerId}, ${asOf}) returning id`
  await recordCase(tx, 'dunning.open', opened!.id, segmentId, { openedOn: asOf })
  return opened!.id
}

/** The fee of a level that the case reaches for the first time; null when it was charged before, or costs nothing. */
async function chargeFee(
  tx: Tx,
  { segmentId }: DunningAccount,
  caseId: string,
  asOf: string,
  letter: DunningLetter,
  letterId: string,
): Promise<string | null> {
  if (new Decimal(letter.fee).lessThanOrEqualTo(0)) return null
  const [charged] = await tx`
    insert into dunning_fees (case_id, level, segment_id, letter_id, amount, currency, charged_on)
    values (${caseId}, ${letter.level}, ${segmentId}, ${letterId}, ${letter.fee}, ${letter.currency}, ${asOf}) on conflict do nothing returning level`
  return charged ? letter.fee : null
}

async function mailLetter(
  tx: Tx,
  { customerId, segmentId }: DunningAccount,
  asOf: string,
  payBy: string,
  letter: DunningLetter,
  letterId: string,
  fee: string | null,
): Promise<string | null> {
  if (letter.channel === 'phone') {
    await tx`update dunning_letters set undelivered = 'phone' where id = ${letterId}`
    return null
  }
  const [names] = await tx<{ customer: string; creditor: string; language: string; numbers: Record<string, string> }[]>`
    select c.name as customer, case when c.language = 'zh-CN' then s.name_zh else s.name_en end as creditor, c.language,
      (select jsonb_object_agg(d.id, d.number) from documents d where d.id = any (${letter.lines.map(({ documentId }) => documentId)}::bigint[])) as numbers
    from customers c, segments s where c.id = ${customerId} and s.id = ${segmentId}`
  const sent = await sendMail(tx, {
    key: `dunning-letter-${letterId}`,
    template: templateOf(letter),
    to: { customerId },
    segmentId,
    params: {
      customer: names!.customer,
      creditor: names!.creditor,
      asOf,
      payBy,
      currency: letter.currency,
      total: grouped(letter.total),
      hasCosts: fee !== null || new Decimal(letter.interest).greaterThan(0),
      fee: grouped(fee ?? roundAmount(new Decimal(0), letter.currency)),
      interest: grouped(letter.interest),
      items: letter.lines.map(({ documentId, dueDate, openAmount, daysPastDue }) => ({
        number: names!.numbers[documentId] ?? documentId,
        dueOn: dueDate,
        amount: grouped(openAmount),
        daysPastDue: daysPastDue > 0 ? daysPastDue : 0,
      })),
    },
  })
  if (sent.kind === 'queued') {
    await tx`update dunning_letters set mail_id = ${sent.id} where id = ${letterId}`
    return sent.id
  }
  await tx`update dunning_letters set undelivered = 'no address' where id = ${letterId}`
  return null
}

function templateOf({ kind, level }: DunningLetter): MailTemplateKey {
  if (kind === 'courtesy') return 'dunning.courtesy'
  if (kind === 'final') return 'dunning.final'
  return level <= 1 ? 'dunning.first' : 'dunning.second'
}

/** 1234567.5 as people read it in a letter. */
function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.')
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`
}

function recordCase(tx: Tx, action: string, id: string, segmentId: number, after: unknown): Promise<void> {
  return appendAudit(tx, { action, entity: 'DunningCase', entityId: id, segmentId, after })
}
