import {
  applyLibraryItem,
  findLibraryItem,
  LIBRARY_KINDS,
  libraryEffect,
  libraryVersions,
  listLibrary,
  saveLibraryItem,
  usesOf,
  type LibraryEffect,
  type LibraryItem,
  type LibraryUse,
} from '@surety/store'
import { builder } from '../builder.ts'
import { valueOf } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { UserType } from './people.ts'
import { TextInput } from './policies.ts'
import { PolicyChangeType, PolicyDraftType } from './policy-parts.ts'
import { PolicyType } from './refs.ts'
import { TextType } from './values.ts'

const READ = { can: 'policy.read' } as const
const LibraryKindEnum = enumOf('LibraryKind', LIBRARY_KINDS)

const UseType = builder.objectRef<LibraryUse>('LibraryUse').implement({
  authScopes: READ,
  fields: t => ({
    policy: t.field({ type: PolicyType, resolve: async ({ policyId }, _args, { load }) => (await load.policy.load(policyId))! }),
    in: t.expose('in', { type: enumOf('LibraryUseIn', ['in_force', 'draft']) }),
    path: t.exposeString('path', { description: 'JSON pointer.' }),
    isCurrent: t.exposeBoolean('isCurrent', { description: 'Says what the item says now.' }),
    version: t.exposeInt('version', { nullable: true, description: 'Of the item; null: a content of its own.' }),
  }),
})

const LibraryItemType = builder.objectRef<LibraryItem>('LibraryItem')
LibraryItemType.implement({
  description: 'Something that policies have in common. They hold copies, so that nothing in force changes by itself.',
  authScopes: READ,
  fields: t => ({
    id: t.id({ resolve: ({ kind, name }) => `${kind}:${name}` }),
    kind: t.expose('kind', { type: LibraryKindEnum }),
    name: t.exposeString('name'),
    title: t.expose('title', { type: TextType }),
    version: t.exposeInt('version', { nullable: true, description: 'Null: found in policies, not kept in the library yet.' }),
    content: t.field({ type: 'JSON', resolve: ({ content }) => content }),
    comment: t.exposeString('comment', { nullable: true }),
    savedAt: t.expose('savedAt', { type: 'DateTime', nullable: true }),
    savedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ savedBy }, _args, { load }) => (savedBy === null ? null : load.user.load(savedBy)),
    }),
    versions: t.field({
      type: [LibraryItemType],
      description: 'Newest first.',
      resolve: ({ kind, name }, _args, { read }) => read('policy.read', tx => libraryVersions(tx, kind, name)),
    }),
    uses: t.field({
      type: [UseType],
      description: 'Where it is used.',
      complexity: { field: 5 },
      resolve: ({ kind, name }, _args, { read }) => read('policy.read', tx => usesOf(tx, kind, name)),
    }),
  }),
})

const EffectType = builder.objectRef<LibraryEffect>('LibraryEffect').implement({
  authScopes: READ,
  fields: t => ({
    policy: t.field({ type: PolicyType, resolve: async ({ policyId }, _args, { load }) => (await load.policy.load(policyId))! }),
    changes: t.field({ type: [PolicyChangeType], resolve: ({ changes }) => [...changes] }),
  }),
})

builder.queryFields(t => ({
  library: t.field({
    type: [LibraryItemType],
    authScopes: READ,
    args: { kind: t.arg({ type: LibraryKindEnum }) },
    complexity: { field: 5, multiplier: 50 },
    resolve: (_root, { kind }, { read }) => read('policy.read', tx => listLibrary(tx, kind ?? undefined)),
  }),
  libraryItem: t.field({
    type: LibraryItemType,
    nullable: true,
    authScopes: READ,
    args: { kind: t.arg({ type: LibraryKindEnum, required: true }), name: t.arg.string({ required: true }) },
    resolve: (_root, { kind, name }, { read }) => read('policy.read', tx => findLibraryItem(tx, kind, name)),
  }),
  libraryEffect: t.field({
    type: [EffectType],
    description: 'What a content would change in every policy in force that uses the item.',
    authScopes: READ,
    args: {
      kind: t.arg({ type: LibraryKindEnum, required: true }),
      name: t.arg.string({ required: true }),
      content: t.arg({ type: 'JSON', required: true }),
    },
    resolve: (_root, { kind, name, content }, { read }) => read('policy.read', tx => libraryEffect(tx, kind, name, content)),
  }),
}))

builder.mutationFields(t => ({
  saveLibraryItem: t.field({
    type: LibraryItemType,
    description: 'Keeps a new version; policies stay as they are until it is taken over.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('LibraryItem'),
    args: {
      kind: t.arg({ type: LibraryKindEnum, required: true }),
      name: t.arg.string({ required: true }),
      title: t.arg({ type: TextInput, required: true }),
      content: t.arg({ type: 'JSON', required: true }),
      baseVersion: t.arg.int({ description: 'As the client last saw it; null for a new item.' }),
      comment: t.arg.string(),
    },
    resolve: async (_root, { kind, name, title, content, baseVersion, comment }, { write }) =>
      valueOf(
        await write('policy.edit', tx =>
          saveLibraryItem(tx, { kind, name, title, content, baseVersion: baseVersion ?? null, comment: comment ?? null }),
        ),
      ),
  }),
  applyLibraryItem: t.field({
    type: [PolicyDraftType],
    description: 'Takes the newest version over into drafts of these policies.',
    authScopes: { can: 'policy.edit' },
    errors: outcomesOf('PolicyDrafts'),
    args: {
      kind: t.arg({ type: LibraryKindEnum, required: true }),
      name: t.arg.string({ required: true }),
      policyIds: t.arg.idList({ required: true }),
    },
    resolve: async (_root, { kind, name, policyIds }, { write }) =>
      valueOf(await write('policy.edit', tx => applyLibraryItem(tx, kind, name, policyIds))),
  }),
}))
