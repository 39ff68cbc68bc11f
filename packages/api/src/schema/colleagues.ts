import {
  acceptInvitation,
  asActor,
  disableUser,
  enableUser,
  findInvited,
  findUser,
  inviteUser,
  listColleagues,
  renewInvitation,
  ROLES,
  setGrants,
  SYSTEM,
  type Colleague,
  type Invitation,
  type RoleGrant,
  type Tx,
  type User,
} from '@surety/store'
import { z } from 'zod'
import { startSignedIn, takeTurn } from '../auth/sign-in.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { InvalidInput, NotAllowed, NotFound, NotSignedIn, parseInput, valueOf, words } from '../errors.ts'
import { outcomesOf } from './errors.ts'
import { existingId, segmentIdOf } from './inputs.ts'
import { RoleEnum, RoleGrantType, SIGN_IN_OUTCOMES, UserType, ViewerType } from './people.ts'

const ColleagueType = builder.objectRef<Colleague>('Colleague').implement({
  description: 'A user as who keeps the house sees them.',
  authScopes: { can: 'instance.administer' },
  fields: t => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    login: t.exposeString('login'),
    email: t.exposeString('email', { nullable: true }),
    isActive: t.boolean({ resolve: ({ status }) => status === 'active' }),
    roles: t.field({ type: [RoleGrantType], resolve: ({ grants }) => [...grants] }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: true }),
    invitedUntil: t.expose('invitedUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when the link to set a password holds, where one is out.',
    }),
  }),
})

