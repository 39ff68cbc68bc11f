import { listPeople, type Peer, type Person } from '@surety/store'
import { builder } from '../builder.ts'
import { segmentIdOf } from './inputs.ts'

export const PersonType = builder.objectRef<Person>('Person').implement({
  description: 'A natural person, whatever logins they hold.',
  authScopes: { signedIn: true },
  fields: t => ({ id: t.exposeID('id'), name: t.exposeString('name') }),
})

const PeerType = builder.objectRef<Peer>('Peer').implement({
  description: 'A colleague to hand something to.',
  authScopes: { signedIn: true },
  fields: t => ({
    id: t.exposeID('id', { description: 'Of the person.' }),
    name: t.exposeString('name'),
    authorityLevel: t.exposeInt('authorityLevel', { nullable: true, description: 'Null: approves nothing.' }),
    substitute: t.exposeString('substitute', { nullable: true, description: 'Away today: who acts for them.' }),
  }),
})

builder.queryField('people', t =>
  t.field({
    type: [PeerType],
    description: 'Colleagues with a login that works, those who approve first.',
    authScopes: { signedIn: true },
    args: { segment: t.arg.id() },
    complexity: { field: 10, multiplier: 1 },
    resolve: (_root, { segment }, { read }) => {
      const segmentId = segment ? segmentIdOf(segment) : undefined
      return read('signedIn', tx => listPeople(tx, segmentId === undefined ? {} : { segmentId }))
    },
  }),
)
