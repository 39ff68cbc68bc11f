import {
  changeSecurity,
  decideSecurity,
  documentsOfSecurities,
  findSecurity,
  listAudit,
  listSecurities,
  partsOfSecurities,
  proposeSecurity,
  SECURITY_EFFECTS,
  SECURITY_SORT_FIELDS,
  SECURITY_STATES,
  SECURITY_TYPES,
  withdrawSecurity,
  type Security,
  type SecurityDocument,
  type SecurityPart,
  type SecurityResult,
  type SecurityTerms,
} from '@surety/store'
import { parseMoney } from '@surety/credit'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { Conflict, InvalidInput, NotAllowed, NotFound, parseInput, words, type InputIssue } from '../errors.ts'
import { AuditEntryType } from './audit.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType, UserType } from './people.ts'
import { CreditAccountType, CustomerType } from './refs.ts'
import { moneyOf, MoneyType, TextType } from './values.ts'

const SecurityTypeEnum = enumOf('SecurityType', SECURITY_TYPES)
const SecurityEffectEnum = enumOf('SecurityEffect', SECURITY_EFFECTS)
const SecurityStateEnum = enumOf('SecurityState', SECURITY_STATES)

const SecurityRefusalType = builder.objectRef<NonNullable<Security['refusal']>>('SecurityRefusal').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({ code: t.exposeString('code'), message: t.expose('message', { type: TextType }) }),
})

const SecurityPartType = builder.objectRef<SecurityPart>('SecurityPart').implement({
  description: 'What of a security stands for one account.',
  authScopes: { can: 'customer.read' },
  fields: t => ({
    amount: t.expose('amount', { type: 'Decimal' }),
    account: t.field({ type: CreditAccountType, resolve: async ({ accountId }, _args, { load }) => (await load.account.load(accountId))! }),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
  }),
})

const SecurityDocumentType = builder.objectRef<SecurityDocument>('SecurityDocument').implement({
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    size: t.exposeInt('size', { description: 'Bytes.' }),
    href: t.string({ resolve: ({ id, securityId }) => `/v1/securities/${securityId}/documents/${id}` }),
    addedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ addedBy }, _args, { load }) => (addedBy === null ? null : load.user.load(addedBy)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

const SecurityObject = builder.objectRef<Security>('Security').implement({
  description: 'Something that stands behind what customers owe: it raises the limit or reduces the exposure, never both.',
  authScopes: { can: 'customer.read' },
  fields: t => ({
    id: t.exposeID('id'),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    type: t.expose('type', { type: SecurityTypeEnum }),
    effect: t.expose('effect', { type: SecurityEffectEnum }),
    value: t.field({ type: MoneyType, resolve: ({ value, currency }) => ({ amount: value, currency }) }),
    percentage: t.exposeFloat('percentage', { description: 'Points: 90 is 90 %.' }),
    cap: t.field({ type: MoneyType, nullable: true, resolve: ({ cap, currency }) => moneyOf(cap, currency) }),
    worth: t.field({
      type: MoneyType,
      description: 'What counts of it: value × percentage, at most the cap.',
      resolve: ({ worth, currency }) => ({ amount: worth, currency }),
    }),
    effectiveFrom: t.expose('effectiveFrom', { type: 'Date' }),
    expiresOn: t.expose('expiresOn', { type: 'Date', nullable: true, description: 'The last day.' }),
    provider: t.exposeString('provider', { nullable: true }),
    policyNumber: t.exposeString('policyNumber', { nullable: true }),
    note: t.exposeString('note', { nullable: true }),
    isImported: t.exposeBoolean('isImported'),
    state: t.expose('state', { type: SecurityStateEnum }),
    replaces: t.field({
      type: 'ID',
      nullable: true,
      description: 'The one whose place it takes when it is accepted.',
      resolve: ({ replacesId }) => replacesId,
    }),
    proposedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ proposedBy }, _args, { load }) => (proposedBy === null ? null : load.user.load(proposedBy)),
    }),
    decidedBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ decidedBy }, _args, { load }) => (decidedBy === null ? null : load.user.load(decidedBy)),
    }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    decisionComment: t.exposeString('decisionComment', { nullable: true }),
    withdrawnOn: t.expose('withdrawnOn', { type: 'Date', nullable: true }),
    withdrawalReason: t.exposeString('withdrawalReason', { nullable: true }),
    refusal: t.expose('refusal', { type: SecurityRefusalType, nullable: true, description: 'Why the viewer can’t decide about it.' }),
    parts: t.field({
      type: [SecurityPartType],
      description: 'The accounts that it stands for, the largest part first.',
      resolve: async ({ id }, _args, { read }) => (await read('customer.read', tx => partsOfSecurities(tx, [id]))).get(id) ?? [],
    }),
    documents: t.field({
      type: [SecurityDocumentType],
      resolve: async ({ id }, _args, { read }) => (await read('customer.read', tx => documentsOfSecurities(tx, [id]))).get(id) ?? [],
    }),
    history: t.field({
      type: [AuditEntryType],
      description: 'Newest first.',
      resolve: async ({ id }, _args, { read }) =>
        (await read('customer.read', tx => listAudit(tx, { entity: 'Security', entityId: id }, { first: 50 }))).edges.map(
          ({ node }) => node,
        ),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    version: t.exposeInt('version'),
  }),
})
const SecurityConnection = builder.connectionObject(
  { type: SecurityObject, name: 'SecurityConnection', ...ASKED },
  { name: 'SecurityEdge', ...ASKED },
)

