import { afterEach, describe, expect, it } from 'vitest'
import { CUSTOMER, useBooks } from './support.ts'

const books = useBooks()
let serial = 0
/** A customer of one's own for each test. */
const customer = (): { customerNumber: string; customerName: string } => {
  serial += 1
  return { ...CUSTOMER, customerNumber: `K${serial}` }
}
const order = { number: 'SO-1', issuedOn: '2026-03-01', dueOn: '2026-03-10', amount: '1000', currency: 'CNY' }
const delivery = { number: 'DN-1', issuedOn: '2026-03-02', amount: '400', currency: 'CNY', orderNumber: 'SO-1' }
const invoice = { number: 'INV-1', issuedOn: '2026-03-03', dueOn: '2026-04-02', amount: '400', currency: 'CNY', deliveryNumber: 'DN-1' }
const payment = { number: 'PAY-1', receivedOn: '2026-03-04', amount: '400', currency: 'CNY', invoiceNumber: 'INV-1' }

afterEach(async () => expect(await books.drift()).toEqual([]))

/** Every order of some things. */
function permutations<T>(things: readonly T[]): T[][] {
  if (things.length <= 1) return [[...things]]
  return things.flatMap((thing, at) => permutations(things.filter((_, index) => index !== at)).map(rest => [thing, ...rest]))
}

describe('records in any order', () => {
  it('end up the same whichever side of a link comes first', async () => {
    const ends = new Set<string>()
    for (const way of permutations(['orders', 'deliveries', 'invoices', 'payments'] as const)) {
      const { customerNumber, customerName } = customer()
      const own = { customerNumber, customerName }
      const named = (record: Record<string, unknown>): Record<string, unknown> =>
        Object.fromEntries(
          Object.entries({ ...record, ...own }).map(([key, value]) => [
            key,
            ['number', 'orderNumber', 'deliveryNumber', 'invoiceNumber'].includes(key) ? `${String(value)}-${customerNumber}` : value,
          ]),
        )
      for (const kind of way) {
        const record = {
          orders: order,
          deliveries: delivery,
          invoices: { ...invoice, amount: '400' },
          payments: { ...payment, amount: '450' },
        }[kind]
        expect((await books.send(kind, named(record))).errors).toEqual([])
      }
      ends.add(JSON.stringify(await books.balances(customerNumber)))
    }
    expect([...ends]).toEqual([JSON.stringify({ 'open_orders CNY': '600', 'unapplied_cash CNY': '-50' })])
  })

  it('apply again what a correction makes room for', async () => {
    const own = customer()
    await books.send('invoices', { ...invoice, ...own, number: 'R-1', deliveryNumber: undefined, amount: '100', sequence: 1 })
    await books.send('payments', { ...payment, ...own, number: 'RP-1', amount: '120', invoiceNumber: 'R-1' })
    expect(await books.open()).toMatchObject({ 'invoice R-1': '0', 'payment RP-1': '20' })
    await books.send('invoices', { ...invoice, ...own, number: 'R-1', deliveryNumber: undefined, amount: '130', sequence: 2 })
    expect(await books.open()).toMatchObject({ 'invoice R-1': '10', 'payment RP-1': '0' })
    await books.send('invoices', { ...invoice, ...own, number: 'R-1', deliveryNumber: undefined, amount: '50', sequence: 3 })
    expect(await books.open()).toMatchObject({ 'invoice R-1': '0', 'payment RP-1': '70' })
  })
})

