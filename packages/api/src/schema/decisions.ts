import { builder } from '../builder.ts'
import { rowId } from './inputs.ts'
import { PolicyVersionType } from './policies.ts'
import { CustomerType, DecisionType } from './refs.ts'
import { enumOf } from './enums.ts'
import { ASKED } from './pages.ts'

export const OutcomeEnum = enumOf('Outcome', ['approve', 'refer', 'decline'])

DecisionType.implement({
  authScopes: { can: 'decision.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.exposeString('kind'),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    policyVersion: t.field({
      type: PolicyVersionType,
      resolve: async ({ policyId, policyVersion }, _args, { load }) =>
        (await load.policyVersion.load({ policyId, version: policyVersion }))!,
    }),
    asOf: t.expose('asOf', { type: 'Date' }),
    outcome: t.expose('outcome', { type: OutcomeEnum }),
    facts: t.field({ type: 'JSON', resolve: ({ facts }) => facts }),
    result: t.field({ type: 'JSON', description: 'The engine’s decision, trace included.', resolve: ({ result }) => result }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime' }),
  }),
})
export const DecisionConnection = builder.connectionObject(
  { type: DecisionType, name: 'DecisionConnection', ...ASKED },
  { name: 'DecisionEdge', ...ASKED },
)

builder.queryField('decision', t =>
  t.field({
    type: DecisionType,
    nullable: true,
    authScopes: { can: 'decision.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { load }) => (rowId(id) ? load.decision.load(id) : null),
  }),
)
