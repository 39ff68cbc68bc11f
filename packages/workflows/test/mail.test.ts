import { setTimeout as sleep } from 'node:timers/promises'
import {
  asActor,
  claimMails,
  connect,
  createCustomer,
  createSegment,
  createUser,
  listMails,
  listReceivedMails,
  MAIL_LANGUAGES,
  MAIL_TEMPLATE_KEYS,
  checkMailTemplate,
  findMailTemplate,
  previewMail,
  resetMailTemplate,
  retryMail,
  saveMailTemplate,
  sendMail,
  SYSTEM,
  type Mail,
  type ReceivedMail,
  type Sql,
  type Tx,
} from '@surety/store'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { deliverMail } from '../src/mail/deliver-mail.ts'
import { startDemoMailServer } from '../src/mail/demo-mail-server.ts'

const CONSOLE = 'https://credit.example.com'
const quiet = { warn: () => {} }
let sql: Sql
let drop: () => Promise<void>
let now = new Date('2026-03-05T08:00:00Z')
let userId: string
let customerId: string

const asSystem = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => asActor(sql, SYSTEM, fn)
const settings = (port: number) => ({
  server: `smtp://127.0.0.1:${port}`,
  from: 'Credit control <credit@example.com>',
  consoleUrl: CONSOLE,
})

beforeAll(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  sql = connect(database.appUrl, { max: 20, clock: () => now })
  await asSystem(async tx => {
    const segment = await createSegment(tx, { code: 'industrial', name: { en: 'Industrial', zh: '工业品' }, currency: 'CNY' })
    userId = (await createUser(tx, { name: '王芳', login: 'wang', email: 'wang@example.com', language: 'zh-CN', grants: [] })).id
    const { customer } = await createCustomer(
      tx,
      { number: 'C-1', name: 'Morning Star Ltd', language: 'en', contacts: [{ name: 'Ms Chen', email: 'chen@example.com' }] },
      { segmentId: segment.id, currency: 'CNY' },
    )
    customerId = customer.id
  })
})
afterAll(async () => {
  await sql?.end({ timeout: 1 })
  await drop?.()
})

const task = (number: number) => ({
  key: `task-${number}`,
  template: 'task.assigned' as const,
  to: { userId },
  segmentId: null,
  params: { subject: `申请 ${number}`, amount: 'CNY 1.00', from: '李伟', due: '2026-03-06', link: `/tasks/${number}` },
})
const inbox = async (): Promise<ReceivedMail[]> =>
  (await asSystem(tx => listReceivedMails(tx, undefined, { first: 500 }))).edges.map(({ node }) => node)
const mails = async (): Promise<Mail[]> => (await asSystem(tx => listMails(tx, {}, { first: 500 }))).edges.map(({ node }) => node)

