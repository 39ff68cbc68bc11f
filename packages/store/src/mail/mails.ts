import { publishChange } from '../live.ts'
import { selectPage, type Page, type PageRequest } from '../page.ts'
import { NOT_FOUND, ok, type Result } from '../result.ts'
import { asActor, SYSTEM, type Sql, type Tx } from '../sql.ts'
import { findMailTemplate, isMailTemplateKey, renderMail } from './mail-templates.ts'
import type { MailLanguage, MailParams, MailTemplateKey } from './shipped-templates.ts'

export const MAIL_STATUSES = ['queued', 'sending', 'sent', 'failed'] as const
export type MailStatus = (typeof MAIL_STATUSES)[number]

/** A mail to one reader. */
export interface Mail {
  readonly id: string
  readonly segmentId: number | null
  readonly template: string
  readonly language: MailLanguage
  readonly userId: string | null
  readonly customerId: string | null
  readonly address: string
  /** Null until it is first sent. */
  readonly subject: string | null
  readonly body: string | null
  readonly status: MailStatus
  readonly attempts: number
  readonly lastError: string | null
  readonly createdAt: Date
  readonly sentAt: Date | null
}

export interface NewMail {
  /** Once per event and reader: the same key twice is one mail. */
  readonly key: string
  readonly template: MailTemplateKey
  readonly to: { readonly userId: string } | { readonly customerId: string }
  readonly segmentId: number | null
  /** `name` is the reader's unless given. */
  readonly params: MailParams
}

export interface MailFilter {
  readonly status?: MailStatus
  readonly customerId?: string
  readonly template?: string
}

/**
 * Sends a mail when the transaction commits, in the reader's language. `noAddress` when nobody knows where to:
 * for a customer, the first contact who has one.
 */
export async function sendMail(tx: Tx, mail: NewMail): Promise<{ kind: 'queued'; id: string } | { kind: 'noAddress' }> {
  const reader = 'userId' in mail.to ? await readUser(tx, mail.to.userId) : await readContact(tx, mail.to.customerId)
  if (!reader) return { kind: 'noAddress' }
  const [row] = await tx<{ id: string; is_new: boolean }[]>`
    with added as (
      insert into mails (segment_id, key, template, language, user_id, customer_id, address, params, next_attempt_at, created_at)
      values (${mail.segmentId}, ${mail.key}, ${mail.template}, ${reader.language}, ${'userId' in mail.to ? mail.to.userId : null}, ${'customerId' in mail.to ? mail.to.customerId : null},
        ${reader.address}, ${tx.json({ name: reader.name, ...mail.params })}, ${tx.now}, ${tx.now})
      on conflict (key) do nothing returning id
    )
    select id, true as is_new from added union all select id, false from mails where key = ${mail.key} limit 1`
  await tx`select pg_notify('surety_outbox', 'mail')`
  return { kind: 'queued', id: row!.id }
}

/** A mail with the words it says, ready for a mail server. */
export interface DueMail {
  readonly id: string
  readonly address: string
  readonly subject: string
  readonly body: string
  readonly attempts: number
}

/**
 * Takes up to `batch` mails that are due, so that no other process sends them meanwhile. Whoever takes one must settle it;
 * one that was never settled is due again after two minutes, with the same id and words.
 */
export async function claimMails(sql: Sql, baseUrl: string, batch = 20): Promise<DueMail[]> {
  return asActor(sql, SYSTEM, async tx => {
    const rows = await tx<ClaimedRow[]>`
      update mails set status = 'sending', attempts = attempts + 1, next_attempt_at = ${new Date(tx.now.getTime() + UNSETTLED_MS)}
      where id in (
        select id from mails where status in ('queued', 'sending') and next_attempt_at <= ${tx.now} order by next_attempt_at, id limit ${batch} for update skip locked
      ) returning id, address, template, language, params, subject, body, attempts`
    return Promise.all(rows.map(row => withWords(tx, row, baseUrl)))
  })
}

/** Notes what the mail server said. A refusal that is final is not tried again. */
export async function settleMail(
  sql: Sql,
  mail: DueMail,
  outcome: { readonly kind: 'sent' } | { readonly kind: 'failed'; readonly why: string; readonly isFinal: boolean },
): Promise<void> {
  await asActor(sql, SYSTEM, async tx => {
    if (outcome.kind === 'sent') {
      await tx`update mails set status = 'sent', sent_at = ${tx.now}, last_error = null where id = ${mail.id}`
    } else {
      const status = outcome.isFinal || mail.attempts >= MOST_ATTEMPTS ? 'failed' : 'queued'
      const retryAt = new Date(tx.now.getTime() + Math.min(LONGEST_MS, 1_000 * 2 ** Math.min(mail.attempts, 12)))
      await tx`update mails set status = ${status}, next_attempt_at = ${retryAt}, last_error = ${outcome.why.slice(0, 500)} where id = ${mail.id}`
    }
    await publishChange(tx, { entity: 'Mail', id: mail.id, segmentId: null })
  })
}

