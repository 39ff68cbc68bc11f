import { headOfChain, listAudit, type AuditEntry, type AuditVerification } from '@surety/store'
import type { AuditCheck } from '../audit-check.ts'
import { builder } from '../builder.ts'
import { rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { UserType } from './people.ts'
import { TextType } from './values.ts'

export const AuditEntryType = builder.objectRef<AuditEntry>('AuditEntry').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    id: t.exposeID('id'),
    at: t.expose('at', { type: 'DateTime' }),
    actor: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ userId }, _args, { load }) => (userId === null ? null : load.user.load(userId)),
    }),
    actorKind: t.exposeString('actorKind'),
    action: t.exposeString('action'),
    entity: t.exposeString('entity'),
    entityId: t.exposeString('entityId'),
    reason: t.exposeString('reason', { nullable: true }),
    before: t.field({ type: 'JSON', nullable: true, resolve: ({ before }) => before }),
    after: t.field({ type: 'JSON', nullable: true, resolve: ({ after }) => after }),
    hash: t.exposeString('hash', { nullable: true, description: 'Null until sealed.' }),
  }),
})
export const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntryType, name: 'AuditEntryConnection', ...ASKED },
  { name: 'AuditEntryEdge', ...ASKED },
)

const AuditFilter = builder.inputType('AuditFilter', {
  fields: t => ({
    entity: t.string(),
    entityId: t.string(),
    actor: t.id(),
    action: t.string(),
    from: t.field({ type: 'Date' }),
    to: t.field({ type: 'Date' }),
  }),
})

type ChainState = Awaited<ReturnType<typeof headOfChain>>

const AuditChainStateType = builder.objectRef<ChainState>('AuditChainState').implement({
  description:
    'How far the record is sealed, and whether it still is what was sealed: the whole chain is computed anew, once a minute at most.',
  authScopes: { can: 'audit.read' },
  fields: t => ({
    sealed: t.exposeInt('sealed'),
    unsealed: t.exposeInt('unsealed'),
    head: t.string({ nullable: true, resolve: ({ head }) => head?.hash }),
    verifiedAt: t.field({ type: 'DateTime', nullable: true, resolve: async (_state, _args, { auditCheck }) => (await auditCheck()).at }),
    ok: t.boolean({
      nullable: true,
      resolve: async (_state, _args, { auditCheck }) => (await auditCheck()).verification.kind === 'intact',
    }),
    firstBad: t.id({ nullable: true, resolve: async (_state, _args, { auditCheck }) => brokenIn(await auditCheck())?.entryId }),
    problem: t.field({
      type: TextType,
      nullable: true,
      resolve: async (_state, _args, { auditCheck }) => brokenIn(await auditCheck())?.message,
    }),
  }),
})

builder.queryFields(t => ({
  auditEntries: t.connection(
    {
      type: AuditEntryType,
      authScopes: { can: 'audit.read' },
      args: { filter: t.arg({ type: AuditFilter }) },
      resolve: async (_root, { filter, ...page }, { read }) => {
        const { actor, ...plain } = withoutNulls(filter ?? {})
        return connectionOf(
          await read('audit.read', tx => listAudit(tx, { ...plain, ...(actor !== undefined && { userId: rowId(actor) ?? NOBODY }) }, page)),
        )
      },
    },
    AuditEntryConnection,
  ),
  auditChain: t.field({
    type: AuditChainStateType,
    authScopes: { can: 'audit.read' },
    resolve: (_root, _args, { sql }) => headOfChain(sql),
  }),
}))

// An id that can be none has done nothing.
const NOBODY = '0'

function brokenIn({ verification }: AuditCheck): Extract<AuditVerification, { kind: 'broken' }> | undefined {
  return verification.kind === 'broken' ? verification : undefined
}
