import type { Change } from '@surety/store'
import { builder } from '../builder.ts'
import { changesFor } from '../live/changes-for.ts'

const ChangeType = builder.objectRef<Change>('Change').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    entity: t.exposeString('entity', { description: 'Type name, e.g. `Task`.' }),
    id: t.exposeID('id'),
    customer: t.exposeID('customerId', { nullable: true }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
})

builder.subscriptionField('changes', t =>
  t.field({
    type: ChangeType,
    description:
      'One per tab: what changed among the things that the viewer may see. Ends when something may have been missed: connect again and read anew.',
    authScopes: { signedIn: true },
    subscribe: (_root, _args, context) => changesFor(context),
    resolve: change => change,
  }),
)
