import {
  actorOf,
  asActor,
  listDemoUsers,
  listSegments,
  ROLES,
  SYSTEM,
  updatePreferences,
  type RoleGrant,
  type Segment,
  type User,
} from '@surety/store'
import { z } from 'zod'
import { scopesOf } from '../auth/scopes.ts'
import { signInAsDemoUser, signInByPassword, signOut } from '../auth/sign-in.ts'
import { builder } from '../builder.ts'
import type { Context, Viewer } from '../context.ts'
import { InvalidInput, NotAllowed, NotSignedIn, parseInput, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { TextType } from './values.ts'

export const RoleEnum = enumOf('Role', ROLES)

export const SegmentType = builder.objectRef<Segment>('Segment').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    id: t.id({ resolve: ({ id }) => String(id) }),
    code: t.exposeString('code'),
    name: t.expose('name', { type: TextType }),
    currency: t.exposeString('currency'),
  }),
})

export const UserType = builder.objectRef<User>('User').implement({
  authScopes: { signedIn: true },
  fields: t => ({ id: t.exposeID('id'), name: t.exposeString('name'), login: t.exposeString('login') }),
})

export const RoleGrantType = builder.objectRef<RoleGrant>('RoleGrant').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    role: t.expose('role', { type: RoleEnum }),
    segment: t.field({
      type: SegmentType,
      nullable: true,
      description: 'Null: every segment.',
      resolve: ({ segmentId }, _args, { load }) => (segmentId === null ? null : load.segment.load(segmentId)),
    }),
    authorityLevel: t.exposeInt('authorityLevel', { nullable: true }),
  }),
})

export const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  authScopes: { signedIn: true },
  fields: t => ({
    user: t.expose('user', { type: UserType }),
    roles: t.field({ type: [RoleGrantType], resolve: ({ grants }) => [...grants] }),
    scopes: t.stringList({ description: 'What these roles may do, each at least somewhere.', resolve: ({ grants }) => scopesOf(grants) }),
    segments: t.field({ type: [SegmentType], resolve: (_viewer, _args, { read }) => read('signedIn', listSegments) }),
    language: t.string({ resolve: ({ user }) => user.language }),
    preferences: t.field({ type: 'JSON', resolve: ({ user }) => user.preferences }),
  }),
})

const DemoUserType = builder.objectRef<User>('DemoUser').implement({
  authScopes: { public: true },
  fields: t => ({
    login: t.exposeString('login'),
    name: t.exposeString('name'),
    role: t.field({ type: RoleEnum, resolve: ({ grants }) => grants[0]!.role }),
    authorityLevel: t.int({ nullable: true, resolve: ({ grants }) => grants[0]!.authorityLevel }),
  }),
})

builder.queryFields(t => ({
  viewer: t.field({
    type: ViewerType,
    nullable: true,
    description: 'Null when signed out.',
    authScopes: { public: true },
    resolve: (_root, _args, { viewer }) => viewer,
  }),
  demoUsers: t.field({
    type: [DemoUserType],
    description: 'Empty unless this is a demo.',
    authScopes: { public: true },
    resolve: async (_root, _args, { config, sql }) => {
      if (!config.isDemo) return []
      const users = await asActor(sql, SYSTEM, listDemoUsers)
      return users.filter(({ grants, status }) => grants.length > 0 && status === 'active')
    },
  }),
  segments: t.field({
    type: [SegmentType],
    authScopes: { signedIn: true },
    resolve: (_root, _args, { read }) => read('signedIn', listSegments),
  }),
}))

const SignInInput = builder.inputType('SignInInput', {
  fields: t => ({ login: t.string({ required: true }), password: t.string({ required: true }) }),
})
const PreferencesInput = builder.inputType('PreferencesInput', {
  fields: t => ({ language: t.string(), theme: t.string(), density: t.string() }),
})

const SignIn = z.object({
  login: z.string().trim().min(1, words('Enter your login.', '请输入登录名。')).max(200),
  password: z.string().min(1, words('Enter your password.', '请输入密码。')).max(1000),
})
const Preferences = z.object({
  language: z.enum(['zh-CN', 'en']).nullish(),
  theme: z.enum(['light', 'dark', 'system']).nullish(),
  density: z.enum(['comfortable', 'compact']).nullish(),
})

export const SIGN_IN_OUTCOMES = {
  types: [InvalidInput, NotAllowed],
  result: { name: 'MutationSignInSuccess' },
  union: { name: 'MutationSignInResult' },
}

builder.mutationFields(t => ({
  signIn: t.field({
    type: ViewerType,
    authScopes: { public: true },
    errors: SIGN_IN_OUTCOMES,
    args: { input: t.arg({ type: SignInInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { login, password } = parseInput(SignIn, input)
      context.become(await signInByPassword(context.sql, context.signInLimit, context.caller, login, password))
      return signedInViewer(context)
    },
  }),
  signInDemo: t.field({
    type: ViewerType,
    description: 'One click as a person of the demo company; refused unless this is a demo.',
    authScopes: { public: true },
    errors: SIGN_IN_OUTCOMES,
    args: { login: t.arg.string({ required: true }) },
    resolve: async (_root, { login }, context) => {
      if (!context.config.isDemo) throw new NotAllowed({ en: 'This is not a demo.', zh: '当前不是演示环境。' }, 'NOT_A_DEMO')
      context.become(await signInAsDemoUser(context.sql, context.signInLimit, context.caller, login))
      return signedInViewer(context)
    },
  }),
  signOut: t.boolean({
    description: 'Ends the session; harmless when there is none.',
    authScopes: { public: true },
    resolve: async (_root, _args, context) => {
      if (context.viewer) await signOut(context.sql, context.viewer.user, context.viewer.token)
      context.become(undefined)
      return true
    },
  }),
  updatePreferences: t.field({
    type: ViewerType,
    authScopes: { signedIn: true },
    errors: {
      types: [InvalidInput],
      result: { name: 'MutationUpdatePreferencesSuccess' },
      union: { name: 'MutationUpdatePreferencesResult' },
    },
    args: { input: t.arg({ type: PreferencesInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { language, theme, density } = parseInput(Preferences, input)
      const viewer = signedInViewer(context)
      const user = await asActor(context.sql, actorOf(viewer.user, scopesOf(viewer.grants)), tx =>
        updatePreferences(tx, viewer.user.id, {
          ...(language && { language }),
          preferences: { ...(theme && { theme }), ...(density && { density }) },
        }),
      )
      return { ...viewer, user: user ?? viewer.user }
    },
  }),
}))

function signedInViewer({ viewer }: Context): Viewer {
  if (!viewer) throw new NotSignedIn()
  return viewer
}
