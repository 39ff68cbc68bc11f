import { publishChange } from '../live.ts'
import { selectPage, type Page, type PageRequest } from '../page.ts'
import type { Tx } from '../sql.ts'

/** What the demo's own mail server received. */
export interface ReceivedMail {
  readonly id: string
  readonly messageId: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  /** How often the same message came. */
  readonly copies: number
  readonly receivedAt: Date
}

/** Keeps a mail that arrived; one that came before is counted, not kept twice. */
export async function keepReceivedMail(tx: Tx, mail: Pick<ReceivedMail, 'messageId' | 'recipient' | 'subject' | 'body'>): Promise<void> {
  const [row] = await tx<{ id: string }[]>`
    insert into demo_inbox (message_id, recipient, subject, body, received_at)
    values (${mail.messageId}, ${mail.recipient}, ${mail.subject}, ${mail.body}, ${tx.now})
    on conflict (message_id) do update set copies = demo_inbox.copies + 1 returning id`
  await publishChange(tx, { entity: 'ReceivedMail', id: row!.id, segmentId: null })
}

/** Newest first. */
export async function listReceivedMails(tx: Tx, query: string | undefined, page: PageRequest): Promise<Page<ReceivedMail>> {
  const pattern = query?.trim() ? `%${query.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%` : undefined
  const matched = tx`
    select i.*, i.id as page_id, i.id::numeric as page_key from demo_inbox i
    where true ${pattern ? tx`and (i.recipient ilike ${pattern} or i.subject ilike ${pattern} or i.body ilike ${pattern})` : tx``}`
  return selectPage<ReceivedRow, ReceivedMail>(tx, matched, 'numeric', true, page, toReceivedMail)
}

interface ReceivedRow {
  readonly id: string
  readonly message_id: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  readonly copies: number
  readonly received_at: Date
}

function toReceivedMail(row: ReceivedRow): ReceivedMail {
  return {
    id: row.id,
    messageId: row.message_id,
    recipient: row.recipient,
    subject: row.subject,
    body: row.body,
    copies: row.copies,
    receivedAt: row.received_at,
  }
}
