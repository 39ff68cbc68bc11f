import {
  differencesByCustomer,
  findReconciliation,
  listFindings,
  listReconciliations,
  reconcileLedger,
  type CustomerDifference,
  type FindingKind,
  type Reconciliation,
  type ReconciliationFinding,
} from '@surety/store'
import { includesSegment, segmentsOf } from '../auth/scopes.ts'
import { builder } from '../builder.ts'
import { NotAllowed } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { rowId, segmentIdOf } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType } from './people.ts'

const ReconciliationKindEnum = enumOf<Reconciliation['kind']>('ReconciliationKind', ['extract', 'ledger'])
const FindingKindEnum = enumOf<FindingKind>('ReconciliationFindingKind', [
  'missing-here',
  'missing-there',
  'amount-differs',
  'entries-differ',
  'balance-differs',
])

const FindingType = builder.objectRef<ReconciliationFinding>('ReconciliationFinding').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: FindingKindEnum }),
    customerNumber: t.exposeString('customerNumber'),
    customerName: t.exposeString('customerName', { nullable: true }),
    documentType: t.exposeString('documentType', { nullable: true }),
    documentNumber: t.exposeString('documentNumber', { nullable: true }),
    category: t.exposeString('category', { nullable: true }),
    currency: t.exposeString('currency'),
    ours: t.expose('ours', { type: 'Decimal', nullable: true, description: 'Of the ledger: what the documents say.' }),
    theirs: t.expose('theirs', { type: 'Decimal', nullable: true, description: 'Of the ledger: what entries or balances say.' }),
  }),
})
const FindingConnection = builder.connectionObject(
  { type: FindingType, name: 'ReconciliationFindingConnection', ...ASKED },
  { name: 'ReconciliationFindingEdge', ...ASKED },
)

const TotalType = builder.objectRef<Reconciliation['totals'][number]>('ReconciliationTotal').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    type: t.exposeString('type', { nullable: true }),
    currency: t.exposeString('currency'),
    ours: t.expose('ours', { type: 'Decimal' }),
    theirs: t.expose('theirs', { type: 'Decimal' }),
    difference: t.expose('difference', { type: 'Decimal' }),
  }),
})

const CustomerDifferenceType = builder.objectRef<CustomerDifference>('CustomerDifference').implement({
  authScopes: { can: 'import.read' },
  fields: t => ({
    customerNumber: t.exposeString('customerNumber'),
    customerName: t.exposeString('customerName', { nullable: true }),
    currency: t.exposeString('currency'),
    findings: t.exposeInt('findings'),
    ours: t.expose('ours', { type: 'Decimal' }),
    theirs: t.expose('theirs', { type: 'Decimal' }),
    difference: t.expose('difference', { type: 'Decimal' }),
  }),
})

const ReconciliationType = builder.objectRef<Reconciliation>('Reconciliation').implement({
  description: 'Whether two tellings of what is open agree: a source’s and ours, or the ledger’s and its documents’.',
  authScopes: { can: 'import.read' },
  fields: t => ({
    id: t.exposeID('id'),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    kind: t.expose('kind', { type: ReconciliationKindEnum }),
    source: t.exposeString('source', { nullable: true }),
    asOf: t.expose('asOf', { type: 'Date' }),
    counts: t.field({ type: 'JSON', resolve: ({ counts }) => counts }),
    totals: t.field({ type: [TotalType], resolve: ({ totals }) => [...totals] }),
    findingCount: t.exposeInt('findingCount'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    findings: t.connection(
      {
        type: FindingType,
        description: 'The largest differences first.',
        resolve: async ({ id }, page, { read }) => connectionOf(await read('import.read', tx => listFindings(tx, id, page))),
      },
      FindingConnection,
    ),
    byCustomer: t.field({
      type: [CustomerDifferenceType],
      description: 'The largest differences first, at most 500.',
      complexity: { field: 10, multiplier: 5 },
      resolve: ({ id }, _args, { read }) => read('import.read', tx => differencesByCustomer(tx, id)),
    }),
  }),
})
const ReconciliationConnection = builder.connectionObject(
  { type: ReconciliationType, name: 'ReconciliationConnection', ...ASKED },
  { name: 'ReconciliationEdge', ...ASKED },
)

builder.queryFields(t => ({
  reconciliations: t.connection(
    {
      type: ReconciliationType,
      description: 'Newest first.',
      authScopes: { can: 'import.read' },
      resolve: async (_root, page, { read }) => connectionOf(await read('import.read', tx => listReconciliations(tx, page))),
    },
    ReconciliationConnection,
  ),
  reconciliation: t.field({
    type: ReconciliationType,
    nullable: true,
    authScopes: { can: 'import.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('import.read', tx => findReconciliation(tx, id)) : null),
  }),
}))

builder.mutationField('reconcileLedger', t =>
  t.field({
    type: ReconciliationType,
    description: 'Holds the ledger of a segment against its documents now; it is done every night anyway.',
    authScopes: { can: 'import.write' },
    errors: outcomesOf('ReconcileLedger'),
    args: { segment: t.arg.id({ required: true }) },
    complexity: { field: 100, multiplier: 1 },
    resolve: async (_root, { segment }, { viewer, write }) => {
      const segmentId = segmentIdOf(segment)
      if (!includesSegment(segmentsOf(viewer?.grants ?? [], 'import.write'), segmentId)) throw new NotAllowed()
      return write('import.write', tx => reconcileLedger(tx, segmentId))
    },
  }),
)
