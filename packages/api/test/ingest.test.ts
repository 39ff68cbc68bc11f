import { connect as connectSocket } from 'node:net'
import { asActor, createApiKey, revokeApiKey, SYSTEM } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const INVOICE = {
  number: 'INV-1',
  customerNumber: '0042',
  customerName: 'Acme Ltd',
  issuedOn: '2026-01-05',
  dueOn: '2026-02-04',
  amount: '1250.00',
  currency: 'EUR',
}

describe('ingestion', () => {
  let api: TestApi
  let officer: TestClient
  let token: string
  let keyId: string
  beforeAll(async () => {
    api = await startTestApi()
    await api.addUser('officer', [{ role: 'risk_officer', segmentId: null, authorityLevel: null }])
    await api.addUser('clerk', [{ role: 'sales', segmentId: null, authorityLevel: null }])
    officer = await api.signIn('officer')
    const made = await asActor(api.sql, SYSTEM, tx =>
      createApiKey(tx, { name: 'ERP', segmentId: api.south.id, scopes: ['import.write', 'import.read'] }),
    )
    token = made.token
    keyId = made.key.id
  })
  afterAll(() => api.close())

  const send = (path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${api.url}/v1${path}`, { method: 'POST', body, headers: { authorization: `Bearer ${token}`, ...headers } })
  const sendRecords = (path: string, records: unknown, key: string): Promise<Response> =>
    send(path, JSON.stringify(records), { 'content-type': 'application/json', 'idempotency-key': key })
  const count = async (table: string): Promise<number> =>
    api.sql.begin(async sql => {
      await sql`select set_config('surety.segments', '*', true)`
      const [row] = await sql<{ count: string }[]>`select count(*) from ${sql(table)}`
      return Number(row!.count)
    })

  describe('of files', () => {
    it('takes the body of a request as the file, and asks the workflow to read it', async () => {
      const response = await officer.fetch(`/v1/imports?segment=${api.south.id}`, {
        method: 'POST',
        body: 'Rechnung;Kunde\n1;Ä\n',
        headers: { 'x-file-name': encodeURIComponent('../../发票 2026.csv'), 'content-type': 'text/csv' },
      })
      const taken = (await response.json()) as { id: string }
      expect(response.status).toBe(201)
      expect(response.headers.get('location')).toBe(`/v1/imports/${taken.id}`)
      expect(taken).toMatchObject({ status: 'uploaded', segment: String(api.south.id), fileName: '发票 2026.csv', version: 1 })
      const [message] = await asActor(
        api.sql,
        SYSTEM,
        tx => tx<{ payload: object }[]>`select payload from outbox where key = ${`import-${taken.id}-stage-1`}`,
      )
      expect(message?.payload).toMatchObject({ importId: taken.id, step: 'stage' })
    })

    it('takes the first file of a form as well', async () => {
      const form = new FormData()
      form.append('note', 'first')
      form.append('file', new File(['a,b\n'], '客户.csv'))
      const response = await officer.fetch(`/v1/imports?segment=${api.south.id}&kind=customers`, { method: 'POST', body: form })
      expect({ status: response.status, body: await response.json() }).toMatchObject({
        status: 201,
        body: { fileName: '客户.csv', kind: 'customers' },
      })
    })

    it('streams a file that is larger than what is held in memory at once', async () => {
      const pieces = 64
      const piece = new Uint8Array(1024 * 1024).fill(65)
      let sent = 0
      const body = new ReadableStream({
        pull(controller) {
          if (sent++ < pieces) controller.enqueue(piece)
          else controller.close()
        },
      })
      const before = process.memoryUsage().rss
      const response = await officer.fetch(`/v1/imports?segment=${api.south.id}`, {
        method: 'POST',
        body,
        headers: { 'x-file-name': 'large.csv' },
        duplex: 'half',
      } as RequestInit)
      expect(response.status).toBe(201)
      expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(200)
      const [blob] = await asActor(api.sql, SYSTEM, tx => tx<{ size: string }[]>`select size from blobs order by size desc limit 1`)
      expect(Number(blob!.size)).toBe(pieces * 1024 * 1024)
    })

    it('keeps nothing of an upload that breaks off', async () => {
      const before = [await count('imports'), await count('blobs')]
      const socket = connectSocket(Number(new URL(api.url).port), '127.0.0.1')
      socket.write(
        `POST /v1/imports?segment=${api.south.id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nX-File-Name: half.csv\r\nContent-Length: 5000000\r\n\r\n`,
      )
      socket.write('x'.repeat(2_000_000))
      await new Promise(resolve => setTimeout(resolve, 300))
      socket.destroy()
      await new Promise(resolve => setTimeout(resolve, 300))
      expect([await count('imports'), await count('blobs')]).toEqual(before)
      const left = await api.sql`select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`
      expect(left).toHaveLength(0)
    })

    it('refuses a form that breaks off in the middle of the file', async () => {
      const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nnumber,am'
      const response = await officer.fetch(`/v1/imports?segment=${api.south.id}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      })
      expect({ status: response.status, body: await response.json() }).toMatchObject({ status: 400, body: { code: 'BODY_BROKEN' } })
    })

    const refusals: readonly (readonly [what: string, path: string, headers: Record<string, string>, status: number, code: string])[] = [
      ['no segment where there are several', '/v1/imports', { 'x-file-name': 'a.csv' }, 400, 'SEGMENT_MISSING'],
      ['a segment that is no number', '/v1/imports?segment=x', { 'x-file-name': 'a.csv' }, 400, 'UNKNOWN_SEGMENT'],
      ['no name', '/v1/imports?segment=1', {}, 400, 'FILE_NAME_MISSING'],
      ['a kind that is none', '/v1/imports?segment=1&kind=cheese', { 'x-file-name': 'a.csv' }, 400, 'UNKNOWN_KIND'],
      ['a form without a file', '/v1/imports?segment=1', { 'content-type': 'multipart/form-data; boundary=x' }, 400, 'BODY_BROKEN'],
    ]
    it.each(refusals)('refuses %s', async (_what, path, headers, status, code) => {
      const response = await officer.fetch(path, { method: 'POST', body: 'a,b\n', headers })
      expect({ status: response.status, type: response.headers.get('content-type'), body: await response.json() }).toMatchObject({
        status,
        type: expect.stringContaining('problem+json'),
        body: { code, text: { en: expect.any(String), zh: expect.stringMatching(/\p{Script=Han}/u) } },
      })
    })

    it('is for those who hold the right', async () => {
      const headers = { 'x-file-name': 'a.csv' }
      expect((await api.anonymous().fetch('/v1/imports?segment=1', { method: 'POST', body: 'x', headers })).status).toBe(401)
      expect((await (await api.signIn('clerk')).fetch('/v1/imports?segment=1', { method: 'POST', body: 'x', headers })).status).toBe(403)
      expect((await send(`/imports?segment=${api.north.id}`, 'x', headers)).status).toBe(403)
    })
  })

  describe('of records', () => {
    it('applies what is right and says what is not', async () => {
      const response = await sendRecords(
        '/invoices',
        [INVOICE, { ...INVOICE, number: 'INV-2', issuedOn: '2026-02-31' }, 'nonsense'],
        'delivery-1',
      )
      const body = await response.json()
      expect(response.status).toBe(200)
      expect(body).toMatchObject({ status: 'applied', counts: { rows: 3, new: 1, wrong: 2, newCustomers: 1 }, errorCount: 2 })
      expect((body as { errors: { row: number; code: string }[] }).errors.map(({ row, code }) => [row, code])).toEqual([
        [2, 'NO_SUCH_DAY'],
        [3, 'NOT_AN_OBJECT'],
      ])
    })

    it('answers the same key with the same answer and changes nothing', async () => {
      const first = await sendRecords('/invoices', [{ ...INVOICE, number: 'INV-10' }], 'delivery-2')
      const before = [await count('documents'), await count('imports')]
      const second = await sendRecords('/invoices', [{ ...INVOICE, number: 'INV-10' }], 'delivery-2')
      expect(await second.json()).toEqual(await first.json())
      expect([first.headers.get('idempotent-replay'), second.headers.get('idempotent-replay')]).toEqual(['false', 'true'])
      expect([await count('documents'), await count('imports')]).toEqual(before)
    })

    it('refuses a key that was used for something else', async () => {
      const response = await sendRecords('/invoices', [{ ...INVOICE, number: 'INV-11' }], 'delivery-2')
      expect({ status: response.status, body: await response.json() }).toMatchObject({
        status: 409,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      })
    })

    it('takes one of ten requests with one key that come at once, and answers all alike', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          sendRecords(
            '/payments',
            [{ number: 'P-1', customerNumber: '0042', receivedOn: '2026-02-01', amount: '10', currency: 'EUR' }],
            'at-once',
          ).then(response => response.json()),
        ),
      )
      for (const answer of answers) expect(answer).toEqual(answers[0])
      expect(await count('payments')).toBe(1)
    })

    it('takes one record a line', async () => {
      const body = [
        { ...INVOICE, number: 'L-1' },
        { ...INVOICE, number: 'L-2' },
      ]
        .map(record => JSON.stringify(record))
        .join('\n')
      const response = await send('/invoices', `${body}\n`, { 'content-type': 'application/x-ndjson', 'idempotency-key': 'lines' })
      expect(await response.json()).toMatchObject({ status: 'applied', counts: { rows: 2, new: 2 } })
    })

    const kinds: readonly (readonly [path: string, record: object])[] = [
      ['/customers', { customerNumber: '0043', customerName: 'Beta 有限公司' }],
      ['/payments', { number: 'P-2', customerNumber: '0042', receivedOn: '2026-02-01', amount: '10.50', currency: 'EUR' }],
      ['/credit-notes', { number: 'C-1', customerNumber: '0042', issuedOn: '2026-02-01', amount: '5', currency: 'EUR' }],
      ['/orders', { number: 'O-1', customerNumber: '0042', issuedOn: '2026-02-01', amount: '99', currency: 'EUR' }],
    ]
    it.each(kinds)('takes %s', async (path, record) => {
      expect(await (await sendRecords(path, [record], `kind-${path}`)).json()).toMatchObject({
        status: 'applied',
        counts: { rows: 1, new: 1, wrong: 0 },
      })
    })

    const refusals: readonly (readonly [what: string, body: BodyInit, headers: Record<string, string>, status: number, code: string])[] = [
      ['no key', '[]', {}, 400, 'IDEMPOTENCY_KEY_MISSING'],
      ['no records', '[]', { 'idempotency-key': 'a' }, 400, 'NO_RECORDS'],
      ['one record without a list around it', '{}', { 'idempotency-key': 'b' }, 400, 'NOT_AN_ARRAY'],
      ['what is no JSON', '[{', { 'idempotency-key': 'c' }, 400, 'NOT_JSON'],
      ['a line that is no JSON', '{}\n{', { 'idempotency-key': 'd', 'content-type': 'application/x-ndjson' }, 400, 'NOT_JSON'],
      ['bytes that are no UTF-8', new Uint8Array([0x5b, 0xff, 0x5d]), { 'idempotency-key': 'e' }, 400, 'NOT_UTF8'],
      [
        'more than ten thousand',
        JSON.stringify(Array.from({ length: 10_001 }, () => ({}))),
        { 'idempotency-key': 'f' },
        413,
        'TOO_MANY_RECORDS',
      ],
      ['more bytes than are taken', 'x'.repeat(33 * 1024 * 1024), { 'idempotency-key': 'g' }, 413, 'TOO_LARGE'],
    ]
    it.each(refusals)('refuses %s', async (_what, body, headers, status, code) => {
      const response = await send('/invoices', body, headers)
      expect({ status: response.status, body: await response.json() }).toMatchObject({ status, body: { code } })
    })

    it('takes ten thousand at once', async () => {
      const records = Array.from({ length: 10_000 }, (_, index) => ({ ...INVOICE, number: `BULK-${index}` }))
      expect(await (await sendRecords('/invoices', records, 'bulk')).json()).toMatchObject({
        status: 'applied',
        counts: { rows: 10_000, new: 10_000, wrong: 0 },
      })
    })
  })

  it('gives the errors of an import as a file that a spreadsheet opens without running it', async () => {
    const answer = (await (await sendRecords('/invoices', [{ ...INVOICE, number: '=cmd|A1', amount: '=1+1' }], 'formula')).json()) as {
      id: string
    }
    const response = await fetch(`${api.url}/v1/imports/${answer.id}/errors.csv?language=en`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toContain(`import-${answer.id}-errors.csv`)
    expect(text).toContain('NOT_AN_AMOUNT')
    expect(text).not.toMatch(/(^|,|\n)=/)
    expect((await api.anonymous().fetch(`/v1/imports/${answer.id}/errors.csv`)).status).toBe(401)
    expect((await officer.fetch('/v1/imports/999999/errors.csv')).status).toBe(404)
  })

  it('describes itself', async () => {
    const document = (await (await fetch(`${api.url}/v1/openapi.json`)).json()) as {
      paths: object
      components: { schemas: Record<string, { required: string[] }> }
    }
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/v1/imports', '/v1/invoices', '/v1/credit-notes']))
    expect(document.components.schemas['invoices']!.required).toEqual(['number', 'customerNumber', 'issuedOn', 'amount'])
    expect((await fetch(`${api.url}/v1/cheese`)).status).toBe(404)
  })

  it('ends with the key', async () => {
    await asActor(api.sql, SYSTEM, tx => revokeApiKey(tx, keyId, 'test'))
    expect((await sendRecords('/invoices', [INVOICE], 'after')).status).toBe(401)
  })
})