describe('versions and repetitions', () => {
  it('an older version that arrives late changes nothing, and the same version with other content is refused', async () => {
    const own = customer()
    const line = (amount: string, sequence: number) => ({ ...invoice, ...own, number: 'V-1', deliveryNumber: undefined, amount, sequence })
    await books.send('invoices', line('200', 2))
    const late = await books.send('invoices', line('100', 1))
    expect(late.lines).toEqual([{ line: 1, number: 'V-1', state: 'superseded' }])
    expect((await books.send('invoices', line('200', 2))).lines[0]!.state).toBe('repeat')
    expect((await books.send('invoices', line('201', 2))).errors).toMatchObject([{ row: 1, column: 'sequence', code: 'SEQUENCE_REUSED' }])
    expect(await books.open()).toMatchObject({ 'invoice V-1': '200' })
  })

  it('takes the newest of several versions in one delivery', async () => {
    const own = customer()
    const line = (amount: string, sequence: number) => ({ ...invoice, ...own, number: 'V-2', deliveryNumber: undefined, amount, sequence })
    const { lines, counts } = await books.send('invoices', line('3', 3), line('1', 1), line('2', 2), line('3', 3))
    expect(lines.map(({ state }) => state)).toEqual(['new', 'superseded', 'superseded', 'repeat'])
    expect(counts).toMatchObject({ rows: 4, new: 1, superseded: 2, repeated: 1, same: 3, wrong: 0 })
    expect(await books.open()).toMatchObject({ 'invoice V-2': '3' })
  })

  it('two lines that contradict each other are both refused', async () => {
    const own = customer()
    const line = (amount: string) => ({ ...invoice, ...own, number: 'V-3', deliveryNumber: undefined, amount })
    const { errors, lines } = await books.send('invoices', line('1'), line('2'), line('1'))
    expect(errors).toMatchObject([
      { row: 1, code: 'DUPLICATE' },
      { row: 2, code: 'DUPLICATE' },
    ])
    expect(lines.map(({ state }) => state)).toEqual(['wrong', 'wrong', 'repeat'])
  })

  it('a line with a key counts once, and its key is for no other line', async () => {
    const own = customer()
    const line = { ...payment, ...own, number: 'KEY-1', invoiceNumber: undefined, key: 'bank-1' }
    expect((await books.send('payments', line)).lines[0]!.state).toBe('new')
    expect((await books.send('payments', line)).lines[0]!.state).toBe('repeat')
    expect((await books.send('payments', { ...line, number: 'KEY-2' })).errors).toMatchObject([{ column: 'key', code: 'LINE_KEY_REUSED' }])
  })

  it('what is told again without a version changes nothing, and what differs is a correction with its before and after', async () => {
    const own = customer()
    const line = { ...order, ...own, number: 'V-4' }
    await books.send('orders', line)
    expect((await books.send('orders', line)).lines[0]!.state).toBe('same')
    expect((await books.send('orders', { ...line, amount: '900' })).lines[0]!.state).toBe('changed')
    const [entry] = await books.asSystem(
      tx =>
        tx<
          { before: { amount: string }; after: { amount: string } }[]
        >`select before, after from audit_entries where action = 'document.receive' order by id desc limit 1`,
    )
    expect([entry!.before.amount, entry!.after.amount]).toEqual(['1000', '900'])
  })
})

