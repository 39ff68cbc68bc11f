import { generateLedger, type LedgerRecord } from '@surety/credit'
import { asActor, reconcileExposure, SYSTEM, type RecordKind } from '@surety/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { machine, type Machine } from './machines.ts'
import { startTestApi, type TestApi } from './support.ts'

// An ERP’s day: everything that a made-up company did, sent over HTTP in random order, several times, in wrong versions first or last. What the
// books say in the end is held against a straight computation from the right versions, in minor units and with nothing of the product in it.

const CUSTOMERS = 60
const MONTHS = 6

type Told = Readonly<Record<string, unknown>> & { readonly number: string; readonly customerNumber: string }
interface Said {
  readonly kind: RecordKind
  readonly record: Told
}

let api: TestApi
let erp: Machine
beforeAll(async () => {
  api = await startTestApi()
  erp = await machine(api)
})
afterAll(() => api?.close())

it(
  'an ERP’s day in any order, with repetitions and corrections, leaves the books of a straight recomputation',
  { timeout: 300_000 },
  async () => {
    const random = createRandom(20_260_302)
    const truth = tellTruth(random)
    const versions = truth.flatMap(said => withWrongVersions(said, random))
    const lines = [...versions, ...versions.filter(() => random() < 0.12)]
    shuffle(lines, random)
    const batches = inBatches(lines, random)
    const sentTwice = batches.filter(() => random() < 0.15)
    const posts = [...batches, ...sentTwice]
    shuffle(posts, random)
    const states: Record<string, number> = {}
    const problems: unknown[] = []
    await inParallel(posts, 4, async ({ kind, records, key }) => {
      const { status, headers, body } = await erp.post(`/${kind}?source=erp&lines=all`, records, { key })
      if (status !== 200) problems.push(body)
      else if (headers.get('idempotent-replay') === 'false') for (const { state } of body.lines) states[state] = (states[state] ?? 0) + 1
      problems.push(...(body.errors ?? []))
    })
    process.stderr.write(
      `an ERP’s day: ${truth.length} records in ${versions.length} versions, ${lines.length} lines in ${posts.length} requests (${sentTwice.length} of them again): ${JSON.stringify(states)}\n`,
    )
    expect(problems.slice(0, 3)).toEqual([])
    expect(states['superseded']).toBeGreaterThan(50)
    expect(states['repeat']).toBeGreaterThan(50)

    const expected = recompute(truth)
    const open = await asActor(
      api.sql,
      SYSTEM,
      tx => tx<{ name: string; minor: string }[]>`
    select type || ' ' || number as name, (open_amount * 100)::bigint::text as minor from documents where source = 'erp'
    union all select 'payment ' || number, (unapplied_amount * 100)::bigint::text from payments where cancelled_on is null and not is_dishonoured`,
    )
    const booked = Object.fromEntries(open.map(({ name, minor }) => [name, BigInt(minor)]))
    for (const [name, minor] of expected.open) expect([name, booked[name]]).toEqual([name, minor])
    const balances = await asActor(
      api.sql,
      SYSTEM,
      tx => tx<{ name: string; minor: string }[]>`
    select c.number || ' ' || b.category || ' ' || b.currency as name, (b.amount * 100)::bigint::text as minor from exposure_balances b
    join credit_accounts a on a.id = b.account_id join customers c on c.id = a.customer_id where b.amount <> 0 order by 1`,
    )
    expect(Object.fromEntries(balances.map(({ name, minor }) => [name, BigInt(minor)]))).toEqual(
      Object.fromEntries([...expected.balances].filter(([, minor]) => minor !== 0n)),
    )
    expect(await asActor(api.sql, SYSTEM, tx => reconcileExposure(tx))).toEqual([])
  },
)