/** Newest first. */
export async function listMails(tx: Tx, filter: MailFilter, page: PageRequest): Promise<Page<Mail>> {
  const matched = tx`
    select m.*, m.id as page_id, m.id::numeric as page_key from mails m where true
      ${filter.status ? tx`and m.status = ${filter.status}` : tx``}
      ${filter.customerId ? tx`and m.customer_id = ${filter.customerId}` : tx``}
      ${filter.template ? tx`and m.template = ${filter.template}` : tx``}`
  return selectPage<MailRow, Mail>(tx, matched, 'numeric', true, page, toMail)
}

export async function findMail(tx: Tx, id: string): Promise<Mail | undefined> {
  const [row] = await tx<MailRow[]>`select * from mails where id = ${id}`
  return row && toMail(row)
}

/** Tries a mail again that was given up. */
export async function retryMail(tx: Tx, id: string): Promise<Result<Mail>> {
  const [row] = await tx<MailRow[]>`
    update mails set status = 'queued', attempts = 0, next_attempt_at = ${tx.now} where id = ${id} and status = 'failed' returning *`
  await tx`select pg_notify('surety_outbox', 'mail')`
  const mail = row ? toMail(row) : await findMail(tx, id)
  return mail ? ok(mail) : NOT_FOUND
}

const UNSETTLED_MS = 120_000
const MOST_ATTEMPTS = 12
const LONGEST_MS = 3_600_000

interface Reader {
  readonly name: string
  readonly address: string
  readonly language: MailLanguage
}

async function readUser(tx: Tx, userId: string): Promise<Reader | undefined> {
  const [row] = await tx<Reader[]>`
    select p.name, p.email as address, u.language from users u join persons p on p.id = u.person_id
    where u.id = ${userId} and u.status = 'active' and p.status = 'active' and p.email is not null`
  return row
}

async function readContact(tx: Tx, customerId: string): Promise<Reader | undefined> {
  const [row] = await tx<Reader[]>`
    select c.name, c.email as address, case when u.language = 'zh-CN' then 'zh-CN' else 'en' end as language
    from customer_contacts c join customers u on u.id = c.customer_id
    where c.customer_id = ${customerId} and c.email is not null order by c.id limit 1`
  return row
}

interface ClaimedRow {
  readonly id: string
  readonly address: string
  readonly template: string
  readonly language: MailLanguage
  readonly params: MailParams
  readonly subject: string | null
  readonly body: string | null
  readonly attempts: number
}

async function withWords(tx: Tx, row: ClaimedRow, baseUrl: string): Promise<DueMail> {
  const { id, address, attempts } = row
  if (row.subject !== null && row.body !== null) return { id, address, attempts, subject: row.subject, body: row.body }
  if (!isMailTemplateKey(row.template)) throw new UnknownMailTemplate(row.template)
  const { subject, body } = renderMail(await findMailTemplate(tx, row.template, row.language), row.params, baseUrl)
  await tx`update mails set subject = ${subject}, body = ${body} where id = ${id}`
  return { id, address, attempts, subject, body }
}

class UnknownMailTemplate extends Error {
  readonly code = 'UNKNOWN_MAIL_TEMPLATE'
  constructor(template: string) {
    super(`This release has no mail template ${template}.`)
  }
}

interface MailRow {
  readonly id: string
  readonly segment_id: number | null
  readonly template: string
  readonly language: MailLanguage
  readonly user_id: string | null
  readonly customer_id: string | null
  readonly address: string
  readonly subject: string | null
  readonly body: string | null
  readonly status: MailStatus
  readonly attempts: number
  readonly last_error: string | null
  readonly created_at: Date
  readonly sent_at: Date | null
}

function toMail(row: MailRow): Mail {
  return {
    id: row.id,
    segmentId: row.segment_id,
    template: row.template,
    language: row.language,
    userId: row.user_id,
    customerId: row.customer_id,
    address: row.address,
    subject: row.subject,
    body: row.body,
    status: row.status,
    attempts: row.attempts,
    lastError: row.last_error,
    createdAt: row.created_at,
    sentAt: row.sent_at,
  }
}
