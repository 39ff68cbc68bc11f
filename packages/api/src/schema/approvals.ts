import {
  amendApproval,
  APPROVAL_STATUSES,
  findHold,
  listApprovals,
  listAudit,
  recallApproval,
  requestApproval,
  resubmitApproval,
  withdrawApproval,
  type Approval,
  type ApprovalAttachment,
  type ApprovalComment,
  type ApprovalStep,
  type Rework,
} from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { InvalidInput, parseInput, valueOf, words } from '../errors.ts'
import { AuditEntryConnection, AuditEntryType } from './audit.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { HoldType } from './holds.ts'
import { existingId, rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType } from './people.ts'
import { PersonType } from './persons.ts'
import { ApprovalType, CreditAccountType, CreditApplicationType, CustomerType, TaskType } from './refs.ts'
import { ApprovalKindEnum, SigningModeEnum } from './tasks.ts'
import { moneyOf, MoneyType, TextType } from './values.ts'

const ApprovalStatusEnum = enumOf('ApprovalStatus', APPROVAL_STATUSES)
const WaitsForEnum = enumOf('WaitsFor', ['votes', 'rework', 'authority', 'opening'])

const StepType = builder.objectRef<ApprovalStep & { readonly level: number }>('ApprovalStep').implement({
  description: 'One step of a chain: who signs, and how their votes are counted.',
  authScopes: { can: 'task.read' },
  fields: t => ({
    level: t.exposeInt('level'),
    authorityLevel: t.exposeInt('authorityLevel'),
    mode: t.expose('mode', { type: SigningModeEnum }),
    needed: t.exposeInt('needed'),
    rejections: t.exposeInt('rejections'),
    deadlineHours: t.exposeInt('deadlineHours', { description: 'Business hours.' }),
    isCarried: t.boolean({
      description: 'Signed before an amendment, on figures at least as high.',
      resolve: ({ carriedFrom }) => carriedFrom !== undefined,
    }),
  }),
})

const CommentType = builder.objectRef<ApprovalComment>('ApprovalComment').implement({
  authScopes: { can: 'task.read' },
  fields: t => ({
    id: t.exposeID('id'),
    person: t.exposeString('person'),
    isOpinion: t.boolean({ description: 'Said by somebody who was asked for it.', resolve: ({ kind }) => kind === 'opinion' }),
    text: t.exposeString('text'),
    at: t.expose('at', { type: 'DateTime' }),
  }),
})

const AttachmentType = builder.objectRef<ApprovalAttachment>('ApprovalAttachment').implement({
  authScopes: { can: 'task.read' },
  fields: t => ({
    id: t.exposeID('id'),
    fileName: t.exposeString('fileName'),
    mediaType: t.exposeString('mediaType'),
    size: t.exposeInt('size', { description: 'Bytes.' }),
    person: t.exposeString('person'),
    at: t.expose('at', { type: 'DateTime' }),
    url: t.string({ description: 'Where the console gets it.', resolve: ({ id }) => `/v1/attachments/${id}` }),
  }),
})

const SubjectType = builder.unionType('ApprovalSubject', {
  description: 'What a matter is about.',
  types: [CreditApplicationType, CreditAccountType, HoldType],
  resolveType: subject => ('requestedLimit' in subject ? CreditApplicationType : 'orderNumber' in subject ? HoldType : CreditAccountType),
})

