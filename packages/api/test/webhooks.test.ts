import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { asActor, createCustomer, setLimit, SYSTEM } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSeal } from '../src/webhooks/seal.ts'
import { createWebhookSender, type WebhookSender } from '../src/webhooks/sender.ts'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

interface Heard {
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

describe('webhooks', () => {
  let api: TestApi
  let admin: TestClient
  let receiver: Server
  let url: string
  let sender: WebhookSender
  let heard: Heard[] = []
  let answer = 200
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('admin', [{ role: 'admin', segmentId: api.south.id, authorityLevel: null }])
    await api.addUser('officer', [{ role: 'risk_officer', segmentId: null, authorityLevel: null }])
    admin = await api.signIn('admin')
    receiver = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      request.on('end', () => {
        heard.push({ headers: request.headers, body })
        response.writeHead(answer).end()
      })
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
    sender = createWebhookSender(api.sql, createSeal('a secret of the house'), problem => {
      throw problem
    })
  })
  afterAll(async () => {
    await sender?.close()
    receiver?.close()
    await api?.close()
  })

  const create = async (input: object): Promise<{ webhook: { id: string; version: number }; secret: string }> => {
    const { data, errors } = await admin.ask(CREATE, {
      input: { segment: String(api.south.id), name: 'ERP', url, events: ['limit.changed'], ...input },
    })
    expect(errors).toEqual([])
    return data.createWebhook.data
  }
  const until = async (count: number): Promise<void> => {
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count)
  }
  const limitOf = async (number: string, segment = api.south): Promise<string> =>
    asActor(api.sql, SYSTEM, async tx => {
      const { accountId } = await createCustomer(tx, { number, name: number }, { segmentId: segment.id, currency: 'EUR' })
      await setLimit(tx, { accountId, kind: 'amount', amount: '5000', reason: 'test' })
      return accountId
    })
  const signatureOf = (secret: string, { headers, body }: Heard): string =>
    `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`)
      .digest('base64')}`

  it('tell a receiver what happened in its segment, signed, and nobody what happened elsewhere', async () => {
    heard = []
    const { secret, webhook } = await create({})
    expect(secret).toMatch(/^whsec_/)
    await limitOf('W-north', api.north)
    await limitOf('W-1')
    await until(1)
    expect(heard).toHaveLength(1)
    const [message] = heard
    expect(JSON.parse(message!.body)).toMatchObject({
      type: 'limit.changed',
      timestamp: '2026-03-02T09:00:00.000Z',
      data: { customerNumber: 'W-1', kind: 'amount', amount: '5000', currency: 'EUR' },
    })
    expect(message!.headers['webhook-signature']).toBe(signatureOf(secret, message!))
    expect(signatureOf(secret, { ...message!, body: `${message!.body} ` })).not.toBe(message!.headers['webhook-signature'])
    await expect
      .poll(async () => (await admin.ask(DELIVERIES, { id: webhook.id })).data.webhook.deliveries.edges)
      .toMatchObject([{ node: { event: 'limit.changed', status: 'DELIVERED', attempts: 1, responseStatus: 200 } }])
    await admin.ask(CHANGE, { input: { id: webhook.id, version: webhook.version, isActive: false } })
  })

  it('keep the secret sealed: the database alone does not tell it', async () => {
    const { secret } = await create({ events: ['hold.placed'] })
    const rows = await asActor(api.sql, SYSTEM, tx => tx<{ secret: Buffer }[]>`select secret from webhooks order by id desc limit 1`)
    expect(rows[0]!.secret.toString('utf8')).not.toContain(secret.slice(6))
    expect(createSeal('a secret of the house').open(rows[0]!.secret)).toBe(secret)
    expect(() => createSeal('another').open(rows[0]!.secret)).toThrow()
  })

  it('sign with both secrets while a new one takes over, and with the new one alone after that', async () => {
    heard = []
    const { secret, webhook } = await create({})
    const rotated = (await admin.ask(ROTATE, { input: { id: webhook.id, version: webhook.version, keepFormerHours: 1 } })).data
      .rotateWebhookSecret.data
    await limitOf('W-2')
    await until(1)
    expect(String(heard[0]!.headers['webhook-signature']).split(' ')).toEqual([
      signatureOf(rotated.secret, heard[0]!),
      signatureOf(secret, heard[0]!),
    ])
    api.clock.now = new Date(api.clock.now.getTime() + 2 * 3_600_000)
    heard = []
    await limitOf('W-3')
    await until(1)
    expect(heard[0]!.headers['webhook-signature']).toBe(signatureOf(rotated.secret, heard[0]!))
    await admin.ask(CHANGE, { input: { id: webhook.id, version: rotated.webhook.version, isActive: false } })
  })

  it('try again later with the same id, and give a receiver up that fails too often', async () => {
    heard = []
    answer = 503
    const { webhook } = await create({ name: 'Broken' })
    await limitOf('W-4')
    await until(1)
    const attempts = async (): Promise<{ attempts: number; status: string; lastError: string }> =>
      (await admin.ask(DELIVERIES, { id: webhook.id })).data.webhook.deliveries.edges[0].node
    await expect.poll(async () => (await attempts()).lastError).toBe('answered 503')
    api.clock.now = new Date(api.clock.now.getTime() + 6000)
    await until(2)
    expect(heard[1]!.headers['webhook-id']).toBe(heard[0]!.headers['webhook-id'])
    for (let more = 0; more < 19; more += 1) await admin.ask(PING, { id: webhook.id })
    const state = async () => (await admin.ask(DELIVERIES, { id: webhook.id })).data.webhook
    await expect.poll(async () => (await state()).status, { timeout: 10_000 }).toBe('DISABLED')
    expect((await state()).disabledReason).toMatch(/failures in a row; the last: answered 503/)
    answer = 200
    const { version } = await state()
    await admin.ask(CHANGE, { input: { id: webhook.id, version, isActive: true } })
    api.clock.now = new Date(api.clock.now.getTime() + 120_000)
    await expect.poll(async () => (await attempts()).status, { timeout: 10_000 }).toBe('DELIVERED')
    expect(await state()).toMatchObject({ status: 'ACTIVE', failures: 0 })
  })

  it.each([
    ['an address that is none', { url: 'erp' }, /no address/],
    ['another protocol', { url: 'ftp://erp.example.com' }, /https/],
    ['a name and password in the address', { url: 'https://a:b@erp.example.com' }, /signed/],
    ['the machine’s own surroundings', { url: 'http://169.254.169.254/latest' }, /link-local/],
    ['an event that there is not', { events: ['cheese'] }, /Choose events/],
    ['no event', { events: [] }, /at least one/],
    ['no name', { name: ' ' }, /name/],
  ])('refuse %s', async (_what, input, message) => {
    const { data } = await admin.ask(CREATE, {
      input: { segment: String(api.south.id), name: 'ERP', url, events: ['limit.changed'], ...input },
    })
    expect(data.createWebhook).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ message: { en: expect.stringMatching(message), zh: expect.stringMatching(/\p{Script=Han}/u) } }],
    })
  })

  it('are for administrators of the segment', async () => {
    const officer = await api.signIn('officer')
    expect((await officer.ask('{ webhooks { id } }')).errors[0]?.extensions?.['code']).toBe('NOT_ALLOWED')
    const { data } = await admin.ask(CREATE, { input: { segment: String(api.north.id), name: 'ERP', url, events: ['limit.changed'] } })
    expect(data.createWebhook.__typename).toBe('NotAllowedError')
  })
})

const PARTS = `__typename ... on Error { code message { en zh } } ... on InvalidInputError { issues { path code message { en zh } } }`
const CREATE = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { ${PARTS} ... on MutationCreateWebhookSuccess { data { secret webhook { id version } } } } }`
const CHANGE = `mutation ($input: ChangeWebhookInput!) { changeWebhook(input: $input) { ${PARTS} ... on MutationChangeWebhookSuccess { data { id status version } } } }`
const ROTATE = `mutation ($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { ${PARTS} ... on MutationRotateWebhookSecretSuccess { data { secret webhook { id version } } } } }`
const PING = `mutation ($id: ID!) { pingWebhook(id: $id) { ${PARTS} } }`
const DELIVERIES = `query ($id: ID!) { webhook(id: $id) { status disabledReason failures version deliveries(last: 1) { edges { node { event status attempts responseStatus lastError } } } } }`
