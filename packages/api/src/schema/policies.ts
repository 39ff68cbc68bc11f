import { listPolicies, type PolicyVersion } from '@surety/store'
import { builder } from '../builder.ts'
import { UserType } from './people.ts'
import { PolicyType } from './refs.ts'
import { TextType } from './values.ts'

export const PolicyVersionType = builder.objectRef<PolicyVersion>('PolicyVersion').implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    policy: t.field({ type: PolicyType, resolve: async ({ policyId }, _args, { load }) => (await load.policy.load(policyId))! }),
    version: t.exposeInt('version'),
    hash: t.exposeString('hash'),
    document: t.field({ type: 'JSON', resolve: ({ document }) => document }),
    effectiveFrom: t.expose('effectiveFrom', { type: 'DateTime' }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime' }),
    publishedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ publishedBy }, _args, { load }) => (publishedBy === null ? null : load.user.load(publishedBy)),
    }),
    inForce: t.boolean({
      resolve: async ({ policyId, version }, _args, { load }) => (await load.policyInForce.load(policyId))?.version === version,
    }),
  }),
})

PolicyType.implement({
  authScopes: { can: 'policy.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.exposeString('kind'),
    title: t.expose('title', { type: TextType }),
    current: t.field({
      type: PolicyVersionType,
      nullable: true,
      description: 'The version in force.',
      resolve: ({ id }, _args, { load }) => load.policyInForce.load(id),
    }),
    versions: t.field({
      type: [PolicyVersionType],
      description: 'Newest first.',
      resolve: async ({ id }, _args, { load }) => (await load.policyVersions.load(id)) ?? [],
    }),
  }),
})

builder.queryFields(t => ({
  policies: t.field({
    type: [PolicyType],
    authScopes: { can: 'policy.read' },
    resolve: (_root, _args, { read }) => read('policy.read', listPolicies),
  }),
  policy: t.field({
    type: PolicyType,
    nullable: true,
    authScopes: { can: 'policy.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { load }) => load.policy.load(id),
  }),
}))
