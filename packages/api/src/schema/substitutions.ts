import { APPROVAL_KINDS, endSubstitution, listSubstitutions, substitute, type Substitution } from '@surety/store'
import { z } from 'zod'
import { holdsScope } from '../auth/scopes.ts'
import { builder } from '../builder.ts'
import { NotAllowed, parseInput, valueOf, words } from '../errors.ts'
import { outcomesOf } from './errors.ts'
import { existingId } from './inputs.ts'
import { PersonType } from './persons.ts'
import { ApprovalKindEnum } from './tasks.ts'

const SubstitutionType = builder.objectRef<Substitution>('Substitution').implement({
  description: 'Who acts for whom while away.',
  authScopes: { signedIn: true },
  fields: t => ({
    id: t.exposeID('id'),
    person: t.field({ type: PersonType, resolve: ({ personId, person }) => ({ id: personId, name: person }) }),
    substitute: t.field({
      type: PersonType,
      resolve: ({ substitutePersonId, substitute: name }) => ({ id: substitutePersonId, name }),
    }),
    from: t.expose('from', { type: 'Date' }),
    to: t.expose('to', { type: 'Date', description: 'The last day.' }),
    timeZone: t.exposeString('timeZone'),
    kinds: t.field({
      type: [ApprovalKindEnum],
      nullable: true,
      description: 'Null: everything.',
      resolve: ({ kinds }) => kinds && [...kinds],
    }),
    note: t.exposeString('note', { nullable: true }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true }),
    isInForce: t.exposeBoolean('isInForce'),
  }),
})

builder.queryField('substitutions', t =>
  t.field({
    type: [SubstitutionType],
    description: 'Those that are and those to come first.',
    authScopes: { signedIn: true },
    args: { mine: t.arg.boolean({ defaultValue: true, description: 'Those in which the viewer is one of the two; else everybody’s.' }) },
    resolve: (_root, { mine }, { read }) => read('signedIn', tx => listSubstitutions(tx, { mine: mine ?? true })),
  }),
)

const SubstituteInput = builder.inputType('SubstituteInput', {
  fields: t => ({
    person: t.id({ description: 'Who is away; the viewer unless an administrator says whom.' }),
    substitute: t.id({ required: true }),
    from: t.field({ type: 'Date', required: true }),
    to: t.field({ type: 'Date', required: true, description: 'The last day.' }),
    timeZone: t.string({ required: true, description: 'Such as Asia/Shanghai.' }),
    kinds: t.field({ type: [ApprovalKindEnum], description: 'Left out: everything.' }),
    note: t.string(),
  }),
})

const Absence = z.object({
  person: z.string().nullish(),
  substitute: z.string(),
  from: z.string(),
  to: z.string(),
  timeZone: z.string().max(60),
  kinds: z
    .array(z.enum(APPROVAL_KINDS))
    .min(1, words('Choose at least one kind, or leave it out.', '请至少选择一类，或留空表示全部。'))
    .nullish(),
  note: z.string().trim().max(500).nullish(),
})

builder.mutationFields(t => ({
  startSubstitution: t.field({
    type: SubstitutionType,
    authScopes: { signedIn: true },
    errors: outcomesOf('Substitution'),
    args: { input: t.arg({ type: SubstituteInput, required: true }) },
    resolve: async (_root, { input }, { viewer, write }) => {
      const { person, substitute: other, ...absence } = parseInput(Absence, input)
      const personId = person ? existingId(person) : viewer!.user.personId
      if (personId !== viewer!.user.personId && !holdsScope(viewer!.grants, 'instance.administer')) throw new NotAllowed()
      const substitutePersonId = existingId(other)
      return valueOf(await write('signedIn', tx => substitute(tx, { ...absence, personId, substitutePersonId })))
    },
  }),
  endSubstitution: t.field({
    type: SubstitutionType,
    description: 'Back early.',
    authScopes: { signedIn: true },
    errors: outcomesOf('Substitution'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { viewer, write }) => {
      const anybodys = holdsScope(viewer!.grants, 'instance.administer')
      const known = existingId(id)
      return valueOf(await write('signedIn', tx => endSubstitution(tx, known, { anybodys })))
    },
  }),
}))