ApprovalType.implement({
  description: 'A matter that people sign, from the asking to its end.',
  authScopes: { can: 'task.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: ApprovalKindEnum }),
    title: t.expose('title', { type: TextType }),
    subjectId: t.exposeString('subjectId'),
    subject: t.field({
      type: SubjectType,
      nullable: true,
      description: 'Null for a change of policy.',
      resolve: async ({ kind, subjectId }, _args, { load, read }) => {
        switch (kind) {
          case 'credit_application':
            return load.application.load(subjectId)
          case 'hold_release':
            return read('hold.read', tx => findHold(tx, subjectId))
          case 'limit_change':
          case 'temporary_limit':
          case 'write_off':
            return load.account.load(subjectId)
          case 'security_acceptance':
          case 'policy_change':
            return null
        }
      },
    }),
    application: t.field({
      type: CreditApplicationType,
      nullable: true,
      resolve: ({ kind, subjectId }, _args, { load }) => (kind === 'credit_application' ? load.application.load(subjectId) : null),
    }),
    customer: t.field({
      type: CustomerType,
      nullable: true,
      resolve: ({ customerId }, _args, { load }) => (customerId === null ? null : load.customer.load(customerId)),
    }),
    segment: t.field({
      type: SegmentType,
      nullable: true,
      resolve: ({ segmentId }, _args, { load }) => (segmentId === null ? null : load.segment.load(segmentId)),
    }),
    amount: t.field({
      type: MoneyType,
      nullable: true,
      resolve: ({ amount, currency }) => (currency === null ? null : moneyOf(amount, currency)),
    }),
    granted: t.field({
      type: MoneyType,
      nullable: true,
      description: 'What those who signed so far granted, where it is less than what is asked.',
      resolve: ({ grantedAmount, currency }) => (currency === null ? null : moneyOf(grantedAmount, currency)),
    }),
    grade: t.exposeString('grade', { nullable: true }),
    request: t.field({ type: 'JSON', description: 'What is asked for, as its kind has it.', resolve: ({ request }) => request }),
    purpose: t.exposeString('purpose', { nullable: true }),
    maker: t.field({ type: PersonType, resolve: ({ makerPersonId, maker }) => ({ id: makerPersonId, name: maker }) }),
    round: t.exposeInt('round'),
    status: t.expose('status', { type: ApprovalStatusEnum }),
    waitsFor: t.field({
      type: WaitsForEnum,
      nullable: true,
      description: 'Why it goes no further by itself; null when it has ended.',
      resolve: async (approval, _args, { load }) => waitsForOf(approval, (await load.approvalTasks.load(approval.id)) ?? []),
    }),
    blocked: t.exposeString('blocked', { nullable: true, description: 'Why nobody can be asked: NO_AUTHORITY or NO_POLICY_IN_FORCE.' }),
    steps: t.field({ type: [StepType], resolve: ({ chain }) => chain.map((step, index) => ({ ...step, level: index + 1 })) }),
    policyId: t.exposeString('policyId', { nullable: true, description: 'The authority that the round began with.' }),
    policyVersion: t.exposeInt('policyVersion', { nullable: true }),
    overrideLevel: t.exposeInt('overrideLevel', { nullable: true, description: 'Who may grant more than recommended.' }),
    reason: t.expose('reason', { type: TextType, description: 'Why people are asked.' }),
    tasks: t.field({ type: [TaskType], resolve: async ({ id }, _args, { load }) => (await load.approvalTasks.load(id)) ?? [] }),
    comments: t.field({ type: [CommentType], resolve: async ({ id }, _args, { load }) => (await load.approvalComments.load(id)) ?? [] }),
    attachments: t.field({ type: [AttachmentType], resolve: async ({ id }, _args, { load }) => (await load.attachments.load(id)) ?? [] }),
    history: t.connection(
      {
        type: AuditEntryType,
        description: 'Who did what, when and why; newest first.',
        resolve: async ({ id }, page, { read }) => connectionOf(await read('task.read', tx => listAudit(tx, { approvalId: id }, page))),
      },
      AuditEntryConnection,
    ),
    startedAt: t.expose('startedAt', { type: 'DateTime' }),
    returnedAt: t.expose('returnedAt', { type: 'DateTime', nullable: true }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true }),
    stoppedHours: t.float({ description: 'How long its maker had it back.', resolve: ({ stoppedMs }) => stoppedMs / 3_600_000 }),
    workflowId: t.string({
      description: 'In Temporal, for administrators.',
      resolve: ({ id, kind, subjectId }) => (kind === 'credit_application' ? `application-${subjectId}` : `approval-${id}`),
    }),
    version: t.exposeInt('version'),
    isMine: t.exposeBoolean('isMine', { description: 'The viewer asked for it.' }),
    canAmend: t.boolean({ resolve: ({ isMine, status }) => isMine && status === 'open' }),
    canResubmit: t.boolean({ resolve: ({ isMine, status }) => isMine && status === 'returned' }),
    canWithdraw: t.boolean({ resolve: ({ isMine, status }) => isMine && (status === 'open' || status === 'returned') }),
  }),
})
const ApprovalConnection = builder.connectionObject(
  { type: ApprovalType, name: 'ApprovalConnection', ...ASKED },
  { name: 'ApprovalEdge', ...ASKED },
)

const ApprovalFilter = builder.inputType('ApprovalFilter', {
  fields: t => ({
    kinds: t.field({ type: [ApprovalKindEnum] }),
    statuses: t.field({ type: [ApprovalStatusEnum] }),
    customer: t.id(),
    mine: t.boolean({ description: 'Asked for by the viewer.' }),
  }),
})

