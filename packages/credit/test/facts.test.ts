import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  collectBooks,
  computeFacts,
  cutBook,
  emptyBook,
  FACT_DICTIONARY,
  FACT_FAMILIES,
  FACT_SOURCES,
  factDefinitions,
  findFact,
  generateLedger,
  MISSING_REASONS,
  toEngineFacts,
  type BookDocument,
  type CustomerBook,
  type FactKey,
  type Occasion,
} from '../src/index.ts'

const TODAY = '2026-03-05'

const start: CustomerBook = {
  ...emptyBook({ id: '1', name: '岱屿', country: 'CN', industry: { scheme: 'GB/T 4754', code: 'C29' }, since: '2022-09-20' }, 'CNY'),
}

function bookOf(change: Partial<CustomerBook>): CustomerBook {
  return { ...start, ...change }
}

function invoice(id: string, date: string, dueDate: string, amount: string, change: Partial<BookDocument> = {}): BookDocument {
  return { id, type: 'invoice', date, dueDate, amount, currency: 'CNY', ...change }
}

function valueOf(book: CustomerBook, key: FactKey, occasion: Occasion = {}, asOf = TODAY): unknown {
  const fact = computeFacts(book, asOf, occasion)[key]
  return fact.kind === 'known' ? fact.value : fact.reason
}

describe('the dictionary', () => {
  test('has each fact once, with words, a family and a source in both languages', () => {
    expect(new Set(FACT_DICTIONARY.map(({ key }) => key)).size).toBe(FACT_DICTIONARY.length)
    for (const { label, family, source, type, values } of FACT_DICTIONARY) {
      expect(label.en && label.zh && FACT_FAMILIES[family].zh && FACT_SOURCES[source].zh).toBeTruthy()
      expect(type === 'enum').toBe(values !== undefined)
    }
  })

  test('gives definitions as a policy declares them', () => {
    expect(factDefinitions(['overdueAmount'], 'USD')['overdueAmount']).toMatchObject({ type: 'money', currency: 'USD', source: 'ledger' })
    expect(findFact('nonsense')).toBeUndefined()
  })
})

describe('ageing facts', () => {
  const book = bookOf({
    documents: [
      invoice('a', '2026-01-01', '2026-01-23', '100.10'),
      invoice('b', '2026-02-01', '2026-03-04', '50'),
      invoice('c', '2026-03-01', '2026-03-05', '7'),
      invoice('d', '2025-09-01', '2025-10-01', '40'),
    ],
    payments: [{ id: 'p', date: '2026-02-10', amount: '40', currency: 'CNY' }],
    applications: [{ id: 'x', date: '2026-02-11', source: 'payment', sourceId: 'p', documentId: 'd', amount: '40' }],
  })

  test('an invoice due today is not overdue and one due yesterday is', () => {
    expect(toEngineFacts(computeFacts(book, TODAY))).toMatchObject({
      openAmount: '157.10',
      notDueAmount: '7.00',
      overdue1To30Amount: '50.00',
      overdue31To60Amount: '100.10',
      overdueAmount: '150.10',
      overdueDays: 41,
      overdueInvoiceCount: 2,
      openInvoiceCount: 3,
    })
  })

  test('what was paid later was open then', () => {
    expect(valueOf(book, 'overdueDays', {}, '2026-02-01')).toBe(123)
    expect(valueOf(book, 'openAmount', {}, '2026-02-10')).toBe('190.10')
    expect(valueOf(book, 'openAmount', {}, '2026-02-11')).toBe('150.10')
  })

  test('a fully disputed invoice does not count as oldest, a partly disputed one does', () => {
    const disputed = (amount: string): CustomerBook => ({
      ...book,
      disputes: [{ id: 'q', documentId: 'a', date: '2026-02-01', amount, reason: 'quality' }],
    })
    expect(valueOf(disputed('100.10'), 'overdueDays')).toBe(1)
    expect(valueOf(disputed('100.10'), 'undisputedOverdueAmount')).toBe('50.00')
    expect(valueOf(disputed('20'), 'overdueDays')).toBe(41)
    expect(valueOf(disputed('20'), 'undisputedOverdueAmount')).toBe('130.10')
  })

  test('credit notes neither age nor count as oldest', () => {
    const credited = {
      ...book,
      documents: [...book.documents, { ...invoice('k', '2024-01-01', '2024-01-01', '30'), type: 'credit-note' as const }],
    }
    expect(valueOf(credited, 'overdueDays')).toBe(41)
    expect(valueOf(credited, 'unappliedCash')).toBe('30.00')
    expect(valueOf(credited, 'exposure')).toBe('127.10')
  })

  test('a cancelled payment leaves its invoice open', () => {
    const cancelled = { ...book, payments: book.payments.map(payment => ({ ...payment, cancelledOn: '2026-03-01' })) }
    expect(valueOf(cancelled, 'overdueDays')).toBe(155)
    expect(valueOf(cancelled, 'overdueDays', {}, '2026-02-28')).toBe(36)
  })

  test('with nothing open shares are missing, not zero', () => {
    expect(valueOf(start, 'overdueShare')).toBe('NOTHING_OPEN')
    expect(valueOf(start, 'overdueDays')).toBe(0)
  })
})