/** What happened, as an ERP would tell it. */
function tellTruth(random: () => number): Said[] {
  const all = [...generateLedger({ customers: CUSTOMERS, months: MONTHS, seed: 'erp-day', endDate: '2026-02-28' })]
  const of = <K extends LedgerRecord['kind']>(kind: K) =>
    all.filter((record): record is Extract<LedgerRecord, { kind: K }> => record.kind === kind)
  const names = new Map(of('customer').map(({ customerId, customer }) => [customerId, customer.name]))
  const who = (customerId: string) => ({ customerNumber: customerId, customerName: names.get(customerId)! })
  const claims = new Map<string, { invoiceNumber: string; amount: string; appliedOn: string }[]>()
  for (const { entry } of of('application')) {
    const own = claims.get(entry.sourceId) ?? []
    const before = own.find(({ invoiceNumber }) => invoiceNumber === entry.documentId)
    if (!before) own.push({ invoiceNumber: entry.documentId, amount: entry.amount, appliedOn: entry.date })
    claims.set(entry.sourceId, own)
  }
  const bills = new Map(of('bill').map(({ entry }) => [entry.id, entry]))
  return [
    ...of('order').map(({ customerId, entry }): Said => ({
      kind: 'orders',
      record: {
        number: entry.id,
        ...who(customerId),
        issuedOn: entry.date,
        dueOn: entry.dueDate,
        currency: entry.currency,
        amount: entry.amount,
        ...(entry.isPrepaid && { isPrepaid: true }),
        ...(entry.closedOn !== undefined && random() < 0.5 && { closedOn: entry.closedOn }),
        ...(random() < 0.01 && { cancelledOn: entry.date }),
      },
    })),
    ...of('delivery').map(({ customerId, entry }): Said => ({
      kind: 'deliveries',
      record: {
        number: entry.id,
        ...who(customerId),
        issuedOn: entry.date,
        currency: entry.currency,
        amount: entry.amount,
        orderNumber: entry.orderId,
        ...(random() < 0.02 && { cancelledOn: entry.date }),
      },
    })),
    ...of('document').map(({ customerId, entry }): Said =>
      entry.type === 'invoice'
        ? {
            kind: 'invoices',
            record: {
              number: entry.id,
              ...who(customerId),
              issuedOn: entry.date,
              dueOn: entry.dueDate,
              currency: entry.currency,
              amount: entry.amount,
              orderNumber: entry.orderId,
              // Some ERPs invoice orders.
              ...(random() < 0.9 && { deliveryNumber: entry.deliveryId }),
              ...(random() < 0.02 && { cancelledOn: entry.date }),
            },
          }
        : {
            kind: 'credit-notes',
            record: {
              number: entry.id,
              ...who(customerId),
              issuedOn: entry.date,
              currency: entry.currency,
              amount: entry.amount,
              applications: claims.get(entry.id) ?? [],
            },
          },
    ),
    ...of('payment').map(({ customerId, entry }): Said => {
      const bill = entry.billId === undefined ? undefined : bills.get(entry.billId)
      // Some pay more than they owe, and claim it.
      const isGenerous = (claims.get(entry.id)?.length ?? 0) === 1 && random() < 0.1
      const paid = { amount: isGenerous ? half(entry.amount) : entry.amount, currency: entry.currency }
      const applications = (claims.get(entry.id) ?? []).map(claim => (isGenerous ? { ...claim, amount: half(claim.amount) } : claim))
      return bill
        ? {
            kind: 'bills',
            record: {
              number: bill.id,
              ...who(customerId),
              kind: bill.kind,
              receivedOn: bill.date,
              maturesOn: bill.maturity,
              ...paid,
              applications,
              ...(bill.honouredOn !== undefined && { honouredOn: bill.honouredOn }),
              ...(bill.dishonouredOn !== undefined && { dishonouredOn: bill.dishonouredOn }),
            },
          }
        : {
            kind: 'payments',
            record: {
              number: entry.id,
              ...who(customerId),
              receivedOn: entry.date,
              ...paid,
              applications,
              ...(random() < 0.03 && { cancelledOn: entry.date }),
            },
          }
    }),
  ]
}

/** A record's right version, and often one or two wrong ones that it replaces. */
function withWrongVersions(said: Said, random: () => number): Said[] {
  const right = { ...said, record: { ...said.record, sequence: 3 } }
  if (random() < 0.75) return [right]
  const { applications: _, cancelledOn: __, closedOn: ___, honouredOn: ____, dishonouredOn: _____, ...bare } = said.record
  const wrong = [
    { ...said, record: { ...said.record, ...bare, amount: half(String(said.record['amount'])), sequence: 1 } as Told },
    {
      ...said,
      record: {
        ...bare,
        ...(said.kind === 'orders' || said.kind === 'invoices' ? { cancelledOn: '2026-02-01' } : {}),
        sequence: 2,
      } as Told,
    },
  ]
  return [...(random() < 0.5 ? wrong : [wrong[random() < 0.5 ? 0 : 1]!]), right]
}

/** Half as much again, exact. */
function half(amount: string): string {
  const minor = toMinor(amount) * 3n
  const rounded = (minor + (minor % 2n)) / 2n
  return `${rounded / 100n}.${String(rounded % 100n).padStart(2, '0')}`
}

function inBatches(lines: readonly Said[], random: () => number): { kind: RecordKind; records: Told[]; key: string }[] {
  const waiting = new Map<RecordKind, Told[]>()
  const batches: { kind: RecordKind; records: Told[]; key: string }[] = []
  const flush = (kind: RecordKind): void => {
    const records = waiting.get(kind) ?? []
    waiting.set(kind, [])
    if (records.length > 0) batches.push({ kind, records, key: `day-${batches.length}` })
  }
  for (const { kind, record } of lines) {
    const own = waiting.get(kind) ?? []
    own.push(record)
    waiting.set(kind, own)
    if (random() < 1 / 40) flush(kind)
  }
  for (const kind of waiting.keys()) flush(kind)
  return batches
}