builder.queryFields(t => ({
  approvals: t.connection(
    {
      type: ApprovalType,
      description: 'Newest first.',
      authScopes: { can: 'task.read' },
      args: { filter: t.arg({ type: ApprovalFilter }) },
      resolve: async (_root, { filter, ...page }, { read }) => {
        const { customer, ...plain } = withoutNulls(filter ?? {})
        return connectionOf(
          await read('task.read', tx =>
            listApprovals(tx, { ...plain, ...(customer !== undefined && { customerId: rowId(customer) ?? '0' }) }, page),
          ),
        )
      },
    },
    ApprovalConnection,
  ),
  approval: t.field({
    type: ApprovalType,
    nullable: true,
    authScopes: { can: 'task.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { load }) => (rowId(id) ? load.approval.load(id) : null),
  }),
}))

const RequestLimitChangeInput = builder.inputType('RequestLimitChangeInput', {
  fields: t => ({
    key: t.string({ required: true, description: 'Chosen by the client; the same key twice is the same request.' }),
    account: t.id({ required: true }),
    recommendations: t.field({
      type: [
        builder.inputType('RecommendationInput', {
          fields: r => ({
            kind: r.string({
              required: true,
              description: 'change_limit, change_terms, change_grade, review_cycle, hold, release, secure, refuse or no_change.',
            }),
            amount: r.field({ type: 'Decimal' }),
            validTo: r.field({ type: 'Date' }),
            days: r.int(),
            grade: r.string(),
            months: r.int(),
            sharePercent: r.int(),
          }),
        }),
      ],
      required: true,
      description: 'Refused where they contradict each other.',
    }),
    purpose: t.string({ required: true }),
  }),
})
const RequestTemporaryLimitInput = builder.inputType('RequestTemporaryLimitInput', {
  fields: t => ({
    key: t.string({ required: true }),
    account: t.id({ required: true }),
    amount: t.field({ type: 'Decimal', required: true }),
    from: t.field({ type: 'Date', required: true }),
    to: t.field({ type: 'Date', required: true, description: 'The last day; then the account’s own limit counts again.' }),
    purpose: t.string({ required: true }),
  }),
})
const RequestHoldReleaseInput = builder.inputType('RequestHoldReleaseInput', {
  fields: t => ({ key: t.string({ required: true }), hold: t.id({ required: true }), purpose: t.string({ required: true }) }),
})
const RequestSecurityAcceptanceInput = builder.inputType('RequestSecurityAcceptanceInput', {
  fields: t => ({ key: t.string({ required: true }), security: t.id({ required: true }), purpose: t.string({ required: true }) }),
})
const RequestWriteOffInput = builder.inputType('RequestWriteOffInput', {
  fields: t => ({
    key: t.string({ required: true }),
    account: t.id({ required: true }),
    documents: t.idList({ required: true, description: 'Open invoices of one currency.' }),
    purpose: t.string({ required: true }),
  }),
})
const ReworkApprovalInput = builder.inputType('ReworkApprovalInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    amount: t.field({ type: 'Decimal', description: 'Left as it is unless given.' }),
    request: t.field({ type: 'JSON', description: 'Left as it is unless given; as its kind has it.' }),
    comment: t.string({ required: true }),
  }),
})
const CommentApprovalInput = builder.inputType('CommentApprovalInput', {
  fields: t => ({ id: t.id({ required: true }), version: t.int({ required: true }), comment: t.string({ required: true }) }),
})

const asked = {
  key: z.string().min(8, words('The key must have 8 to 100 characters.', '键须为 8 至 100 个字符。')).max(100),
  purpose: z.string().trim().min(1, words('Say why.', '请说明原因。')).max(2000),
}
const recommendation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('change_limit'), amount: z.string(), validTo: z.string().nullish() }),
  z.object({ kind: z.literal('change_terms'), days: z.number().int().min(0).max(365) }),
  z.object({ kind: z.literal('change_grade'), grade: z.enum(['A', 'B', 'C', 'D', 'E']) }),
  z.object({ kind: z.literal('review_cycle'), months: z.number().int().min(1).max(36) }),
  z.object({ kind: z.literal('hold') }),
  z.object({ kind: z.literal('release') }),
  z.object({ kind: z.literal('secure'), sharePercent: z.number().int().min(1).max(100) }),
  z.object({ kind: z.literal('refuse') }),
  z.object({ kind: z.literal('no_change') }),
])
const LimitChange = z.object({ ...asked, account: z.string(), recommendations: z.array(recommendation).min(1).max(9) })
const TemporaryLimit = z.object({ ...asked, account: z.string(), amount: z.string(), from: z.string(), to: z.string() })
const HoldRelease = z.object({ ...asked, hold: z.string() })
const SecurityAcceptance = z.object({ ...asked, security: z.string() })
const WriteOff = z.object({ ...asked, account: z.string(), documents: z.array(z.string()).min(1).max(500) })
const Comment = z.object({
  id: z.string(),
  version: z.number(),
  comment: z.string().trim().min(1, words('Say why.', '请说明原因。')).max(2000),
})

