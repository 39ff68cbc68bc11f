import type { DocumentState, DocumentType, FinancialStatement, LedgerAgeing, LedgerDocument, Payment } from '@surety/store'
import { ageingOf } from '@surety/store'
import { AGEING_BUCKETS, type AgeingBucket } from '@surety/credit'
import { builder } from '../builder.ts'
import { enumOf } from './enums.ts'
import { segmentIdOf } from './inputs.ts'
import { ASKED } from './pages.ts'
import { MoneyType } from './values.ts'

export const DocumentTypeEnum = enumOf<DocumentType>('DocumentType', ['order', 'delivery', 'invoice', 'credit_note'])
export const DocumentStateEnum = enumOf<DocumentState>('DocumentState', ['open', 'overdue', 'closed'])

export const LedgerDocumentType = builder.objectRef<LedgerDocument>('Document').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    type: t.expose('type', { type: DocumentTypeEnum }),
    number: t.exposeString('number'),
    issuedOn: t.expose('issuedOn', { type: 'Date' }),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    amount: t.field({ type: MoneyType, resolve: ({ amount, currency }) => ({ amount, currency }) }),
    openAmount: t.expose('openAmount', { type: 'Decimal' }),
    daysPastDue: t.exposeInt('daysPastDue', { nullable: true, description: 'Null when nothing is open; negative before it is due.' }),
    disputed: t.exposeBoolean('isDisputed'),
  }),
})
export const DocumentConnection = builder.connectionObject(
  { type: LedgerDocumentType, name: 'DocumentConnection', ...ASKED },
  { name: 'DocumentEdge', ...ASKED },
)

export const PaymentType = builder.objectRef<Payment>('Payment').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    number: t.exposeString('number'),
    receivedOn: t.expose('receivedOn', { type: 'Date' }),
    amount: t.field({ type: MoneyType, resolve: ({ amount, currency }) => ({ amount, currency }) }),
    unappliedAmount: t.expose('unappliedAmount', { type: 'Decimal' }),
  }),
})
export const PaymentConnection = builder.connectionObject(
  { type: PaymentType, name: 'PaymentConnection', ...ASKED },
  { name: 'PaymentEdge', ...ASKED },
)

export const FinancialStatementType = builder.objectRef<FinancialStatement>('FinancialStatement').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    periodEnd: t.expose('periodEnd', { type: 'Date' }),
    periodMonths: t.exposeInt('periodMonths'),
    receivedOn: t.expose('receivedOn', { type: 'Date' }),
    currency: t.exposeString('currency'),
    audited: t.exposeBoolean('audited'),
    items: t.field({ type: 'JSON', resolve: ({ items }) => items }),
  }),
})

// Where a bucket begins and ends, in days past due.
const BOUNDS: Readonly<Record<AgeingBucket, { readonly from: number | null; readonly to: number | null }>> = {
  'not-due': { from: null, to: 0 },
  '1-30': { from: 1, to: 30 },
  '31-60': { from: 31, to: 60 },
  '61-90': { from: 61, to: 90 },
  'over-90': { from: 91, to: null },
}

const AgeingBucketType = builder
  .objectRef<{ readonly key: AgeingBucket; readonly amount: string; readonly count: number }>('AgeingBucket')
  .implement({
    authScopes: { can: 'customer.read' },
    fields: t => ({
      key: t.exposeString('key'),
      from: t.int({ nullable: true, resolve: ({ key }) => BOUNDS[key].from }),
      to: t.int({ nullable: true, resolve: ({ key }) => BOUNDS[key].to }),
      amount: t.expose('amount', { type: 'Decimal' }),
      count: t.exposeInt('count'),
    }),
  })

export const AgeingType = builder.objectRef<LedgerAgeing>('Ageing').implement({
  description: 'Ageing in one currency, by days past due.',
  authScopes: { can: 'customer.read' },
  fields: t => ({
    currency: t.exposeString('currency'),
    asOf: t.expose('asOf', { type: 'Date' }),
    buckets: t.field({ type: [AgeingBucketType], resolve: ({ buckets }) => AGEING_BUCKETS.map(key => ({ key, ...buckets[key] })) }),
    total: t.expose('total', { type: 'Decimal' }),
    overdue: t.expose('overdue', { type: 'Decimal' }),
    unapplied: t.expose('unapplied', { type: 'Decimal' }),
  }),
})

builder.queryField('ageing', t =>
  t.field({
    type: [AgeingType],
    authScopes: { can: 'portfolio.read' },
    args: { asOf: t.arg({ type: 'Date' }), segment: t.arg.id() },
    complexity: { field: 50, multiplier: 3 },
    resolve: (_root, { asOf, segment }, { read }) => {
      const segmentId = segment ? segmentIdOf(segment) : undefined
      return read('portfolio.read', tx => ageingOf(tx, { ...(asOf && { asOf }), ...(segmentId !== undefined && { segmentId }) }))
    },
  }),
)
