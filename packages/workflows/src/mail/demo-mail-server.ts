import { randomUUID } from 'node:crypto'
import { asActor, keepReceivedMail, SYSTEM, type Sql } from '@surety/store'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface DemoMailServer {
  readonly port: number
  stop(): Promise<void>
}

/** A real SMTP server that takes every mail and keeps it in the demo's inbox; nothing leaves the machine. `port` 0: any. */
export async function startDemoMailServer(sql: Sql, port: number): Promise<DemoMailServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: 10_000_000,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.once('error', done)
      stream.once('end', () => {
        keep(sql, Buffer.concat(chunks), session.envelope.rcptTo.map(({ address }) => address).join(', ')).then(() => done(), done)
      })
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as { port: number }).port,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}

async function keep(sql: Sql, raw: Buffer, recipient: string): Promise<void> {
  const { messageId, subject, text } = await PostalMime.parse(raw)
  await asActor(sql, SYSTEM, tx =>
    keepReceivedMail(tx, { messageId: messageId ?? `unnamed-${randomUUID()}`, recipient, subject: subject ?? '', body: text ?? '' }),
  )
}
