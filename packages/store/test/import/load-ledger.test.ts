import { computeFacts, generateLedger, SEGMENT_LABELS, SEGMENTS, collectBooks } from '@surety/credit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asActor, createSegment, loadBook, loadLedger, SYSTEM } from '../../src/index.ts'
import { createGround, type Ground } from './support.ts'

let ground: Ground
beforeAll(async () => {
  ground = await createGround()
})
afterAll(() => ground.close())

const OPTIONS = { customers: 60, months: 18, seed: 7, endDate: '2024-06-28' }

test('a generated ledger is in the book as it was generated: the same facts come out', async () => {
  await asActor(ground.sql, SYSTEM, async (tx) => {
    const segmentIds = new Map<string, number>()
    for (const code of SEGMENTS) segmentIds.set(code, (await createSegment(tx, { code, name: SEGMENT_LABELS[code], currency: 'CNY' })).id)
    expect(await loadLedger(tx, generateLedger(OPTIONS), { segmentIds, source: 'demo' })).toMatchObject({ customers: 60 })
  })
  let compared = 0
  const different: unknown[] = []
  for (const book of collectBooks(generateLedger(OPTIONS), 'CNY')) {
    const [row] = await asActor(ground.sql, SYSTEM, (tx) => tx<{ id: string; currency: string }[]>`select c.id, a.currency from customers c join credit_accounts a on a.customer_id = c.id where number = ${book.customer.id}`)
    const stored = await asActor(ground.sql, SYSTEM, (tx) => loadBook(tx, row!.id, { asOf: OPTIONS.endDate }))
    const [mine, theirs] = [computeFacts(stored!, OPTIONS.endDate), computeFacts({ ...book, currency: row!.currency }, OPTIONS.endDate)]
    for (const key of Object.keys(theirs) as (keyof typeof theirs)[]) {
      compared += 1
      if (JSON.stringify(mine[key]) !== JSON.stringify(theirs[key])) different.push([book.customer.id, key, mine[key], theirs[key]])
    }
  }
  expect(different).toEqual([])
  expect(compared).toBeGreaterThan(5000)
})

test('what is open of each document is what its history leaves open', async () => {
  const wrong = await asActor(ground.sql, SYSTEM, (tx) => tx`
    select d.number, d.type, d.amount, d.open_amount, coalesce(sum(a.amount), 0) as applied
    from documents d left join payment_applications a on a.document_id = d.id
    where d.type = 'invoice' group by d.id having d.open_amount <> d.amount - coalesce(sum(a.amount), 0)`)
  expect([...wrong]).toEqual([])
})