describe('payment facts', () => {
  const paid = (late: readonly (readonly [daysLate: number, amount: string])[]): CustomerBook =>
    bookOf({
      documents: late.map(([, amount], at) => invoice(`i${at}`, '2025-10-01', '2025-11-01', amount)),
      payments: late.map(([daysLate, amount], at) => ({ id: `p${at}`, date: addDays('2025-11-01', daysLate), amount, currency: 'CNY' })),
      applications: late.map(([daysLate, amount], at) => ({
        id: `x${at}`,
        date: addDays('2025-11-01', daysLate + 2),
        source: 'payment' as const,
        sourceId: `p${at}`,
        documentId: `i${at}`,
        amount,
      })),
    })

  test('the index is weighted by amount: 50k at 80, 30k at 50 and 20k at 40 make 63', () => {
    expect(
      valueOf(
        paid([
          [0, '50000'],
          [30, '30000'],
          [60, '20000'],
        ]),
        'paymentIndex',
      ),
    ).toBe(63)
  })

  test('what is overdue and unpaid counts as late as it is', () => {
    const book = bookOf({ documents: [invoice('a', '2025-12-01', '2026-01-04', '100')] })
    expect(valueOf(book, 'paymentIndex')).toBe(40)
    expect(valueOf(book, 'averageDaysLate')).toBe('NO_PAYMENTS')
  })

  test('what counts is the day of the money, not that of its matching', () => {
    expect(valueOf(paid([[10, '100']]), 'averageDaysLate')).toBe(10)
    expect(
      valueOf(
        paid([
          [-5, '100'],
          [15, '300'],
        ]),
        'averageDaysLate',
      ),
    ).toBe(10)
    expect(
      valueOf(
        paid([
          [-5, '100'],
          [15, '300'],
        ]),
        'paidLateShare',
      ),
    ).toBe(75)
    expect(
      valueOf(
        paid([
          [0, '100'],
          [10, '100'],
          [20, '100'],
        ]),
        'daysLateVolatility',
      ),
    ).toBe(8.2)
  })

  test('a dishonoured bill undoes its payment', () => {
    const book = paid([
      [0, '100'],
      [0, '100'],
    ])
    const undone = {
      ...book,
      applications: [
        ...book.applications,
        { id: 'u', date: '2026-01-20', source: 'payment' as const, sourceId: 'p1', documentId: 'i1', amount: '-100' },
      ],
    }
    expect(valueOf(undone, 'openAmount')).toBe('100.00')
    expect(valueOf(undone, 'paidLateShare')).toBe(0)
    expect(valueOf(undone, 'overdueDays')).toBe(124)
  })

  test('without invoices there is no index', () => {
    expect(valueOf(start, 'paymentIndex')).toBe('NO_INVOICES')
    expect(valueOf(start, 'dsoDays')).toBe('NO_INVOICES')
  })
})

