import { claimMails, settleMail, type DueMail, type Sql } from '@surety/store'
import { createTransport, type Transporter } from 'nodemailer'
import type { Logger } from 'pino'
import { workOutbox } from '../work-outbox.ts'

export interface MailSettings {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly server: string
  /** Who it is from, such as `Credit control <credit@example.com>`. */
  readonly from: string
  /** Address of the console, for links in mails. */
  readonly consoleUrl: string
}

/** A notification that got lost costs at most this long. */
const LOOK_AGAIN_MS = 2_000

/**
 * Hands mails that are due to the mail server, for as long as it runs; the server may be away in between.
 * A mail keeps its Message-ID over all attempts: one that was interrupted after the server took it arrives as the same message.
 */
export async function deliverMail(sql: Sql, settings: MailSettings, log: Pick<Logger, 'warn'>): Promise<{ stop(): Promise<void> }> {
  const transport = createTransport(settings.server, {
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    socketTimeout: 30_000,
  } as never)
  const host = new URL(settings.consoleUrl).hostname
  const working = await workOutbox(
    sql,
    LOOK_AGAIN_MS,
    async () => {
      const mails = await claimMails(sql, settings.consoleUrl)
      await Promise.all(mails.map(mail => sendOne(sql, transport, settings.from, host, mail, log)))
      return mails.length > 0
    },
    error => log.warn({ error: error instanceof Error ? error.message : String(error) }, 'due mail could not be read; trying again'),
  )
  return {
    async stop() {
      await working.stop()
      transport.close()
    },
  }
}

async function sendOne(
  sql: Sql,
  transport: Transporter,
  from: string,
  host: string,
  mail: DueMail,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  try {
    await transport.sendMail({
      from,
      to: mail.address,
      subject: mail.subject,
      text: mail.body,
      messageId: `<surety-mail-${mail.id}@${host}>`,
      // Out-of-office replies to a reminder help nobody.
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    await settleMail(sql, mail, { kind: 'sent' })
  } catch (error) {
    const { responseCode, code } = error as { responseCode?: number; code?: string }
    // Servers repeat the address in what they say, and addresses belong in no log: the code says enough.
    const why = [code, responseCode].filter(part => part !== undefined).join(' ') || 'unknown'
    log.warn({ mail: mail.id, why }, 'a mail was not taken')
    const isFinal = responseCode !== undefined && responseCode >= 500
    await settleMail(sql, mail, { kind: 'failed', why, isFinal })
  }
}
