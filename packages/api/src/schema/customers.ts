import { findIndustry, type Industry } from '@surety/credit'
import {
  CUSTOMER_SORT_FIELDS,
  DOCUMENT_SORT_FIELDS,
  listApplications,
  listAudit,
  listCustomers,
  listDecisions,
  listDocuments,
  listIndustryCodes,
  listPayments,
  type Contact,
  type Customer,
  type CustomerRow,
  type CustomerStatus,
  type DocumentSortField,
  type Sort,
} from '@surety/store'
import { builder } from '../builder.ts'
import { InvalidInput } from '../errors.ts'
import { CreditApplicationConnection } from './applications.ts'
import { AuditEntryConnection, AuditEntryType } from './audit.ts'
import { DecisionConnection } from './decisions.ts'
import { enumOf } from './enums.ts'
import { factsOf, FactValueType } from './facts.ts'
import { rowId, segmentIdOf, withoutNulls } from './inputs.ts'
import {
  AgeingType,
  DocumentConnection,
  DocumentStateEnum,
  DocumentTypeEnum,
  FinancialStatementType,
  LedgerDocumentType,
  PaymentConnection,
  PaymentType,
} from './ledger.ts'
import { ASKED, connectionOf } from './pages.ts'
import { CreditAccountType, CreditApplicationType, CustomerType, DecisionType } from './refs.ts'
import { TextType } from './values.ts'

const CustomerStatusEnum = enumOf<CustomerStatus>('CustomerStatus', ['active', 'inactive', 'bankrupt'])

const IndustryType = builder
  .objectRef<Pick<Industry, 'scheme' | 'code' | 'label'> & { readonly risk: string | null }>('Industry')
  .implement({
    authScopes: { can: 'customer.read' },
    fields: t => ({
      scheme: t.exposeString('scheme'),
      code: t.exposeString('code'),
      name: t.expose('label', { type: TextType }),
      risk: t.exposeString('risk', { nullable: true }),
    }),
  })

const ContactType = builder.objectRef<Contact>('Contact').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    name: t.exposeString('name'),
    title: t.exposeString('title', { nullable: true }),
    email: t.exposeString('email', { nullable: true }),
    phone: t.exposeString('phone', { nullable: true }),
  }),
})

CustomerType.implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    number: t.exposeString('number'),
    name: t.exposeString('name'),
    otherNames: t.stringList({
      description: 'Other spellings under which it arrived.',
      resolve: async ({ id, name }, _args, { load }) => ((await load.customerNames.load(id)) ?? []).filter(other => other !== name),
    }),
    registrationNumber: t.exposeString('registrationNumber', { nullable: true }),
    country: t.exposeString('country'),
    industry: t.field({ type: IndustryType, nullable: true, resolve: ({ industry }) => industry && industryOf(industry) }),
    customerSince: t.expose('customerSince', { type: 'Date', nullable: true }),
    status: t.expose('status', { type: CustomerStatusEnum }),
    contacts: t.field({ type: [ContactType], resolve: async ({ id }, _args, { load }) => (await load.contacts.load(id)) ?? [] }),
    accounts: t.field({ type: [CreditAccountType], resolve: async ({ id }, _args, { load }) => (await load.accounts.load(id)) ?? [] }),
    account: t.field({
      type: CreditAccountType,
      nullable: true,
      description: 'The account in the given segment; else the only or largest one that the viewer sees.',
      args: { segment: t.arg.id() },
      resolve: async ({ id }, { segment }, { load }) => {
        const accounts = (await load.accounts.load(id)) ?? []
        return segment ? accounts.find(({ segmentId }) => String(segmentId) === segment) : accounts[0]
      },
    }),
    facts: t.field({
      type: [FactValueType],
      args: { asOf: t.arg({ type: 'Date' }) },
      complexity: { field: 20, multiplier: 5 },
      resolve: ({ id }, { asOf }, context) => factsOf(context, id, asOf),
    }),
    ageing: t.field({
      type: [AgeingType],
      args: { asOf: t.arg({ type: 'Date' }) },
      complexity: { field: 3, multiplier: 2 },
      resolve: async ({ id }, { asOf }, { load }) => (await load.ageing(asOf ?? undefined).load(id)) ?? [],
    }),
    documents: t.connection(
      {
        type: LedgerDocumentType,
        args: {
          type: t.arg({ type: DocumentTypeEnum }),
          state: t.arg({ type: DocumentStateEnum }),
          sort: t.arg.string({
            description: `One of ${DOCUMENT_SORT_FIELDS.join(', ')}; with a minus in front, descending. Newest first unless said otherwise.`,
          }),
        },
        resolve: async ({ id }, { type, state, sort, ...page }, { read }) =>
          connectionOf(
            await read('customer.read', tx =>
              listDocuments(tx, { customerId: id, ...(type && { type }), ...(state && { state }) }, documentSort(sort), page),
            ),
          ),
      },
      DocumentConnection,
    ),
    payments: t.connection(
      {
        type: PaymentType,
        resolve: async ({ id }, page, { read }) => connectionOf(await read('customer.read', tx => listPayments(tx, id, page))),
      },
      PaymentConnection,
    ),
    applications: t.connection(
      {
        type: CreditApplicationType,
        authScopes: { can: 'application.read' },
        resolve: async ({ id }, page, { read }) =>
          connectionOf(
            await read('application.read', tx =>
              listApplications(tx, { customerId: id }, { field: 'submittedAt', descending: true }, page),
            ),
          ),
      },
      CreditApplicationConnection,
    ),
    decisions: t.connection(
      {
        type: DecisionType,
        authScopes: { can: 'decision.read' },
        resolve: async ({ id }, page, { read }) => connectionOf(await read('decision.read', tx => listDecisions(tx, id, page))),
      },
      DecisionConnection,
    ),
    timeline: t.connection(
      {
        type: AuditEntryType,
        resolve: async ({ id }, page, { read }) => connectionOf(await read('customer.read', tx => listAudit(tx, { customerId: id }, page))),
      },
      AuditEntryConnection,
    ),
    statements: t.field({
      type: [FinancialStatementType],
      description: 'Newest period first.',
      resolve: async ({ id }, _args, { load }) => (await load.statements.load(id)) ?? [],
    }),
  }),
})

