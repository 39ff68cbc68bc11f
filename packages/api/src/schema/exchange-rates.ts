import { isCurrency } from '@surety/credit'
import { exchangeRate, listExchangeRates, setExchangeRates, type ExchangeRate } from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { parseInput, words } from '../errors.ts'
import { outcomesOf } from './errors.ts'
import { ASKED, connectionOf } from './pages.ts'

const ExchangeRateType = builder.objectRef<ExchangeRate>('ExchangeRate').implement({
  description: 'The price of one unit of `from` in `to`, with its source and day.',
  authScopes: { can: 'portfolio.read' },
  fields: t => ({
    from: t.exposeString('from'),
    to: t.exposeString('to'),
    on: t.expose('on', { type: 'Date' }),
    rate: t.exposeString('rate', { description: 'A decimal number as text, exact.' }),
    source: t.exposeString('source'),
  }),
})
const ExchangeRateConnection = builder.connectionObject(
  { type: ExchangeRateType, name: 'ExchangeRateConnection', ...ASKED },
  { name: 'ExchangeRateEdge', ...ASKED },
)

builder.queryFields(t => ({
  exchangeRates: t.connection(
    {
      type: ExchangeRateType,
      description: 'As stored, newest day first.',
      authScopes: { can: 'portfolio.read' },
      resolve: async (_root, page, { read }) => connectionOf(await read('portfolio.read', tx => listExchangeRates(tx, page))),
    },
    ExchangeRateConnection,
  ),
  exchangeRate: t.field({
    type: ExchangeRateType,
    nullable: true,
    description: 'What amounts convert at on a day: as stored, its inverse, or through the euro or another currency.',
    authScopes: { can: 'portfolio.read' },
    args: { from: t.arg.string({ required: true }), to: t.arg.string({ required: true }), on: t.arg({ type: 'Date' }) },
    resolve: (_root, { from, to, on }, { read }) => read('portfolio.read', tx => exchangeRate(tx, from, to, on ?? undefined)),
  }),
}))

const ExchangeRateInput = builder.inputType('ExchangeRateInput', {
  fields: t => ({
    from: t.string({ required: true }),
    to: t.string({ required: true }),
    on: t.field({ type: 'Date', required: true }),
    rate: t.string({ required: true }),
  }),
})

const Currency = z.string().refine(isCurrency, words('Write an ISO 4217 code such as CNY.', '请填写 ISO 4217 代码，如 CNY。'))
const Rate = z
  .object({
    from: Currency,
    to: Currency,
    on: z.string(),
    rate: z
      .string()
      .regex(/^\d{1,11}(\.\d{1,12})?$/, words('Write the rate as 7.8421.', '请将汇率写成 7.8421。'))
      .refine(rate => Number(rate) > 0, words('A rate is more than zero.', '汇率必须大于零。')),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: words('The two currencies are the same.', '两种货币相同。') })

builder.mutationField('setExchangeRate', t =>
  t.field({
    type: ExchangeRateType,
    description: 'A rate by hand; amounts are valued by it from then on.',
    authScopes: { can: 'import.write' },
    errors: outcomesOf('SetExchangeRate'),
    args: { input: t.arg({ type: ExchangeRateInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const rate = { ...parseInput(Rate, input), source: 'manual' }
      await write('import.write', tx => setExchangeRates(tx, [rate]))
      return rate
    },
  }),
)
