import { builder } from '../builder.ts'
import type { Config } from '../config.ts'
import { holdsScope } from '../auth/scopes.ts'

const Instance = builder.objectRef<Config>('Instance').implement({
  authScopes: { public: true },
  fields: t => ({
    environment: t.exposeString('environment', { description: 'Shown as a badge: production, demo.' }),
    demo: t.exposeBoolean('isDemo'),
    version: t.exposeString('version'),
    temporalUi: t.string({
      nullable: true,
      description: 'Address of Temporal’s own UI, for administrators.',
      resolve: ({ temporalUi }, _args, { viewer }) => (viewer && holdsScope(viewer.grants, 'instance.administer') ? temporalUi : null),
    }),
  }),
})

builder.queryField('instance', t =>
  t.field({ type: Instance, authScopes: { public: true }, resolve: (_root, _args, { config }) => config }),
)