const CustomerRowType = builder.objectRef<CustomerRow>('CustomerRow').implement({
  description: 'A customer’s account as the list shows it: one row per account that the viewer sees.',
  authScopes: { can: 'customer.read' },
  fields: t => ({ customer: t.expose('customer', { type: CustomerType }), account: t.expose('account', { type: CreditAccountType }) }),
})
const CustomerRowConnection = builder.connectionObject(
  { type: CustomerRowType, name: 'CustomerRowConnection', ...ASKED },
  { name: 'CustomerRowEdge', ...ASKED },
)

const CustomerFilter = builder.inputType('CustomerFilter', {
  fields: t => ({
    query: t.string(),
    grades: t.stringList(),
    statuses: t.field({ type: [CustomerStatusEnum] }),
    segments: t.idList(),
    industries: t.stringList(),
    overdue: t.boolean(),
    overLimit: t.boolean(),
  }),
})
const CustomerSort = builder.inputType('CustomerSort', {
  fields: t => ({
    field: t.field({ type: enumOf('CustomerSortField', CUSTOMER_SORT_FIELDS), required: true }),
    descending: t.boolean({ required: true, defaultValue: false }),
  }),
})

builder.queryFields(t => ({
  customers: t.connection(
    {
      type: CustomerRowType,
      authScopes: { can: 'customer.read' },
      args: { filter: t.arg({ type: CustomerFilter }), sort: t.arg({ type: CustomerSort }) },
      resolve: async (_root, { filter, sort, ...page }, { read }) => {
        const { segments, ...plain } = withoutNulls(filter ?? {})
        const segmentIds = segments?.map((id, index) => segmentIdOf(id, ['filter', 'segments', String(index)]))
        return connectionOf(
          await read('customer.read', tx =>
            listCustomers(tx, { ...plain, ...(segmentIds && { segmentIds }) }, sort ?? { field: 'name' }, page),
          ),
        )
      },
    },
    CustomerRowConnection,
  ),
  customer: t.field({
    type: CustomerType,
    nullable: true,
    authScopes: { can: 'customer.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { load }) => (rowId(id) ? load.customer.load(id) : null),
  }),
  industries: t.field({
    type: [IndustryType],
    description: 'Those that customers are in.',
    authScopes: { can: 'customer.read' },
    resolve: async (_root, _args, { read }) => (await read('customer.read', listIndustryCodes)).map(industryOf),
  }),
}))

function industryOf(
  industry: NonNullable<Customer['industry']>,
): Pick<Industry, 'scheme' | 'code' | 'label'> & { readonly risk: string | null } {
  const known = findIndustry(industry)
  return { ...industry, label: known?.label ?? { en: industry.code, zh: industry.code }, risk: known?.risk ?? null }
}

function documentSort(sort: string | null | undefined): Sort<DocumentSortField> {
  if (!sort) return { field: 'issuedOn', descending: true }
  const name = sort.replace(/^-/, '')
  const field = DOCUMENT_SORT_FIELDS.find(known => known === name)
  if (field) return { field, descending: sort.startsWith('-') }
  throw InvalidInput.at(['sort'], 'UNKNOWN_SORT', {
    en: `Documents are sorted by ${DOCUMENT_SORT_FIELDS.join(', ')}.`,
    zh: `单据可按 ${DOCUMENT_SORT_FIELDS.join('、')} 排序。`,
  })
}