describe('orders', () => {
  it('carry no risk when prepaid, nor do their deliveries, whichever comes first', async () => {
    const own = customer()
    await books.send('deliveries', { ...delivery, ...own, number: 'PD-1', orderNumber: 'PO-1' })
    expect(await books.balances(own.customerNumber)).toEqual({ 'deliveries CNY': '400' })
    await books.send('orders', { ...order, ...own, number: 'PO-1', isPrepaid: true })
    expect(await books.balances(own.customerNumber)).toEqual({})
  })

  it('closed carry no risk, and opened again they do', async () => {
    const own = customer()
    const line = { ...order, ...own, number: 'CO-1' }
    await books.send('orders', line)
    await books.send('orders', { ...line, closedOn: '2026-03-04' })
    expect(await books.balances(own.customerNumber)).toEqual({})
    await books.send('orders', line)
    expect(await books.balances(own.customerNumber)).toEqual({ 'open_orders CNY': '1000' })
    const [row] = await books.asSystem(
      tx => tx<{ reopened: boolean }[]>`select reopened_at is not null as reopened from documents where number = 'CO-1'`,
    )
    expect(row!.reopened).toBe(true)
  })

  it('in a draft invoice are not counted twice, nor once it is posted', async () => {
    const own = customer()
    const total = async (): Promise<number> =>
      Object.values(await books.balances(own.customerNumber)).reduce((sum, amount) => sum + Number(amount), 0)
    await books.send('orders', { ...order, ...own, number: 'DO-1' })
    await books.send('draft-invoices', {
      ...own,
      number: 'DI-1',
      issuedOn: '2026-03-03',
      amount: '600',
      currency: 'CNY',
      orderNumber: 'DO-1',
    })
    expect(await books.balances(own.customerNumber)).toEqual({ 'deliveries CNY': '600', 'open_orders CNY': '400' })
    await books.send('invoices', { ...invoice, ...own, number: 'DI-1', amount: '600', deliveryNumber: undefined, orderNumber: 'DO-1' })
    expect(await books.balances(own.customerNumber)).toEqual({ 'open_orders CNY': '400', 'receivables CNY': '600' })
    expect(await total()).toBe(1000)
  })

  it('a draft of a delivery adds nothing to it, and one that arrives after its invoice neither', async () => {
    const own = customer()
    await books.send('deliveries', { ...delivery, ...own, number: 'DD-1', orderNumber: undefined })
    await books.send('draft-invoices', {
      ...own,
      number: 'DDI-1',
      issuedOn: '2026-03-03',
      amount: '400',
      currency: 'CNY',
      deliveryNumber: 'DD-1',
    })
    expect(await books.balances(own.customerNumber)).toEqual({ 'deliveries CNY': '400' })
    await books.send('invoices', { ...invoice, ...own, number: 'DDI-2', amount: '70', deliveryNumber: undefined })
    await books.send('draft-invoices', { ...own, number: 'DDI-2', issuedOn: '2026-03-03', amount: '70', currency: 'CNY' })
    expect(await books.balances(own.customerNumber)).toEqual({ 'deliveries CNY': '400', 'receivables CNY': '70' })
  })
})

describe('payments', () => {
  it('settle in part and in several invoices, and what is left is cash', async () => {
    const own = customer()
    const line = (number: string, amount: string) => ({ ...invoice, ...own, number, deliveryNumber: undefined, amount })
    await books.send('invoices', line('P-1', '100'), line('P-2', '200'))
    const paid = {
      ...own,
      number: 'PP-1',
      receivedOn: '2026-03-04',
      amount: '250',
      currency: 'CNY',
      applications: [
        { invoiceNumber: 'P-1', amount: '60' },
        { invoiceNumber: 'P-2', amount: '150' },
      ],
    }
    await books.send('payments', paid)
    expect(await books.open()).toMatchObject({ 'invoice P-1': '40', 'invoice P-2': '50', 'payment PP-1': '40' })
    await books.send('payments', { ...paid, applications: [{ invoiceNumber: 'P-1', amount: '100' }] })
    expect(await books.open()).toMatchObject({ 'invoice P-1': '0', 'invoice P-2': '200', 'payment PP-1': '150' })
    await books.send('payments', { ...paid, applications: [{ invoiceNumber: 'P-1', amount: '100' }], cancelledOn: '2026-03-05' })
    expect(await books.balances(own.customerNumber)).toEqual({ 'receivables CNY': '300' })
    await books.send('payments', { ...paid, applications: [{ invoiceNumber: 'P-1', amount: '100' }] })
    expect(await books.balances(own.customerNumber)).toEqual({ 'receivables CNY': '200', 'unapplied_cash CNY': '-150' })
  })

  it('that want more of an invoice than there is take turns by date, whichever came first', async () => {
    const own = customer()
    const pay = (number: string, receivedOn: string, amount: string) => ({
      ...own,
      number,
      receivedOn,
      amount,
      currency: 'CNY',
      invoiceNumber: 'T-1',
    })
    await books.send('payments', pay('TP-late', '2026-03-09', '80'))
    await books.send('invoices', { ...invoice, ...own, number: 'T-1', deliveryNumber: undefined, amount: '100' })
    expect(await books.open()).toMatchObject({ 'invoice T-1': '20', 'payment TP-late': '0' })
    await books.send('payments', pay('TP-early', '2026-03-05', '60'))
    expect(await books.open()).toMatchObject({ 'invoice T-1': '0', 'payment TP-late': '40', 'payment TP-early': '0' })
  })
})