/** From the right versions alone: what is open of everything, and what accounts owe by category. */
function recompute(truth: readonly Said[]): { open: Map<string, bigint>; balances: Map<string, bigint> } {
  const of = (kind: RecordKind): Told[] => truth.filter(said => said.kind === kind).map(({ record }) => record)
  const amountOf = (record: Told): bigint => toMinor(String(record['amount']))
  const isLive = (record: Told): boolean => record['cancelledOn'] === undefined && record['dishonouredOn'] === undefined
  const open = new Map<string, bigint>()
  const balances = new Map<string, bigint>()
  const add = (record: Told, category: string, minor: bigint): void => {
    const key = `${record.customerNumber} ${category} ${String(record['currency'])}`
    balances.set(key, (balances.get(key) ?? 0n) + minor)
  }
  const invoices = new Map(of('invoices').map(record => [record.number, record]))
  const orders = new Map(of('orders').map(record => [record.number, record]))
  const payers = [
    ...[...of('payments'), ...of('bills')].map(record => ({ record, rank: 0 })),
    ...of('credit-notes').map(record => ({ record, rank: 1 })),
  ]
  const room = new Map([...invoices].map(([number, record]) => [number, isLive(record) ? amountOf(record) : 0n]))
  const left = new Map(payers.map(({ record }) => [record, amountOf(record)]))
  const queue = payers
    .flatMap(({ record, rank }) =>
      (record['applications'] as { invoiceNumber: string; amount: string; appliedOn: string }[]).map(claim => ({ record, rank, claim })),
    )
    .filter(({ record, claim }) => isLive(record) && invoices.has(claim.invoiceNumber))
    .toSorted(
      (one, other) =>
        compare(one.claim.appliedOn, other.claim.appliedOn) || one.rank - other.rank || compare(one.record.number, other.record.number),
    )
  for (const { record, claim } of queue) {
    const free = room.get(claim.invoiceNumber)!
    const applied = toMinor(claim.amount) < free ? toMinor(claim.amount) : free
    room.set(claim.invoiceNumber, free - applied)
    left.set(record, left.get(record)! - applied)
  }
  for (const [number, record] of invoices) {
    if (!isLive(record)) continue
    open.set(`invoice ${number}`, room.get(number)!)
    add(record, 'receivables', room.get(number)!)
  }
  for (const record of of('credit-notes')) {
    open.set(`credit_note ${record.number}`, left.get(record)!)
    add(record, 'unapplied_cash', -left.get(record)!)
  }
  for (const record of [...of('payments'), ...of('bills')]) {
    if (!isLive(record)) continue
    open.set(`payment ${record.number}`, left.get(record)!)
    add(record, 'unapplied_cash', -left.get(record)!)
  }
  for (const record of of('bills')) if (isLive(record) && record['honouredOn'] === undefined) add(record, 'bills', amountOf(record))
  const charged = new Set([...invoices.values()].filter(isLive).map(record => record['deliveryNumber']))
  const fulfilled = new Map<unknown, bigint>()
  const fulfil = (record: Told): void =>
    void fulfilled.set(record['orderNumber'], (fulfilled.get(record['orderNumber']) ?? 0n) + amountOf(record))
  for (const record of of('deliveries')) {
    const minor = charged.has(record.number) ? 0n : amountOf(record)
    open.set(`delivery ${record.number}`, minor)
    if (!isLive(record)) continue
    fulfil(record)
    if (orders.get(String(record['orderNumber']))?.['isPrepaid'] !== true) add(record, 'deliveries', minor)
  }
  for (const record of invoices.values()) if (isLive(record) && record['deliveryNumber'] === undefined) fulfil(record)
  for (const record of orders.values()) {
    const rest = amountOf(record) - (fulfilled.get(record.number) ?? 0n)
    const minor = rest > 0n ? rest : 0n
    open.set(`order ${record.number}`, minor)
    if (isLive(record) && record['closedOn'] === undefined && record['isPrepaid'] !== true) add(record, 'open_orders', minor)
  }
  return { open, balances }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function toMinor(amount: string): bigint {
  const [whole = '0', decimals = ''] = amount.split('.')
  return BigInt(whole + decimals.padEnd(2, '0'))
}

function createRandom(seed: number): () => number {
  let state = seed
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function shuffle(things: unknown[], random: () => number): void {
  for (let at = things.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[things[at], things[other]] = [things[other], things[at]]
  }
}

async function inParallel<T>(things: readonly T[], width: number, act: (thing: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < things.length) await act(things[next++]!)
    }),
  )
}
