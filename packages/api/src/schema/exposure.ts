import {
  EXPOSURE_CATEGORIES,
  exposureBalancesOf,
  listExposureSources,
  movesOfSource,
  type ExposureBalance,
  type ExposureEntry,
  type ExposureSource,
} from '@surety/store'
import { builder } from '../builder.ts'
import { enumOf } from './enums.ts'
import { ASKED, connectionOf } from './pages.ts'
import { CreditAccountType } from './refs.ts'
import { MoneyType } from './values.ts'

const CategoryEnum = enumOf('ExposureCategory', EXPOSURE_CATEGORIES)
const SOURCE_KINDS = ['order', 'delivery', 'invoice', 'credit_note', 'payment', 'bill', 'reservation'] as const
const SourceKindEnum = enumOf('ExposureSourceKind', SOURCE_KINDS)

const ExposureBalanceType = builder.objectRef<ExposureBalance>('ExposureBalance').implement({
  description: 'What the ledger says of a category; orders beyond the horizon are in it.',
  authScopes: { can: 'customer.read' },
  fields: t => ({
    category: t.expose('category', { type: CategoryEnum }),
    amount: t.field({ type: MoneyType, resolve: ({ amount, currency }) => ({ amount, currency }) }),
  }),
})

const ExposureMoveType = builder.objectRef<ExposureEntry & { readonly balance: string }>('ExposureMove').implement({
  description: 'One entry of the ledger; it never changes.',
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    at: t.expose('at', { type: 'DateTime' }),
    category: t.expose('category', { type: CategoryEnum }),
    amount: t.field({
      type: MoneyType,
      description: 'Forward is positive, back negative.',
      resolve: ({ amount, currency }) => ({ amount, currency }),
    }),
    balance: t.expose('balance', { type: 'Decimal', description: 'Of this source in this category, after the move.' }),
  }),
})

const ExposureSourceType = builder.objectRef<ExposureSource>('ExposureSource').implement({
  description: 'What one document, payment, bill or reservation contributes to a balance.',
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.id({ resolve: ({ kind, id, category }) => `${kind}:${id}:${category}` }),
    kind: t.expose('kind', { type: SourceKindEnum }),
    number: t.exposeString('number'),
    category: t.expose('category', { type: CategoryEnum }),
    amount: t.field({ type: MoneyType, resolve: ({ amount, currency }) => ({ amount, currency }) }),
    moveCount: t.exposeInt('moves'),
    firstAt: t.expose('firstAt', { type: 'DateTime' }),
    lastAt: t.expose('lastAt', { type: 'DateTime' }),
  }),
})
const ExposureSourceConnection = builder.connectionObject(
  { type: ExposureSourceType, name: 'ExposureSourceConnection', ...ASKED },
  { name: 'ExposureSourceEdge', ...ASKED },
)

builder.objectFields(CreditAccountType, t => ({
  balances: t.field({
    type: [ExposureBalanceType],
    resolve: ({ id }, _args, { read }) => read('customer.read', tx => exposureBalancesOf(tx, [id])),
  }),
  exposureSources: t.connection(
    {
      type: ExposureSourceType,
      description: 'What the balances are made of, the largest first.',
      args: { category: t.arg({ type: CategoryEnum }), withSettled: t.arg.boolean({ description: 'Also those that came and went.' }) },
      resolve: async ({ id }, { category, withSettled, ...page }, { read }) =>
        connectionOf(
          await read('customer.read', tx =>
            listExposureSources(tx, { accountId: id, ...(category && { category }), ...(withSettled && { withSettled }) }, page),
          ),
        ),
    },
    ExposureSourceConnection,
  ),
  exposureMoves: t.field({
    type: [ExposureMoveType],
    description: 'The moves of one source in every category, oldest first: forward and back.',
    args: { source: t.arg.id({ required: true, description: 'Its id as `exposureSources` gives it.' }) },
    resolve: ({ id }, { source }, { read }) => {
      const [, kind, sourceId] = /^([a-z_]+):(\d{1,18}):/.exec(source) ?? []
      const known = SOURCE_KINDS.find(each => each === kind)
      return known && sourceId ? read('customer.read', tx => movesOfSource(tx, id, { kind: known, id: sourceId })) : []
    },
  }),
}))
