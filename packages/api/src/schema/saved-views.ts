import { deleteView, listSavedViews, saveView, type SavedView } from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { parseInput, valueOf, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId } from './inputs.ts'

const LISTS = ['tasks', 'applications', 'customers'] as const
const ListEnum = enumOf('SavedViewList', LISTS)

const SavedViewType = builder.objectRef<SavedView>('SavedView').implement({
  description: 'Filters and an order of a list under a name, one’s own or a colleague’s.',
  authScopes: { signedIn: true },
  fields: t => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    query: t.expose('query', { type: 'JSON', description: 'As the address of the list says it.' }),
    isShared: t.exposeBoolean('isShared'),
    isOwn: t.exposeBoolean('isOwn'),
    owner: t.exposeString('owner'),
  }),
})

builder.queryField('savedViews', t =>
  t.field({
    type: [SavedViewType],
    description: 'One’s own first, then those that colleagues share.',
    authScopes: { signedIn: true },
    args: { list: t.arg({ type: ListEnum, required: true }) },
    resolve: (_root, { list }, { read }) => read('signedIn', tx => listSavedViews(tx, list)),
  }),
)

const SaveViewInput = builder.inputType('SaveViewInput', {
  fields: t => ({
    id: t.id({ description: 'One’s own that is changed; a new one without.' }),
    list: t.field({ type: ListEnum, required: true }),
    name: t.string({ required: true }),
    query: t.field({ type: 'JSON', required: true }),
    isShared: t.boolean({ required: true, defaultValue: false }),
  }),
})

const View = z.object({
  id: z.string().nullish(),
  list: z.enum(LISTS),
  name: z
    .string()
    .trim()
    .min(1, words('Give the view a name.', '请为视图命名。'))
    .max(60, words('At most 60 characters.', '最多 60 个字符。')),
  query: z
    .record(z.string().max(60), z.string().max(500))
    .refine(query => Object.keys(query).length <= 30, words('At most 30 parts of an address.', '地址参数最多 30 项。')),
  isShared: z.boolean(),
})

builder.mutationFields(t => ({
  saveView: t.field({
    type: SavedViewType,
    authScopes: { signedIn: true },
    errors: outcomesOf('SavedView'),
    args: { input: t.arg({ type: SaveViewInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { id, ...view } = parseInput(View, input)
      const known = id ? { id: existingId(id) } : {}
      return valueOf(await write('signedIn', tx => saveView(tx, { ...view, ...known })))
    },
  }),
  deleteView: t.field({
    type: SavedViewType,
    authScopes: { signedIn: true },
    errors: outcomesOf('SavedView'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => {
      const known = existingId(id)
      return valueOf(await write('signedIn', tx => deleteView(tx, known)))
    },
  }),
}))
