import { asActor, connect, createApiKey, createSegment, SYSTEM, type Segment, type Sql } from '@surety/store'
import { openClient } from './book/http-client.ts'
import { openHouse, type House } from './book/house.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const CUSTOMERS = 2000
const BATCH = 5000
const SENDERS = 2

/** Invoices as an ERP sends them, in batches over HTTP, beside `COPY` of the same rows into the same table. */
export async function run(options: BenchOptions): Promise<readonly Measurement[]> {
  const house = await openHouse()
  try {
    return [await ingest(house, options)]
  } finally {
    await house.close()
  }
}

/**
 * The peer writes rows that somebody else has already judged, into the same table with the same triggers. What ours does besides: HTTP and JSON,
 * judging every field, finding customers and what is known, versions, links, claims that wait, the record, the answer.
 *
 * The way to the rest of the difference, largest first as profiled (share of a batch of 5,000 on 2 cores): the insert with its indexes and
 * triggers, about half, which the peer pays too; reading and judging lines in one thread of JavaScript, a fifth (a pool of threads would take it off
 * the thread that answers); JSON to rows in PostgreSQL, a tenth (binary COPY into an unlogged table would halve it); links and claims, a tenth (skipped
 * already where nothing names anything). Several segments take turns independently, so a house with several gains with cores.
 */
export async function ingest(house: House, { quick = false, log }: BenchOptions): Promise<Measurement> {
  const batches = quick ? 8 : 40
  const ours = await asActor(house.sql, SYSTEM, tx => createSegment(tx, { code: 'api', name: { en: 'API', zh: '接口' }, currency: 'EUR' }))
  const theirs = await asActor(house.sql, SYSTEM, tx =>
    createSegment(tx, { code: 'copy', name: { en: 'Copy', zh: '复制' }, currency: 'EUR' }),
  )
  const tokens = new Map<number, string>()
  for (const { id: segmentId } of [ours, theirs])
    tokens.set(
      segmentId,
      (await asActor(house.sql, SYSTEM, tx => createApiKey(tx, { name: 'bench', segmentId, scopes: ['import.write'] }))).token,
    )
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => ({ customerNumber: `B${index}`, customerName: `Customer ${index}` }))
  for (const { id } of [ours, theirs]) await send(house, tokens.get(id)!, 'customers', 'customers', customers)
  await send(house, tokens.get(ours.id)!, 'invoices', 'warm', invoices('warm', 1000))
  const bodies = Array.from({ length: batches }, (_, batch) => JSON.stringify(invoices(`b${batch}`, BATCH)))
  const rate = await oursPerSecond(house, tokens.get(ours.id)!, bodies)
  // As the owner: COPY goes past row-level security or not at all.
  const owner = connect(house.ownerUrl, { max: 1 })
  const peer = await copyPerSecond(owner, theirs, batches).finally(() => owner.end({ timeout: 5 }))
  log(`ingest: ours ${rate.toFixed(0)} invoices/s over HTTP, COPY ${peer.toFixed(0)}/s`)
  return {
    name: 'ingest-vs-copy',
    ours: Math.round(rate),
    peer: Math.round(peer),
    unit: 'invoices/s',
    ratio: Math.round((rate / peer) * 1000) / 1000,
  }
}

function invoices(prefix: string, count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    number: `${prefix}-${index}`,
    customerNumber: `B${(index * 7919) % CUSTOMERS}`,
    issuedOn: '2026-01-05',
    dueOn: '2026-02-04',
    amount: `${100 + (index % 900)}.${String(index % 100).padStart(2, '0')}`,
    currency: 'EUR',
  }))
}

async function send(house: House, token: string, kind: string, key: string, records: readonly object[] | string): Promise<void> {
  const client = openClient(house.port)
  try {
    const body = typeof records === 'string' ? records : JSON.stringify(records)
    const answer = await client.post(
      `/v1/${kind}`,
      { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body,
    )
    if (answer.status !== 200 || !answer.body.includes('"errorCount":0'))
      throw new Error(`A delivery was not taken: ${answer.body.slice(0, 500)}`)
  } finally {
    client.close()
  }
}

async function oursPerSecond(house: House, token: string, bodies: readonly string[]): Promise<number> {
  const began = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (next < bodies.length) {
        const batch = next
        next += 1
        await send(house, token, 'invoices', `batch-${batch}`, bodies[batch]!)
      }
    }),
  )
  return (bodies.length * BATCH * 1000) / (performance.now() - began)
}

async function copyPerSecond(sql: Sql, segment: Segment, batches: number): Promise<number> {
  const rows = await asActor(
    sql,
    SYSTEM,
    tx =>
      tx<
        { number: string; id: string }[]
      >`select c.number, c.id from customers c join credit_accounts a on a.customer_id = c.id where a.segment_id = ${segment.id}`,
  )
  const ids = new Map(rows.map(({ number, id }) => [number, id]))
  const texts = Array.from({ length: batches }, (_, batch) =>
    (invoices(`b${batch}`, BATCH) as Record<string, string>[])
      .map(
        ({ number, customerNumber, issuedOn, dueOn, amount, currency }) =>
          `${segment.id}\t${ids.get(customerNumber!)}\tinvoice\t${number}\tfile\t${issuedOn}\t${dueOn}\t${currency}\t${amount}\t${amount}\t\\\\x00\t2026-01-05T00:00:00Z\n`,
      )
      .join(''),
  )
  const began = performance.now()
  for (const text of texts) {
    await asActor(sql, SYSTEM, async tx => {
      const stream =
        await tx`copy documents (segment_id, customer_id, type, number, source, issued_on, due_on, currency, amount, open_amount, content_hash, created_at) from stdin`.writable()
      await new Promise<void>((resolve, reject) => stream.once('error', reject).end(text, () => resolve()))
    })
  }
  return (batches * BATCH * 1000) / (performance.now() - began)
}