describe('mail', () => {
  it('reaches its reader in their language, with whole links, once for one key', async () => {
    const server = await startDemoMailServer(sql, 0)
    const delivery = await deliverMail(sql, settings(server.port), quiet)
    await asSystem(async tx => {
      await sendMail(tx, task(1))
      await sendMail(tx, task(1))
      await sendMail(tx, {
        key: 'letter-1',
        template: 'dunning.first',
        to: { customerId },
        segmentId: null,
        params: {
          asOf: '2026-03-05',
          total: '10.00',
          currency: 'CNY',
          payBy: '2026-03-12',
          creditor: 'Us',
          items: [{ number: 'INV-7', dueOn: '2026-02-01', amount: '10.00', daysPastDue: 32 }],
        },
      })
    })
    await vi.waitFor(async () => expect(await inbox()).toHaveLength(2), 10_000)
    await delivery.stop()
    await server.stop()
    const [letter, notice] = (await inbox()).toSorted((left, right) => left.recipient.localeCompare(right.recipient))
    expect(notice).toMatchObject({ recipient: 'wang@example.com', subject: '待您审批：申请 1' })
    expect(notice!.body).toContain('王芳，您好')
    expect(notice!.body).toContain('https://credit.example.com/tasks/1')
    expect(letter).toMatchObject({ recipient: 'chen@example.com', subject: 'Payment reminder: CNY 10.00 past due' })
    expect(letter!.body).toContain('INV-7   due 2026-02-01   CNY 10.00   32 days past due')
    expect((await mails()).map(({ status }) => status)).toEqual(['sent', 'sent'])
  })

  it('says when nobody knows an address', async () => {
    const stranger = await asSystem(tx => createUser(tx, { name: 'No Mail', login: 'nomail', grants: [] }))
    expect(await asSystem(tx => sendMail(tx, { ...task(2), to: { userId: stranger.id } }))).toEqual({ kind: 'noAddress' })
  })

  it('loses nothing and shows nothing twice when senders die between the server and the book', async () => {
    const server = await startDemoMailServer(sql, 0)
    const before = (await inbox()).length
    await asSystem(async tx => {
      for (let number = 100; number < 160; number += 1) await sendMail(tx, task(number))
    })
    // Senders that took mail and died, before the server saw it and after.
    await claimMails(sql, CONSOLE, 20)
    const { createTransport } = await import('nodemailer')
    const transport = createTransport(settings(server.port).server)
    for (const mail of await claimMails(sql, CONSOLE, 20))
      await transport.sendMail({
        from: 'a@example.com',
        to: mail.address,
        subject: mail.subject,
        text: mail.body,
        messageId: `<surety-mail-${mail.id}@credit.example.com>`,
      })
    transport.close()
    now = new Date(now.getTime() + 121_000)
    const senders = await Promise.all([1, 2, 3].map(() => deliverMail(sql, settings(server.port), quiet)))
    await vi.waitFor(async () => expect((await mails()).filter(({ status }) => status !== 'sent')).toEqual([]), 20_000)
    await Promise.all(senders.map(sender => sender.stop()))
    await server.stop()
    const received = (await inbox()).slice(0, -before || undefined)
    console.log(
      `mail: 60 sent, 40 interrupted, ${received.length} in the inbox, ${received.filter(({ copies }) => copies > 1).length} came again under their own id`,
    )
    expect(received).toHaveLength(60)
    expect(received.filter(({ copies }) => copies > 1)).toHaveLength(20)
  })

  it('waits for a server that is away, and gives up what the server will never take', async () => {
    const refusing = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such mailbox'), { responseCode: 550 })),
    })
    await new Promise<void>(resolve => refusing.listen(0, '127.0.0.1', resolve))
    const { port } = refusing.server.address() as { port: number }
    await asSystem(tx => sendMail(tx, task(3)))
    const away = await deliverMail(sql, settings(1), quiet)
    await vi.waitFor(async () => expect((await mails())[0]).toMatchObject({ status: 'queued', attempts: 1 }), 10_000)
    await away.stop()
    now = new Date(now.getTime() + 60_000)
    const delivery = await deliverMail(sql, settings(port), quiet)
    await vi.waitFor(
      async () => expect((await mails())[0]).toMatchObject({ status: 'failed', lastError: expect.stringContaining('550') }),
      10_000,
    )
    await delivery.stop()
    await new Promise<void>(resolve => refusing.close(() => resolve()))
    expect((await mails())[0]!.lastError).not.toContain('@')
    const server = await startDemoMailServer(sql, 0)
    const again = await deliverMail(sql, settings(server.port), quiet)
    await asSystem(async tx => retryMail(tx, (await listMails(tx, {}, { first: 1 })).edges[0]!.node.id))
    await vi.waitFor(async () => expect((await mails())[0]).toMatchObject({ status: 'sent' }), 10_000)
    await again.stop()
    await server.stop()
    await sleep(0)
  })
})

describe('the words of a mail', () => {
  it('are well formed and fill every placeholder, in both languages', async () => {
    for (const key of MAIL_TEMPLATE_KEYS) {
      for (const language of MAIL_LANGUAGES) {
        const template = await asSystem(tx => findMailTemplate(tx, key, language))
        expect(checkMailTemplate(key, template), key).toEqual([])
        const { subject, body } = previewMail(key, template, CONSOLE)
        expect(`${subject}${body}`, key).not.toMatch(/[{}]|undefined/)
        // One language does not stand in for the other.
        expect(/[\u4e00-\u9fff]{4}/.test(template.body), `${key} ${language}`).toBe(language === 'zh-CN')
      }
    }
  })

  it("are a company's own once changed, refused when a placeholder is unknown or open, and go back to the shipped ones", async () => {
    const change = { key: 'task.assigned', language: 'en', subject: 'Decide: {{subject}}', body: 'See {{link}}', version: 0 } as const
    expect(await asSystem(tx => saveMailTemplate(tx, { ...change, body: 'See {{lnk}} {{#items}}' }))).toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['body'], code: 'MALFORMED_PLACEHOLDER' }],
    })
    expect(await asSystem(tx => saveMailTemplate(tx, { ...change, body: 'See {{lnk}}' }))).toMatchObject({
      kind: 'invalid',
      issues: [{ path: ['body'], code: 'UNKNOWN_PLACEHOLDER', message: { en: expect.stringContaining('It knows: name, subject') } }],
    })
    expect(await asSystem(tx => saveMailTemplate(tx, change))).toMatchObject({ kind: 'ok', value: { version: 1, isOwn: true } })
    expect(await asSystem(tx => saveMailTemplate(tx, change))).toMatchObject({ kind: 'conflict', current: { version: 1 } })
    expect(await asSystem(tx => saveMailTemplate(tx, { ...change, version: 1, subject: 'Please: {{subject}}' }))).toMatchObject({
      kind: 'ok',
      value: { version: 2 },
    })
    expect(await asSystem(tx => resetMailTemplate(tx, 'task.assigned', 'en'))).toMatchObject({
      kind: 'ok',
      value: { isOwn: false, version: 0 },
    })
    expect(await asSystem(tx => saveMailTemplate(tx, { ...change, key: 'nothing' }))).toEqual({ kind: 'notFound' })
  })
})