builder.mutationFields(t => ({
  requestLimitChange: t.field({
    type: ApprovalType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: RequestLimitChangeInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { account, recommendations, ...rest } = parseInput(LimitChange, {
        ...input,
        recommendations: input.recommendations.map(given => withoutNulls(given)),
      })
      const subjectId = existingId(account)
      return valueOf(
        await write('application.submit', tx =>
          requestApproval(tx, { ...rest, kind: 'limit_change', subjectId, request: { recommendations } }),
        ),
      )
    },
  }),
  requestTemporaryLimit: t.field({
    type: ApprovalType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: RequestTemporaryLimitInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { account, from, to, ...rest } = parseInput(TemporaryLimit, input)
      const subjectId = existingId(account)
      return valueOf(
        await write('application.submit', tx =>
          requestApproval(tx, { ...rest, kind: 'temporary_limit', subjectId, request: { from, to } }),
        ),
      )
    },
  }),
  requestHoldRelease: t.field({
    type: ApprovalType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: RequestHoldReleaseInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { hold, ...rest } = parseInput(HoldRelease, input)
      const subjectId = existingId(hold)
      return valueOf(
        await write('application.submit', tx => requestApproval(tx, { ...rest, kind: 'hold_release', subjectId, request: {} })),
      )
    },
  }),
  requestSecurityAcceptance: t.field({
    type: ApprovalType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: RequestSecurityAcceptanceInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { security, ...rest } = parseInput(SecurityAcceptance, input)
      const subjectId = existingId(security)
      return valueOf(
        await write('application.submit', tx => requestApproval(tx, { ...rest, kind: 'security_acceptance', subjectId, request: {} })),
      )
    },
  }),
  requestWriteOff: t.field({
    type: ApprovalType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: RequestWriteOffInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { account, documents, ...rest } = parseInput(WriteOff, input)
      const subjectId = existingId(account)
      return valueOf(
        await write('application.submit', tx => requestApproval(tx, { ...rest, kind: 'write_off', subjectId, request: { documents } })),
      )
    },
  }),
  amendApproval: t.field({
    type: ApprovalType,
    description: 'Other figures while people already sign: what was signed on lower ones is void.',
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: ReworkApprovalInput, required: true }) },
    resolve: async (_root, { input }, { load, write }) => {
      const rework = await reworkOf(input, id => load.approval.load(id))
      return valueOf(await write('application.submit', tx => amendApproval(tx, rework)))
    },
  }),
  resubmitApproval: t.field({
    type: ApprovalType,
    description: 'What came back, sent again; a new round begins.',
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: ReworkApprovalInput, required: true }) },
    resolve: async (_root, { input }, { load, write }) => {
      const rework = await reworkOf(input, id => load.approval.load(id))
      return valueOf(await write('application.submit', tx => resubmitApproval(tx, rework)))
    },
  }),
  recallApproval: t.field({
    type: ApprovalType,
    description: 'Its maker takes it back to change it.',
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: CommentApprovalInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const recall = parseInput(Comment, input)
      const id = existingId(recall.id)
      return valueOf(await write('application.submit', tx => recallApproval(tx, { ...recall, id })))
    },
  }),
  withdrawApproval: t.field({
    type: ApprovalType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Approval'),
    args: { input: t.arg({ type: CommentApprovalInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const withdrawal = parseInput(Comment, input)
      const id = existingId(withdrawal.id)
      return valueOf(await write('application.submit', tx => withdrawApproval(tx, { ...withdrawal, id })))
    },
  }),
}))

type WaitsForName = 'votes' | 'rework' | 'authority' | 'opening'

function waitsForOf({ status, blocked, round }: Approval, tasks: readonly { round: number; status: string }[]): WaitsForName | null {
  if (status === 'returned') return 'rework'
  if (status !== 'open') return null
  if (blocked !== null) return 'authority'
  return tasks.some(task => task.round === round && task.status === 'open') ? 'votes' : 'opening'
}

async function reworkOf(
  { amount, request, ...input }: typeof ReworkApprovalInput.$inferInput,
  find: (id: string) => Promise<Approval | undefined>,
): Promise<Rework> {
  const rework = parseInput(Comment, input)
  const id = existingId(rework.id)
  const currency = (await find(id))?.currency
  if (amount && !currency) {
    throw InvalidInput.at(['amount'], 'NO_AMOUNT', { en: 'There is no amount to change here.', zh: '此事项没有可修改的金额。' })
  }
  if (request !== null && request !== undefined && (typeof request !== 'object' || Array.isArray(request))) {
    throw InvalidInput.at(['request'], 'NOT_AN_OBJECT', { en: 'The request is an object.', zh: '请求内容须为对象。' })
  }
  return {
    ...rework,
    id,
    ...(amount && currency && { amount: { amount, currency } }),
    ...(request ? { request: request as Record<string, unknown> } : {}),
  }
}