describe('bills', () => {
  it('move exposure from invoice to bill; honoured they release it, dishonoured they move it back; passed on they change nothing', async () => {
    const own = customer()
    await books.send('invoices', { ...invoice, ...own, number: 'B-1', deliveryNumber: undefined, amount: '500' })
    const bill = {
      ...own,
      number: 'BILL-1',
      kind: 'bank',
      receivedOn: '2026-03-04',
      maturesOn: '2026-06-04',
      amount: '500',
      currency: 'CNY',
      invoiceNumber: 'B-1',
    }
    const now = () => books.balances(own.customerNumber)
    await books.send('bills', bill)
    expect(await now()).toEqual({ 'bills CNY': '500' })
    await books.send('bills', { ...bill, endorsedOn: '2026-03-10', endorsedTo: 'Supplier' })
    await books.send('bills', { ...bill, discountedOn: '2026-03-11', discountedWith: 'Bank' })
    expect(await now()).toEqual({ 'bills CNY': '500' })
    await books.send('bills', { ...bill, honouredOn: '2026-06-04' })
    expect(await now()).toEqual({})
    await books.send('bills', { ...bill, dishonouredOn: '2026-06-05' })
    expect(await now()).toEqual({ 'receivables CNY': '500' })
    expect((await books.send('bills', { ...bill, honouredOn: '2026-06-04', dishonouredOn: '2026-06-05' })).errors).toMatchObject([
      { code: 'HONOURED_AND_DISHONOURED' },
    ])
  })
})

describe('what is told about companies', () => {
  it('arrives once, is corrected, and is refused where it makes no sense', async () => {
    const own = customer()
    await books.send('invoices', { ...invoice, ...own, number: 'X-1', deliveryNumber: undefined, amount: '100' })
    const states = async (...sent: Parameters<typeof books.send>): Promise<unknown> => {
      const { lines, errors } = await books.send(...sent)
      return errors[0]?.code ?? lines[0]!.state
    }
    const { customerNumber } = own
    const dispute = { invoiceNumber: 'X-1', openedOn: '2026-03-04', reason: 'quality' }
    expect(await states('disputes', dispute)).toBe('new')
    expect(await states('disputes', dispute)).toBe('same')
    expect(await states('disputes', { ...dispute, closedOn: '2026-03-09' })).toBe('changed')
    expect(await states('disputes', { ...dispute, amount: '101' })).toBe('DISPUTED_TOO_MUCH')
    expect(await states('disputes', { ...dispute, invoiceNumber: 'X-0' })).toBe('UNKNOWN_INVOICE_YET')
    const instrument = {
      number: 'G-1',
      customerNumber,
      type: 'guarantee',
      effect: 'raises-limit',
      value: '50000',
      currency: 'CNY',
      percentage: 50,
      effectiveFrom: '2026-01-01',
    }
    expect(await states('instruments', instrument)).toBe('new')
    expect(await states('instruments', { ...instrument, withdrawnOn: '2026-03-04' })).toBe('changed')
    expect(await states('instruments', { ...instrument, percentage: 101 })).toBe('TOO_LARGE')
    expect(await states('ratings', { customerNumber, agency: 'A', value: 'BBB', score: 70.5, ratedOn: '2026-01-01' })).toBe('new')
    expect(await states('ratings', { customerNumber, agency: 'A', value: 'BBB', score: 70.5, ratedOn: '2026-01-01' })).toBe('same')
    expect(await states('incidents', { customerNumber, kind: 'insolvency', happenedOn: '2026-03-01' })).toBe('new')
    expect(await states('statements', { customerNumber, periodEnd: '2025-12-31', totalAssets: '10', netIncome: '-3' })).toBe('new')
    expect(await states('customers', { ...own, country: 'DE', contactName: 'Jo' })).toBe('changed')
    expect(await states('customers', { ...own, country: 'DE', contactName: 'Jo' })).toBe('same')
    const [row] = await books.asSystem(
      tx => tx<{ status: string; country: string }[]>`select status, country from customers where number = ${customerNumber}`,
    )
    expect(row).toEqual({ status: 'bankrupt', country: 'DE' })
  })
})