const SecurityFilter = builder.inputType('SecurityFilter', {
  fields: t => ({
    states: t.field({ type: [SecurityStateEnum] }),
    types: t.field({ type: [SecurityTypeEnum] }),
    customerId: t.id(),
    query: t.string({ description: 'Words of a customer or the provider, or the beginning of the policy number.' }),
    expiringWithinDays: t.int(),
  }),
})
const SecuritySort = builder.inputType('SecuritySort', {
  fields: t => ({
    field: t.field({ type: enumOf('SecuritySortField', SECURITY_SORT_FIELDS), required: true }),
    descending: t.boolean({ required: true, defaultValue: false }),
  }),
})

builder.queryFields(t => ({
  securities: t.connection(
    {
      type: SecurityObject,
      description: 'Newest first unless said otherwise.',
      authScopes: { can: 'customer.read' },
      args: { filter: t.arg({ type: SecurityFilter }), sort: t.arg({ type: SecuritySort }) },
      resolve: async (_root, { filter, sort, ...page }, { read }) => {
        const { customerId, ...rest } = withoutNulls(filter ?? {})
        return connectionOf(
          await read('customer.read', tx =>
            listSecurities(
              tx,
              { ...rest, ...(customerId && { customerId: rowId(customerId) ?? '0' }) },
              sort ?? { field: 'createdAt', descending: true },
              page,
            ),
          ),
        )
      },
    },
    SecurityConnection,
  ),
  security: t.field({
    type: SecurityObject,
    nullable: true,
    authScopes: { can: 'customer.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('customer.read', tx => findSecurity(tx, id)) : null),
  }),
}))

const SecurityPartInput = builder.inputType('SecurityPartInput', {
  fields: t => ({ accountId: t.id({ required: true }), amount: t.field({ type: 'Decimal', required: true }) }),
})
const SecurityInput = builder.inputType('SecurityInput', {
  fields: t => ({
    type: t.field({ type: SecurityTypeEnum, required: true }),
    effect: t.field({ type: SecurityEffectEnum, required: true }),
    value: t.field({ type: 'Decimal', required: true }),
    currency: t.string({ required: true }),
    percentage: t.float({ required: true, description: 'Points: 90 is 90 %.' }),
    cap: t.field({ type: 'Decimal' }),
    effectiveFrom: t.field({ type: 'Date', required: true }),
    expiresOn: t.field({ type: 'Date' }),
    provider: t.string(),
    policyNumber: t.string(),
    note: t.string(),
    parts: t.field({ type: [SecurityPartInput], required: true }),
  }),
})

const line = z.string().trim().max(200).nullish()
const Terms = z.object({
  type: z.enum(SECURITY_TYPES),
  effect: z.enum(SECURITY_EFFECTS),
  value: z.string(),
  currency: z.string(),
  percentage: z.number().min(0).max(100, words('The percentage lies between 0 and 100.', '比例须在 0 到 100 之间。')),
  cap: z.string().nullish(),
  effectiveFrom: z.string(),
  expiresOn: z.string().nullish(),
  provider: line,
  policyNumber: line,
  note: z.string().trim().max(2000).nullish(),
  parts: z
    .array(z.object({ accountId: z.string().regex(/^\d{1,18}$/, words('This is no account.', '账户编号无效。')), amount: z.string() }))
    .max(200),
})

builder.mutationFields(t => ({
  proposeSecurity: t.field({
    type: SecurityObject,
    description: 'It counts for nothing until another person accepts it.',
    authScopes: { can: 'security.propose' },
    errors: outcomesOf('Security'),
    args: {
      input: t.arg({ type: SecurityInput, required: true }),
      replaces: t.arg.id({ description: 'The one whose place it takes when it is accepted.' }),
    },
    resolve: async (_root, { input, replaces }, { write }) =>
      outcomeOf(
        await write('security.propose', tx => proposeSecurity(tx, termsOf(input), replaces ? { replacesId: existingId(replaces) } : {})),
      ),
  }),
  changeSecurity: t.field({
    type: SecurityObject,
    description: 'Changes a proposal while nobody has decided about it.',
    authScopes: { can: 'security.propose' },
    errors: outcomesOf('Security'),
    args: {
      id: t.arg.id({ required: true }),
      version: t.arg.int({ required: true }),
      input: t.arg({ type: SecurityInput, required: true }),
    },
    resolve: async (_root, { id, version, input }, { write }) =>
      outcomeOf(await write('security.propose', tx => changeSecurity(tx, { id: existingId(id), version }, termsOf(input)))),
  }),
  decideSecurity: t.field({
    type: SecurityObject,
    description: 'Accepts or declines a proposal: another person than who proposed it.',
    authScopes: { can: 'security.accept' },
    errors: outcomesOf('Security'),
    args: {
      id: t.arg.id({ required: true }),
      version: t.arg.int({ required: true }),
      accept: t.arg.boolean({ required: true }),
      comment: t.arg.string(),
    },
    resolve: async (_root, { id, version, accept, comment }, { write }) => {
      if (!accept && !comment?.trim())
        throw InvalidInput.at(['comment'], 'COMMENT_MISSING', { en: 'Say why it is declined.', zh: '请说明拒绝的原因。' })
      return outcomeOf(
        await write('security.accept', tx =>
          decideSecurity(tx, {
            id: existingId(id),
            version,
            outcome: accept ? 'accept' : 'decline',
            comment: comment?.trim().slice(0, 2000) || null,
          }),
        ),
      )
    },
  }),
  withdrawSecurity: t.field({
    type: SecurityObject,
    description: 'From today on it counts no more.',
    authScopes: { can: 'security.propose' },
    errors: outcomesOf('Security'),
    args: { id: t.arg.id({ required: true }), version: t.arg.int({ required: true }), reason: t.arg.string({ required: true }) },
    resolve: async (_root, { id, version, reason }, { write }) => {
      const why = reason.trim().slice(0, 2000)
      if (!why) throw InvalidInput.at(['reason'], 'REASON_MISSING', { en: 'Say why it is withdrawn.', zh: '请说明撤销原因。' })
      return outcomeOf(await write('security.propose', tx => withdrawSecurity(tx, { id: existingId(id), version, reason: why })))
    },
  }),
}))

function termsOf(input: unknown): SecurityTerms {
  const terms = parseInput(Terms, input)
  const issues: InputIssue[] = []
  const amount = (path: readonly string[], text: string, isZeroAllowed = false): string => {
    const money = parseMoney(text, terms.currency)
    if (money.kind === 'problem') {
      issues.push({ path, code: money.code, message: money.message })
      return text
    }
    if (Number(money.money.amount) < 0 || (!isZeroAllowed && Number(money.money.amount) === 0))
      issues.push({ path, code: 'NOT_POSITIVE', message: { en: 'The amount is more than zero.', zh: '金额必须大于零。' } })
    return money.money.amount
  }
  const parsed = {
    ...terms,
    value: amount(['value'], terms.value),
    cap: terms.cap === null || terms.cap === undefined ? null : amount(['cap'], terms.cap, true),
    parts: terms.parts.map((part, index) => ({ ...part, amount: amount(['parts', String(index), 'amount'], part.amount) })),
    expiresOn: terms.expiresOn ?? null,
    provider: terms.provider || null,
    policyNumber: terms.policyNumber || null,
    note: terms.note || null,
  }
  if (issues.length > 0) throw new InvalidInput(issues)
  return parsed
}

function outcomeOf(result: SecurityResult): Security {
  switch (result.kind) {
    case 'ok':
      return result.value
    case 'conflict':
      throw new Conflict(
        { en: 'This security has changed meanwhile; look at it again.', zh: '该担保已发生变化，请重新查看。' },
        'CONFLICT',
        result.current,
      )
    case 'refused':
      throw new NotAllowed(result.message, result.code)
    case 'invalid':
      throw new InvalidInput(result.issues)
    case 'notFound':
      throw new NotFound()
  }
}
