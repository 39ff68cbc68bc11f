import { addDocuments, addPayments, asActor, createCustomer, SYSTEM } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const PROPOSE = `mutation ($input: SecurityInput!) { proposeSecurity(input: $input) { __typename
  ... on MutationSecuritySuccess { data { id version state worth { amount } parts { amount } } }
  ... on Error { code message { zh } } ... on InvalidInputError { issues { path code message { zh } } } } }`
const DECIDE = `mutation ($id: ID!, $version: Int!) { decideSecurity(id: $id, version: $version, accept: true) { __typename
  ... on MutationSecuritySuccess { data { state } } ... on Error { code } } }`

describe('papers', () => {
  let api: TestApi
  let officer: TestClient
  let approver: TestClient
  let customerId: string
  let accountId: string
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('officer', [{ role: 'risk_officer', segmentId: api.north.id, authorityLevel: null }])
    await api.addUser('approver', [{ role: 'approver', segmentId: api.north.id, authorityLevel: 1 }])
    await api.addUser('stranger', [{ role: 'risk_officer', segmentId: api.south.id, authorityLevel: null }])
    officer = await api.signIn('officer')
    approver = await api.signIn('approver')
    await asActor(api.sql, SYSTEM, async tx => {
      const made = await createCustomer(
        tx,
        { number: '=1+1', name: '=HYPERLINK("http://example.com","汉字公司")' },
        { segmentId: api.north.id, currency: 'CNY' },
      )
      customerId = made.customer.id
      accountId = made.accountId
      const document = { customerId, segmentId: api.north.id, source: 'erp', currency: 'CNY', type: 'invoice' as const }
      await addDocuments(tx, [
        { ...document, number: 'I-1', issuedOn: '2024-05-01', dueOn: '2024-06-01', amount: '100.00' },
        { ...document, number: 'I-2', issuedOn: '2025-12-01', dueOn: '2026-01-01', amount: '250.00' },
      ])
      await addPayments(tx, [
        { customerId, segmentId: api.north.id, source: 'bank', number: 'P-1', receivedOn: '2026-02-01', currency: 'CNY', amount: '80.00' },
      ])
    })
  })
  afterAll(() => api.close())

  it.each([
    ['statement.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'PK'],
    ['statement.pdf', 'application/pdf', '%PDF'],
  ])('gives out %s in both languages', async (file, type, beginning) => {
    for (const lang of ['en', 'zh-CN']) {
      const response = await officer.fetch(`/v1/customers/${customerId}/${file}?lang=${lang}&as-of=2026-03-01`)
      const content = Buffer.from(await response.arrayBuffer())
      expect({
        status: response.status,
        type: response.headers.get('content-type'),
        beginning: content.toString('latin1', 0, beginning.length),
      }).toEqual({
        status: 200,
        type,
        beginning,
      })
      expect(response.headers.get('content-disposition')).toContain('attachment')
    }
  })

  it('keeps other segments, the signed out and days that are none from statements', async () => {
    const stranger = await api.signIn('stranger')
    const asked = async (client: TestClient, query = ''): Promise<unknown> => {
      const response = await client.fetch(`/v1/customers/${customerId}/statement.pdf${query}`)
      return [response.status, ((await response.json()) as { code?: string }).code]
    }
    expect(await asked(api.anonymous())).toEqual([401, 'UNAUTHENTICATED'])
    expect(await asked(officer, '?as-of=2026-02-30')).toEqual([400, 'NOT_A_DAY'])
    expect(await asked(officer, '?from=2026-03-01&as-of=2026-02-01')).toEqual([400, 'ENDS_BEFORE_IT_BEGINS'])
    expect((await officer.fetch('/v1/customers/0/statement.pdf')).status).toBe(404)
    // Customers are the house's; what they owe in another segment is not in a stranger's statement.
    const theirs = await stranger.fetch(`/v1/customers/${customerId}/statement.xlsx`)
    const mine = await officer.fetch(`/v1/customers/${customerId}/statement.xlsx`)
    expect((await theirs.arrayBuffer()).byteLength).toBeLessThan((await mine.arrayBuffer()).byteLength)
  })

  it('takes papers of a security and gives them back as they were, to be saved and not shown', async () => {
    const input = {
      type: 'GUARANTEE',
      effect: 'RAISES_LIMIT',
      value: '50000.00',
      currency: 'CNY',
      percentage: 50,
      effectiveFrom: '2026-03-01',
      parts: [{ accountId, amount: '50000.00' }],
    }
    const { data } = await officer.ask(PROPOSE, { input })
    expect(data.proposeSecurity).toMatchObject({ data: { state: 'PROPOSED', worth: { amount: '25000.00' } } })
    const { id, version } = data.proposeSecurity.data
    const sent = await officer.fetch(`/v1/securities/${id}/documents`, {
      method: 'POST',
      body: '<script>alert(1)</script>',
      headers: { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent('../保函.html') },
    })
    expect({ status: sent.status, body: await sent.json() }).toMatchObject({ status: 201, body: { name: '保函.html', size: 25 } })
    const { data: read } = await approver.ask(`query ($id: ID!) { security(id: $id) { documents { href } refusal { code } } }`, { id })
    const paper = await approver.fetch(read.security.documents[0].href)
    expect([paper.status, paper.headers.get('content-type'), await paper.text()]).toEqual([
      200,
      'application/octet-stream',
      '<script>alert(1)</script>',
    ])
    expect((await (await api.signIn('stranger')).fetch(read.security.documents[0].href)).status).toBe(404)
    expect((await officer.ask(DECIDE, { id, version })).data.decideSecurity).toMatchObject({ __typename: 'NotAllowedError' })
    expect((await approver.ask(DECIDE, { id, version })).data.decideSecurity).toMatchObject({ data: { state: 'IN_FORCE' } })
  })

  it('names what is wrong with a proposal, in both languages', async () => {
    const { data } = await officer.ask(PROPOSE, {
      input: {
        type: 'DEPOSIT',
        effect: 'RAISES_LIMIT',
        value: '10.00',
        currency: 'CNY',
        percentage: 100,
        effectiveFrom: '2026-03-01',
        expiresOn: '2026-02-01',
        parts: [{ accountId, amount: '11.00' }],
      },
    })
    expect(data.proposeSecurity.issues).toMatchObject([{ code: 'MORE_THAN_VALUE', path: ['parts'] }, { code: 'ENDS_BEFORE_IT_BEGINS' }])
    expect(data.proposeSecurity.issues[0].message.zh).toContain('超过担保价值')
  })
})
