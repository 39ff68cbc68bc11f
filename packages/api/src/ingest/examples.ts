import type { RecordKind } from '@surety/store'

/** A delivery of every kind as it may be sent, in an order in which nothing is missing; the tests send them. */
export const RECORD_EXAMPLES: Readonly<Record<RecordKind, readonly Readonly<Record<string, unknown>>[]>> = {
  customers: [
    {
      customerNumber: '0042',
      customerName: 'Acme Trading Ltd',
      country: 'GB',
      industryScheme: 'NACE',
      industryCode: 'G46',
      paymentTermsDays: 30,
      contactName: 'Jo Field',
      contactEmail: 'jo.field@acme.example',
      sequence: 1,
    },
  ],
  orders: [
    {
      number: 'SO-1001',
      customerNumber: '0042',
      issuedOn: '2026-03-02',
      dueOn: '2026-03-16',
      currency: 'EUR',
      amount: '1250.00',
      sequence: 1,
    },
  ],
  deliveries: [
    {
      number: 'DN-2001',
      customerNumber: '0042',
      issuedOn: '2026-03-12',
      currency: 'EUR',
      amount: '1250.00',
      orderNumber: 'SO-1001',
      sequence: 1,
    },
  ],
  'draft-invoices': [
    { number: 'INV-3001', customerNumber: '0042', issuedOn: '2026-03-12', currency: 'EUR', amount: '1250.00', deliveryNumber: 'DN-2001' },
  ],
  invoices: [
    {
      number: 'INV-3001',
      customerNumber: '0042',
      issuedOn: '2026-03-13',
      dueOn: '2026-04-12',
      currency: 'EUR',
      amount: '1250.00',
      orderNumber: 'SO-1001',
      deliveryNumber: 'DN-2001',
      sequence: 1,
    },
    { number: 'INV-3002', customerNumber: '0042', issuedOn: '2026-03-14', terms: 'Net 30', currency: 'EUR', amount: '800.00', sequence: 1 },
  ],
  'credit-notes': [
    {
      number: 'CN-4001',
      customerNumber: '0042',
      issuedOn: '2026-03-20',
      currency: 'EUR',
      amount: '50.00',
      applications: [{ invoiceNumber: 'INV-3001', amount: '50.00' }],
    },
  ],
  payments: [
    {
      number: 'PAY-5001',
      customerNumber: '0042',
      receivedOn: '2026-04-10',
      currency: 'EUR',
      amount: '1300.00',
      method: 'transfer',
      applications: [
        { invoiceNumber: 'INV-3001', amount: '1200.00' },
        { invoiceNumber: 'INV-3002', amount: '100.00', appliedOn: '2026-04-11' },
      ],
      key: 'bank-2026-04-10-17',
      sequence: 1,
    },
  ],
  bills: [
    {
      number: 'BILL-6001',
      customerNumber: '0042',
      kind: 'bank',
      receivedOn: '2026-04-12',
      maturesOn: '2026-07-12',
      currency: 'EUR',
      amount: '500.00',
      applications: [{ invoiceNumber: 'INV-3002', amount: '500.00' }],
      discountedOn: '2026-05-04',
      discountedWith: 'First Bank',
    },
  ],
  disputes: [{ invoiceNumber: 'INV-3002', openedOn: '2026-04-01', amount: '200.00', reason: 'quality' }],
  instruments: [
    {
      number: 'POL-7001',
      customerNumber: '0042',
      type: 'insurance',
      effect: 'raises-limit',
      value: '50000.00',
      currency: 'EUR',
      percentage: 90,
      effectiveFrom: '2026-01-01',
      expiresOn: '2026-12-31',
    },
  ],
  ratings: [
    { customerNumber: '0042', agency: 'Example Agency', value: 'BBB+', score: 71.5, ratedOn: '2026-02-01', expiresOn: '2027-02-01' },
  ],
  incidents: [{ customerNumber: '0042', kind: 'lawsuit', happenedOn: '2026-02-14', note: 'Claim of a supplier' }],
  statements: [
    {
      customerNumber: '0042',
      periodEnd: '2025-12-31',
      currency: 'EUR',
      isAudited: true,
      totalAssets: '1000000',
      totalLiabilities: '600000',
      revenue: '2400000',
      ebit: '130000',
    },
  ],
}

/** The open items of a source as they are on a day. */
export const EXTRACT_EXAMPLE = {
  asOf: '2026-04-15',
  items: [
    { type: 'invoice', number: 'INV-3002', customerNumber: '0042', currency: 'EUR', openAmount: '200.00' },
    { type: 'invoice', number: 'INV-9999', customerNumber: '0042', currency: 'EUR', openAmount: '10.00' },
  ],
}

export const RATES_EXAMPLE = [
  { from: 'EUR', to: 'USD', on: '2026-03-02', rate: '1.0825', source: 'treasury' },
  { from: 'EUR', to: 'CNY', on: '2026-03-02', rate: '7.8421' },
]