describe('limit and exposure facts', () => {
  const limits: CustomerBook['limits'] = [
    {
      date: '2025-06-01',
      kind: 'amount',
      amount: '3000000',
      currency: 'CNY',
      termsDays: 60,
      expiresOn: '2026-05-31',
      nextReviewOn: '2026-03-01',
    },
  ]

  test('the customer of the mocks: 83.5 % used, and 115.65 % with the held order', () => {
    const book = bookOf({
      limits,
      documents: [invoice('a', '2026-02-01', '2026-04-01', '5500000')],
      instruments: [
        {
          id: 'g',
          date: '2025-01-01',
          type: 'guarantee',
          effect: 'raises-limit',
          value: '2000000',
          currency: 'CNY',
          percentage: 50,
          effectiveFrom: '2025-01-01',
          expiresOn: '2027-02-28',
        },
        {
          id: 'k',
          date: '2025-01-01',
          type: 'insurance',
          effect: 'reduces-exposure',
          value: '2400000',
          currency: 'CNY',
          percentage: 90,
          effectiveFrom: '2025-01-01',
          expiresOn: '2026-09-30',
        },
      ],
    })
    const order: Occasion = { order: { id: 'SO', amount: { amount: '1286000', currency: 'CNY' }, checkpoint: 'entered', termsDays: 75 } }
    expect(toEngineFacts(computeFacts(book, TODAY, order))).toMatchObject({
      limitKind: 'amount',
      creditLimit: '3000000.00',
      countedExposure: '3340000.00',
      availableCredit: '660000.00',
      utilisation: 83.5,
      utilisationWithOrder: 115.65,
      orderExcess: '626000.00',
      orderTermsExcess: 15,
      securedAmount: '3160000.00',
      insuredShare: 39.27,
      limitExpiresInDays: 87,
      reviewOverdueDays: 4,
    })
  })

  test('no limit decided, no credit and unlimited are three different things', () => {
    const kinds = (
      [[], [{ date: '2026-01-01', kind: 'none', currency: 'CNY' }], [{ date: '2026-01-01', kind: 'unlimited', currency: 'CNY' }]] as const
    ).map(list => bookOf({ limits: list }))
    expect(kinds.map(book => valueOf(book, 'limitKind'))).toEqual(['not-set', 'none', 'unlimited'])
    expect(kinds.map(book => valueOf(book, 'creditLimit'))).toEqual(['LIMIT_NOT_SET', 'NO_CREDIT', 'UNLIMITED'])
    expect(kinds.map(book => valueOf(book, 'utilisation'))).toEqual(['LIMIT_NOT_SET', 'NO_CREDIT', 'UNLIMITED'])
  })

  test('a temporary limit counts until its last day', () => {
    const book = bookOf({
      limits: [...limits, { date: '2026-02-01', kind: 'amount', amount: '4000000', currency: 'CNY', temporaryUntil: TODAY }],
    })
    expect(valueOf(book, 'creditLimit')).toBe('4000000.00')
    expect(valueOf(book, 'creditLimit', {}, '2026-03-06')).toBe('3000000.00')
  })

  test('the lower of customer and group counts', () => {
    const book = bookOf({ limits: [...limits, { date: '2025-01-01', kind: 'amount', amount: '2500000', currency: 'CNY', isGroup: true }] })
    expect(valueOf(book, 'creditLimit')).toBe('2500000.00')
  })

  test('exposure moves from order to delivery to invoice without being counted twice', () => {
    const order = { id: 'o', date: '2026-02-01', dueDate: '2026-03-20', amount: '1000', currency: 'CNY' }
    const delivery = { id: 'd', orderId: 'o', date: '2026-02-10', amount: '400', currency: 'CNY' }
    const moves: readonly Partial<CustomerBook>[] = [
      { orders: [order] },
      { orders: [order], deliveries: [delivery] },
      {
        orders: [order],
        deliveries: [delivery],
        documents: [invoice('i', '2026-02-11', '2026-04-11', '400', { orderId: 'o', deliveryId: 'd' })],
      },
    ]
    expect(moves.map(move => valueOf(bookOf(move), 'exposure'))).toEqual(['1000.00', '1000.00', '1000.00'])
    expect(moves.map(move => valueOf(bookOf(move), 'exposureOrders'))).toEqual(['1000.00', '600.00', '600.00'])
    expect(valueOf(bookOf({ orders: [{ ...order, dueDate: '2026-04-05' }] }), 'exposure')).toBe('0.00')
    expect(valueOf(bookOf({ orders: [{ ...order, isPrepaid: true }] }), 'exposure')).toBe('0.00')
    expect(
      valueOf(bookOf({ orders: [order], limits }), 'utilisationWithOrder', {
        order: { id: 'o', amount: { amount: '1000', currency: 'CNY' }, checkpoint: 'confirmed' },
      }),
    ).toBe(0.03)
  })

  test('a bill is exposure until it is honoured', () => {
    const bill = { id: 'b', date: '2026-01-01', maturity: '2026-03-01', amount: '500', currency: 'CNY', kind: 'bank' as const }
    expect(valueOf(bookOf({ bills: [bill] }), 'exposure')).toBe('500.00')
    expect(valueOf(bookOf({ bills: [{ ...bill, honouredOn: '2026-03-01' }] }), 'exposure')).toBe('0.00')
    expect(valueOf(bookOf({ bills: [{ ...bill, honouredOn: '2026-03-06' }] }), 'exposure')).toBe('500.00')
  })

  test('a missing rate makes what it touches missing, never smaller', () => {
    const foreign = bookOf({
      limits,
      documents: [invoice('a', '2026-02-01', '2026-04-01', '100', { currency: 'USD' }), invoice('b', '2026-02-01', '2026-02-02', '100')],
    })
    expect(['openAmount', 'exposure', 'utilisation', 'notDueAmount'].map(key => valueOf(foreign, key as FactKey))).toEqual([
      'NO_RATE',
      'NO_RATE',
      'NO_RATE',
      'NO_RATE',
    ])
    expect(valueOf(foreign, 'overdueDays')).toBe(31)
    const rated = {
      ...foreign,
      rates: [
        { date: '2026-01-01', from: 'USD', to: 'CNY', rate: '7.1' },
        { date: '2026-03-01', from: 'USD', to: 'CNY', rate: '7.2' },
      ],
    }
    expect(valueOf(rated, 'openAmount')).toBe('820.00')
    expect(valueOf(rated, 'openAmount', {}, '2026-02-28')).toBe('810.00')
  })
})

