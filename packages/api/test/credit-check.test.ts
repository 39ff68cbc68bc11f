import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '@surety/engine'
import {
  addDocuments,
  addPayments,
  applyPayments,
  asActor,
  createApiKey,
  createCustomer,
  publishPolicy,
  setLimit,
  SYSTEM,
} from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHoldWatch } from '../src/hold-watch.ts'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const POLICY = JSON.parse(readFileSync(new URL('../../../rules/order-check/standard/policy.json', import.meta.url), 'utf8')) as Policy
const HOLDS = `query ($filter: HoldFilter) { holds(first: 10, filter: $filter) { totalCount edges { node { id orderNumber status version releaseLevel releasedItself
  amount { amount currency } customer { number } reasons { code rule text { en zh } clearedAt } decision { kind outcome } } } } }`
const RELEASE = `mutation ($input: ReleaseHoldInput!) { releaseHold(input: $input) { __typename
  ... on MutationHoldSuccess { data { status releaseReason releasedItself } } ... on Error { code message { en zh } } } }`

describe('credit checks over HTTP', () => {
  let api: TestApi
  let token: string
  let customerId: string
  let approver: TestClient
  let seller: TestClient
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('approver', [{ role: 'approver', segmentId: null, authorityLevel: 2 }])
    await api.addUser('seller', [{ role: 'sales', segmentId: null, authorityLevel: null }])
    approver = await api.signIn('approver')
    seller = await api.signIn('seller')
    const made = await asActor(api.sql, SYSTEM, async tx => {
      await publishPolicy(tx, POLICY)
      const { customer, accountId } = await createCustomer(
        tx,
        { number: '0042', name: 'Acme Ltd' },
        { segmentId: api.south.id, currency: 'EUR' },
      )
      await setLimit(tx, { accountId, kind: 'amount', amount: '2000', reason: 'start' })
      customerId = customer.id
      return createApiKey(tx, { name: 'ERP', segmentId: api.south.id, scopes: ['order.check'] })
    })
    token = made.token
  })
  afterAll(() => api.close())

  const send = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${api.url}/v1/credit-checks?source=erp`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    })
  const order = (fields: object = {}): object => ({
    customerNumber: '0042',
    orderNumber: 'SO-1',
    amount: '1250.00',
    currency: 'EUR',
    ...fields,
  })

  it('answers the example of the OpenAPI document as the document says', async () => {
    const document = (await (await fetch(`${api.url}/v1/openapi.json`)).json()) as {
      paths: Record<string, { post: { requestBody: { content: Record<string, { example: object }> } } }>
      components: { schemas: Record<string, { properties: object }> }
    }
    const { example } = document.paths['/v1/credit-checks']!.post.requestBody.content['application/json']!
    const response = await send({ ...example, isDryRun: true })
    const answer = (await response.json()) as object
    expect({ status: response.status, answer }).toMatchObject({
      status: 200,
      answer: { id: null, action: 'release', availableBefore: '2000.00', availableAfter: '750.00' },
    })
    expect(Object.keys(answer).toSorted()).toEqual(Object.keys(document.components.schemas['CreditCheck']!.properties).toSorted())
  })

  it('reserves once for one key, however often it is sent', async () => {
    const first = await send(order(), { 'idempotency-key': 'a' })
    const again = await send(order({ amount: '1250' }), { 'idempotency-key': 'a' })
    expect([first.headers.get('idempotent-replay'), again.headers.get('idempotent-replay')]).toEqual(['false', 'true'])
    expect(await again.json()).toEqual(await first.json())
    expect((await send(order({ amount: '1' }), { 'idempotency-key': 'a' })).status).toBe(409)
    expect(await (await send(order({ orderNumber: 'SO-2', isDryRun: true }))).json()).toMatchObject({
      action: 'hold',
      availableBefore: '750.00',
    })
  })

  it.each([
    ['nobody', order(), { authorization: '' }, 401, 'UNAUTHENTICATED'],
    ['no key', order(), {}, 400, 'IDEMPOTENCY_KEY_MISSING'],
    ['no JSON', '{', { 'idempotency-key': 'x' }, 400, 'NOT_JSON'],
    ['a customer that is not there', order({ customerNumber: '1' }), { 'idempotency-key': 'x' }, 404, 'UNKNOWN_CUSTOMER'],
    ['an amount of nothing', order({ amount: '0' }), { 'idempotency-key': 'x' }, 400, 'INVALID_INPUT'],
    ['too many digits', order({ amount: '1.234' }), { 'idempotency-key': 'x' }, 400, 'INVALID_INPUT'],
    ['a field that is none', order({ amuont: '1' }), { 'idempotency-key': 'x' }, 400, 'INVALID_INPUT'],
  ])('refuses %s', async (_name, body, headers, status, code) => {
    const response = await send(body, headers)
    expect({ status: response.status, body: await response.json() }).toMatchObject({ status, body: { code } })
  })

  it('refuses a key that was made for something else', async () => {
    const { token: other } = await asActor(api.sql, SYSTEM, tx =>
      createApiKey(tx, { name: 'files', segmentId: api.south.id, scopes: ['import.write'] }),
    )
    expect((await send(order(), { authorization: `Bearer ${other}`, 'idempotency-key': 'x' })).status).toBe(403)
  })

  it('holds an order with its case; an approver releases it, who asked does not', async () => {
    const response = await seller.fetch(`/v1/credit-checks?segment=${api.south.id}&source=erp`, {
      method: 'POST',
      body: JSON.stringify(order({ orderNumber: 'SO-3', amount: '3000.00' })),
      headers: { 'content-type': 'application/json', 'idempotency-key': 'h' },
    })
    const { holdId } = (await response.json()) as { holdId: string }
    const { data } = await seller.ask(HOLDS, { filter: { status: 'OPEN' } })
    const [{ node }] = data.holds.edges
    expect(node).toMatchObject({
      id: holdId,
      orderNumber: 'SO-3',
      releaseLevel: 2,
      customer: { number: '0042' },
      reasons: [{ code: 'UTILISATION', rule: 'OC-2', clearedAt: null }],
      decision: { kind: 'order-check', outcome: 'REFER' },
    })
    const input = { id: holdId, version: node.version, reason: 'paid in advance by their bank' }
    expect((await seller.ask(RELEASE, { input })).data?.releaseHold ?? null).toMatchObject({ code: 'NOT_ALLOWED' })
    expect((await approver.ask(RELEASE, { input: { ...input, version: node.version + 1 } })).data.releaseHold).toMatchObject({
      __typename: 'ConflictError',
    })
    expect((await approver.ask(RELEASE, { input })).data.releaseHold).toMatchObject({
      data: { status: 'RELEASED', releaseReason: input.reason, releasedItself: false },
    })
  })

  it('gives back what a cancelled order reserved, and cancels its hold', async () => {
    await send(order({ orderNumber: 'SO-9', amount: '100.00' }), { 'idempotency-key': 'c9' })
    const cancel = async (): Promise<unknown> =>
      (
        await fetch(`${api.url}/v1/credit-checks/SO-9?source=erp`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
      ).json()
    expect(await cancel()).toEqual({ orderNumber: 'SO-9', isCancelled: true })
    expect(await cancel()).toEqual({ orderNumber: 'SO-9', isCancelled: false })
  })

  it('is asked for by people through GraphQL: once a key, with what is wrong said in both languages', async () => {
    const { accountId } = await asActor(api.sql, SYSTEM, async tx => {
      const made = await createCustomer(tx, { number: '0044', name: 'Third Ltd' }, { segmentId: api.south.id, currency: 'EUR' })
      await setLimit(tx, { accountId: made.accountId, kind: 'amount', amount: '1000', reason: 'start' })
      return made
    })
    const ask = async (input: object) =>
      (
        await seller.ask(
          `mutation ($input: CheckOrderInput!) { checkOrder(input: $input) { __typename ... on MutationCheckOrderSuccess { data { id action availableBefore rules { code } } }
            ... on Error { code message { en zh } } } }`,
          { input: { accountId, orderNumber: 'SO-G', amount: '5.00', currency: 'EUR', ...input } },
        )
      ).data.checkOrder
    expect(await ask({ isDryRun: true })).toMatchObject({ data: { id: null, action: 'RELEASE' } })
    expect(await ask({})).toMatchObject({ message: { en: expect.stringContaining('key'), zh: expect.stringContaining('幂等键') } })
    const first = await ask({ idempotencyKey: 'g1' })
    expect(await ask({ idempotencyKey: 'g1' })).toEqual(first)
    expect(await ask({ idempotencyKey: 'g1', amount: '6.00' })).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })

  it('lets a held order go within a second after the customer has paid', async () => {
    const watch = createHoldWatch(api.sql, () => {})
    try {
      const invoiceId = await asActor(api.sql, SYSTEM, async tx => {
        const { customer, accountId } = await createCustomer(
          tx,
          { number: '0043', name: 'Other Ltd' },
          { segmentId: api.south.id, currency: 'EUR' },
        )
        await setLimit(tx, { accountId, kind: 'amount', amount: '1000', reason: 'start' })
        customerId = customer.id
        const { ids } = await addDocuments(tx, [
          {
            segmentId: api.south.id,
            customerId,
            type: 'invoice',
            number: 'I-1',
            source: 'erp',
            issuedOn: '2026-03-01',
            dueOn: '2026-04-01',
            currency: 'EUR',
            amount: '900',
          },
        ])
        return ids[0]!
      })
      const { holdId } = (await (
        await send(order({ customerNumber: '0043', orderNumber: 'SO-4', amount: '500.00' }), { 'idempotency-key': 'p' })
      ).json()) as { holdId: string }
      expect(holdId).not.toBeNull()
      const paidAt = performance.now()
      await asActor(api.sql, SYSTEM, async tx => {
        const { ids } = await addPayments(tx, [
          { segmentId: api.south.id, customerId, number: 'P-1', source: 'bank', receivedOn: '2026-03-02', currency: 'EUR', amount: '900' },
        ])
        await applyPayments(tx, [{ source: { kind: 'payment', id: ids[0]! }, documentId: invoiceId, amount: '900', on: '2026-03-02' }])
      })
      const isReleased = async (): Promise<boolean> =>
        (await approver.ask(`{ hold(id: "${holdId}") { status releasedItself } }`)).data.hold.releasedItself
      while (!(await isReleased()) && performance.now() - paidAt < 10_000) await sleep(20)
      expect(await isReleased()).toBe(true)
      console.log(`payment to release: ${Math.round(performance.now() - paidAt)} ms`)
    } finally {
      await watch.close()
    }
  })
})