const InvitationType = builder.objectRef<Invitation>('Invitation').implement({
  authScopes: { can: 'instance.administer' },
  fields: t => ({
    user: t.expose('user', { type: UserType }),
    token: t.exposeString('token', { description: 'Told once: the link is /join/ and this.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
})

builder.queryFields(t => ({
  colleagues: t.field({
    type: [ColleagueType],
    description: 'Active ones first, by name.',
    authScopes: { can: 'instance.administer' },
    complexity: { field: 10, multiplier: 20 },
    resolve: (_root, _args, { read }) => read('instance.administer', listColleagues),
  }),
  invitedPerson: t.string({
    nullable: true,
    description: 'Whom an invitation is for; null when it is unknown, used or too old.',
    authScopes: { public: true },
    args: { token: t.arg.string({ required: true }) },
    resolve: async (_root, { token }, { sql, signInLimit, caller }) => {
      takeTurn(sql, signInLimit, caller)
      return (await asActor(sql, SYSTEM, tx => findInvited(tx, token.slice(0, 200))))?.name
    },
  }),
}))

const RoleGrantInput = builder.inputType('RoleGrantInput', {
  fields: t => ({
    role: t.field({ type: RoleEnum, required: true }),
    segment: t.id({ description: 'Every segment without.' }),
    authorityLevel: t.int({ description: 'Approvers: the highest level at which they decide, 1 to 9.' }),
  }),
})
const InviteUserInput = builder.inputType('InviteUserInput', {
  fields: t => ({
    name: t.string({ required: true }),
    login: t.string({ required: true }),
    email: t.string({ required: true }),
    language: t.string({ required: true, defaultValue: 'zh-CN' }),
    roles: t.field({ type: [RoleGrantInput], required: true }),
  }),
})
const SetRolesInput = builder.inputType('SetRolesInput', {
  fields: t => ({
    id: t.id({ required: true }),
    roles: t.field({ type: [RoleGrantInput], required: true }),
    reason: t.string({ required: true }),
  }),
})
const SetUserActiveInput = builder.inputType('SetUserActiveInput', {
  fields: t => ({ id: t.id({ required: true }), isActive: t.boolean({ required: true }), reason: t.string({ required: true }) }),
})
const AcceptInvitationInput = builder.inputType('AcceptInvitationInput', {
  fields: t => ({ token: t.string({ required: true }), password: t.string({ required: true }) }),
})

const Grants = z
  .array(
    z
      .object({
        role: z.enum(ROLES),
        segment: z.string().nullish(),
        authorityLevel: z
          .number()
          .int()
          .min(1, words('Levels are 1 to 9.', '级别为 1 至 9。'))
          .max(9, words('Levels are 1 to 9.', '级别为 1 至 9。'))
          .nullish(),
      })
      .refine(
        ({ role, authorityLevel }) => role !== 'approver' || (authorityLevel ?? 0) > 0,
        words('An approver needs an authority level, 1 to 9.', '审批人须有 1 至 9 的审批级别。'),
      ),
  )
  .max(20, words('At most 20 roles.', '最多 20 个角色。'))
const Reason = z.string().trim().min(1, words('Say why.', '请说明原因。')).max(2000)
const Invitee = z.object({
  name: z.string().trim().min(1, words('Enter a name.', '请输入姓名。')).max(100),
  login: z
    .string()
    .trim()
    .regex(
      /^[\w.@-]{2,60}$/,
      words('A login has 2 to 60 letters, digits, dots, dashes or @.', '登录名为 2 至 60 个字母、数字、点、短横线或 @。'),
    ),
  email: z.email(words('Enter an e-mail address, such as li@example.com.', '请输入邮箱地址，例如 li@example.com。')).max(200),
  language: z.enum(['zh-CN', 'en']),
  roles: Grants.min(1, words('Give at least one role.', '请至少分配一个角色。')),
})
const Roles = z.object({ id: z.string(), roles: Grants, reason: Reason })
const Activity = z.object({ id: z.string(), isActive: z.boolean(), reason: Reason })
const Acceptance = z.object({
  token: z.string().min(1).max(200),
  password: z.string().min(12, words('At least 12 characters.', '至少 12 个字符。')).max(1000),
})

builder.mutationFields(t => ({
  inviteUser: t.field({
    type: InvitationType,
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('Invitation'),
    args: { input: t.arg({ type: InviteUserInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { roles, ...user } = parseInput(Invitee, input)
      const grants = grantsOf(roles)
      return valueOf(
        await write('instance.administer', tx => {
          requireReach(tx, grants)
          return inviteUser(tx, { ...user, grants })
        }),
      )
    },
  }),
  renewInvitation: t.field({
    type: InvitationType,
    description: 'A new link to set a password; the old link ends.',
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('Invitation'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => {
      const known = existingId(id)
      return valueOf(
        await write('instance.administer', async tx => {
          requireReach(tx, (await findUser(tx, known))?.grants ?? [])
          return renewInvitation(tx, known)
        }),
      )
    },
  }),
  setRoles: t.field({
    type: ColleagueType,
    description: 'Never one’s own: another administrator has to.',
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('Colleague'),
    args: { input: t.arg({ type: SetRolesInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { id, roles, reason } = parseInput(Roles, input)
      const grants = grantsOf(roles)
      return changeColleague(context, id, (tx, userId) => {
        requireReach(tx, grants)
        return setGrants(tx, userId, grants, reason)
      })
    },
  }),
  setUserActive: t.field({
    type: ColleagueType,
    description: 'Who is disabled is signed out everywhere; never oneself.',
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('Colleague'),
    args: { input: t.arg({ type: SetUserActiveInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { id, isActive, reason } = parseInput(Activity, input)
      return changeColleague(context, id, (tx, userId) => (isActive ? enableUser : disableUser)(tx, userId, reason))
    },
  }),
  acceptInvitation: t.field({
    type: ViewerType,
    description: 'Sets a password and signs in.',
    authScopes: { public: true },
    errors: SIGN_IN_OUTCOMES,
    args: { input: t.arg({ type: AcceptInvitationInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { token, password } = parseInput(Acceptance, input)
      takeTurn(context.sql, context.signInLimit, context.caller)
      const user = await asActor(context.sql, SYSTEM, tx => acceptInvitation(tx, token, password))
      if (!user) throw new NotAllowed(EXPIRED, 'INVITATION_EXPIRED')
      context.become(await startSignedIn(context.sql, user, context.caller))
      if (!context.viewer) throw new NotSignedIn()
      return context.viewer
    },
  }),
}))

/** Nobody changes their own rights, so that there is always another administrator who can change them back. */
async function changeColleague(context: Context, id: string, change: (tx: Tx, userId: string) => Promise<unknown>): Promise<Colleague> {
  const userId = existingId(id)
  const colleague = await context.write('instance.administer', async tx => {
    const user = await findUser(tx, userId)
    if (!user) throw new NotFound()
    if (isSamePerson(user, context.viewer!.user)) throw new NotAllowed(OWN_RIGHTS, 'OWN_RIGHTS')
    requireReach(tx, user.grants)
    await change(tx, userId)
    return (await listColleagues(tx)).find(one => one.id === userId)
  })
  if (!colleague) throw new NotFound()
  return colleague
}

/** Who keeps some segments gives and takes nothing beyond them, so that nobody reaches further through somebody else's login. */
function requireReach({ actor: { segments } }: Tx, grants: readonly RoleGrant[]): void {
  const isWithin = ({ segmentId }: RoleGrant): boolean => segments === '*' || (segmentId !== null && segments.includes(segmentId))
  if (!grants.every(isWithin)) throw new NotAllowed(BEYOND_SEGMENTS, 'BEYOND_YOUR_SEGMENTS')
}

const isSamePerson = (one: User, other: User): boolean => one.personId === other.personId

function grantsOf(roles: z.infer<typeof Grants>): RoleGrant[] {
  const grants = roles.map(({ role, segment, authorityLevel }, index) => ({
    role,
    segmentId: segment ? segmentIdOf(segment, ['roles', String(index), 'segment']) : null,
    authorityLevel: role === 'approver' ? (authorityLevel ?? null) : null,
  }))
  if (new Set(grants.map(({ role, segmentId }) => `${role} ${segmentId}`)).size < grants.length) {
    throw InvalidInput.at(['roles'], 'ROLE_TWICE', {
      en: 'The same role stands twice for one segment.',
      zh: '同一板块内有重复的角色。',
    })
  }
  return grants
}

const OWN_RIGHTS = { en: 'Another administrator has to change your own rights.', zh: '本人的权限须由另一位管理员调整。' }
const BEYOND_SEGMENTS = {
  en: 'Some of these roles hold outside your segments; an administrator of all segments has to do this.',
  zh: '部分角色超出您的业务板块，须由全部板块的管理员处理。',
}
const EXPIRED = {
  en: 'This link is used or too old; ask an administrator for a new one.',
  zh: '该链接已使用或已过期，请联系管理员重新发送。',
}