describe('statement, trade and request facts', () => {
  const statement = {
    id: 's',
    periodEnd: '2024-12-31',
    periodMonths: 12,
    date: '2025-04-20',
    currency: 'CNY',
    currentAssets: '660',
    currentLiabilities: '500',
    totalAssets: '1000',
    totalLiabilities: '584',
    retainedEarnings: '150',
    ebit: '80',
    equity: '416',
    revenue: '1600',
  }

  test('a statement counts from the day on which it is known', () => {
    const book = bookOf({ statements: [statement] })
    expect(valueOf(book, 'currentRatio', {}, '2025-04-19')).toBe('NO_STATEMENT')
    expect(toEngineFacts(computeFacts(book, TODAY))).toMatchObject({
      currentRatio: 1.32,
      debtRatio: 58.4,
      statementAgeDays: 429,
      statementCount: 1,
      altmanZone: 'grey',
      netWorth: '416.00',
    })
    expect(valueOf(book, 'altmanZ')).toBe('NOT_REPORTED')
  })

  test('Altman refuses financial firms', () => {
    const bank = {
      ...bookOf({ statements: [statement] }),
      customer: { ...start.customer, industry: { scheme: 'GB/T 4754' as const, code: 'J66' } },
    }
    expect(valueOf(bank, 'altmanZPrime')).toBe('FINANCIAL_FIRM')
    expect(valueOf(bank, 'currentRatio')).toBe(1.32)
  })

  test('known for 41 months; industry risk from the table', () => {
    expect(valueOf(start, 'customerSinceMonths')).toBe(41)
    expect(valueOf(start, 'industryRisk')).toBe('mid')
  })

  test('growth needs two years and volatility one', () => {
    const months = Array.from({ length: 24 }, (_, at) => ({
      id: `o${at}`,
      date: addMonths('2024-03-10', at),
      dueDate: '2026-01-01',
      amount: at < 12 ? '100' : '120',
      currency: 'CNY',
      closedOn: '2026-01-01',
    }))
    const book = bookOf({ orders: months })
    expect(valueOf(book, 'orderGrowth')).toBe(20)
    expect(valueOf(book, 'orderGrowth', {}, '2025-06-01')).toBe('TOO_LITTLE_HISTORY')
    expect(valueOf(bookOf({ orders: months.slice(-3) }), 'orderVolatility')).toBe('TOO_LITTLE_HISTORY')
  })

  test('the change of a limit is against the one in force', () => {
    const request: Occasion = { request: { limit: { amount: '3800000', currency: 'CNY' }, termsDays: 45 } }
    const limited = bookOf({ limits: [{ date: '2025-06-01', kind: 'amount', amount: '3000000', currency: 'CNY' }] })
    expect(valueOf(limited, 'limitChange', request)).toBe(26.67)
    expect(valueOf(limited, 'limitChangeAmount', request)).toBe('800000.00')
    expect(valueOf(start, 'limitChange', request)).toBe(100)
    expect(valueOf(limited, 'requestedLimit')).toBe('NOT_ASKED')
  })

  test('item facts follow the ladder of one invoice', () => {
    const book = bookOf({
      documents: [invoice('a', '2026-01-01', '2026-01-23', '100')],
      reminders: [
        { date: '2026-01-28', level: 1, documentId: 'a' },
        { date: '2026-02-20', level: 2, documentId: 'a' },
      ],
      promises: [{ id: 'w', date: '2026-03-01', dueDate: '2026-03-05', amount: '100', currency: 'CNY', documentIds: ['a'] }],
    })
    expect(toEngineFacts(computeFacts(book, TODAY, { item: { documentId: 'a' } }))).toMatchObject({
      itemDaysPastDue: 41,
      itemOpenAmount: '100.00',
      itemDunningLevel: 2,
      itemDaysSinceReminder: 13,
      isItemPromised: true,
      isItemDisputed: false,
      dunningLevel: 2,
      promiseDueInDays: 0,
    })
    expect(valueOf(book, 'isItemPromised', { item: { documentId: 'a' } }, '2026-03-06')).toBe(false)
  })

  test('portfolio facts are shares of the whole, before and after', () => {
    const figures = (exposure: string, name: string) => ({
      exposure: { amount: exposure, currency: 'CNY' },
      customerExposure: { amount: name, currency: 'CNY' },
      industryExposure: { amount: '41812000', currency: 'CNY' },
      lowGradeExposure: { amount: '0', currency: 'CNY' },
      expectedLoss: { amount: '6120000', currency: 'CNY' },
    })
    const values = toEngineFacts(
      computeFacts(start, TODAY, { portfolio: { before: figures('486200000', '5500000'), after: figures('487486000', '6786000') } }),
    )
    expect(values).toMatchObject({ singleNameShareBefore: 1.13, singleNameShareAfter: 1.39, portfolioExposureAfter: '487486000.00' })
  })
})

// Whole ledgers take their time when the machine is busy.
describe('time', { timeout: 60_000 }, () => {
  const books = [...collectBooks(generateLedger({ customers: 60, months: 24, seed: 11, endDate: TODAY }), 'CNY')]
  const days = fc.integer({ min: 0, max: 700 }).map(ago => addDays(TODAY, -ago))

  test('nothing that is dated later changes a fact', () => {
    fc.assert(
      fc.property(fc.constantFrom(...books), days, (book, asOf) => {
        expect(computeFacts(book, asOf)).toEqual(computeFacts(cutBook(book, asOf), asOf))
      }),
      { numRuns: 60 },
    )
  })

  test('adding any later event to any book changes nothing', () => {
    const lists = Object.keys(start).filter(key => Array.isArray(start[key as keyof CustomerBook])) as (keyof CustomerBook)[]
    fc.assert(
      fc.property(fc.constantFrom(...books), fc.constantFrom(...books), days, (book, other, asOf) => {
        // The events of another customer, moved to the days after, are as surprising as any.
        const later: Partial<Record<keyof CustomerBook, unknown>> = {}
        for (const list of lists)
          later[list] = [...(book[list] as object[]), ...(other[list] as object[]).map(event => ({ ...event, date: addDays(asOf, 1) }))]
        expect(computeFacts({ ...book, ...later } as CustomerBook, asOf)).toEqual(computeFacts(book, asOf))
      }),
      { numRuns: 40 },
    )
  })

  test('every fact of every customer is of its type, within its range, and no evidence is of tomorrow', () => {
    for (const book of books) {
      for (const [key, fact] of Object.entries(computeFacts(book, TODAY))) {
        const { type, min, max, values } = findFact(key)!
        if (fact.kind === 'missing') {
          expect(MISSING_REASONS[fact.reason]).toBeDefined()
          continue
        }
        expect(fact.asOf <= TODAY, key).toBe(true)
        if (type === 'boolean') expect(typeof fact.value).toBe('boolean')
        else if (type === 'string') expect(typeof fact.value).toBe('string')
        else if (type === 'enum') expect(values!.map(value => (typeof value === 'string' ? value : value.value))).toContain(fact.value)
        else {
          if (type === 'money') expect(fact.value).toMatch(/^-?\d+\.\d\d$/)
          else expect(typeof fact.value, key).toBe('number')
          if (type === 'integer') expect(Number.isInteger(fact.value), key).toBe(true)
          if (min !== undefined) expect(Number(fact.value), key).toBeGreaterThanOrEqual(min)
          if (max !== undefined) expect(Number(fact.value), key).toBeLessThanOrEqual(max)
        }
      }
    }
  })

  test('ageing, exposure and turnover agree with each other', () => {
    for (const book of books) {
      const facts = toEngineFacts(computeFacts(book, TODAY)) as Record<string, string>
      const sum = (...keys: readonly string[]): number => keys.reduce((total, key) => total + Number(facts[key]) * 100, 0)
      expect(sum('notDueAmount', 'overdue1To30Amount', 'overdue31To60Amount', 'overdue61To90Amount', 'overdueOver90Amount')).toBeCloseTo(
        sum('openAmount'),
        0,
      )
      expect(sum('exposureOrders', 'exposureDeliveries', 'exposureReceivables', 'exposureBills') - sum('unappliedCash')).toBeCloseTo(
        sum('exposure'),
        0,
      )
      expect(sum('highestBalance12m')).toBeGreaterThanOrEqual(sum('openAmount') - 0.5)
    }
  })
})
