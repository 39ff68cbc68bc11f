import {
  amendApplication,
  APPLICATION_SORT_FIELDS,
  APPLICATION_STATUSES,
  findApprovalOf,
  listApplications,
  listAudit,
  recallApplication,
  resubmitApplication,
  submitApplication,
  withdrawApplication,
} from '@surety/store'
import { z } from 'zod'
import { includesSegment, segmentsOf } from '../auth/scopes.ts'
import { builder } from '../builder.ts'
import { NotAllowed, parseInput, valueOf, words } from '../errors.ts'
import { AuditEntryConnection, AuditEntryType } from './audit.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, segmentIdOf, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType, UserType } from './people.ts'
import { ApprovalType, CreditAccountType, CreditApplicationType, CustomerType, DecisionType, TaskType } from './refs.ts'
import { moneyOf, MoneyType } from './values.ts'

const ApplicationStatusEnum = enumOf('ApplicationStatus', APPLICATION_STATUSES)

CreditApplicationType.implement({
  authScopes: { can: 'application.read' },
  fields: t => ({
    id: t.exposeID('id'),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    account: t.field({ type: CreditAccountType, resolve: async ({ accountId }, _args, { load }) => (await load.account.load(accountId))! }),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    requestedLimit: t.field({ type: MoneyType, resolve: ({ requestedLimit, currency }) => ({ amount: requestedLimit, currency }) }),
    requestedTermsDays: t.exposeInt('requestedTermsDays', { nullable: true }),
    purpose: t.exposeString('purpose', { nullable: true }),
    requestedBy: t.field({ type: UserType, resolve: async ({ requestedBy }, _args, { load }) => (await load.user.load(requestedBy))! }),
    status: t.expose('status', { type: ApplicationStatusEnum }),
    assessment: t.field({
      type: DecisionType,
      nullable: true,
      resolve: ({ assessmentId }, _args, { load }) => (assessmentId === null ? null : load.decision.load(assessmentId)),
    }),
    recommendation: t.field({
      type: DecisionType,
      nullable: true,
      resolve: ({ recommendationId }, _args, { load }) => (recommendationId === null ? null : load.decision.load(recommendationId)),
    }),
    authority: t.field({
      type: DecisionType,
      nullable: true,
      resolve: ({ authorityId }, _args, { load }) => (authorityId === null ? null : load.decision.load(authorityId)),
    }),
    recommendedLimit: t.field({
      type: MoneyType,
      nullable: true,
      resolve: ({ recommendedLimit, currency }) => moneyOf(recommendedLimit, currency),
    }),
    recommendedTermsDays: t.exposeInt('recommendedTermsDays', { nullable: true }),
    approvedLimit: t.field({ type: MoneyType, nullable: true, resolve: ({ approvedLimit, currency }) => moneyOf(approvedLimit, currency) }),
    approvedTermsDays: t.exposeInt('approvedTermsDays', { nullable: true }),
    grade: t.exposeString('grade', { nullable: true }),
    score: t.exposeInt('score', { nullable: true }),
    levels: t.intList({
      nullable: true,
      description: 'Authority levels to pass, lowest first.',
      resolve: ({ levels }) => levels && [...levels],
    }),
    currentLevel: t.exposeInt('currentLevel', { nullable: true }),
    round: t.exposeInt('round'),
    tasks: t.field({
      type: [TaskType],
      authScopes: { can: 'task.read' },
      resolve: async ({ id }, _args, { load }) => (await load.tasks.load(id)) ?? [],
    }),
    timeline: t.connection(
      {
        type: AuditEntryType,
        resolve: async ({ id }, page, { read }) =>
          connectionOf(await read('application.read', tx => listAudit(tx, { applicationId: id }, page))),
      },
      AuditEntryConnection,
    ),
    submittedAt: t.expose('submittedAt', { type: 'DateTime' }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true }),
    version: t.exposeInt('version'),
    canWithdraw: t.exposeBoolean('canWithdraw'),
    canResubmit: t.exposeBoolean('canResubmit'),
    canAmend: t.exposeBoolean('canAmend', { description: 'Open and the viewer’s own: they may change its figures, or take it back.' }),
    approval: t.field({
      type: ApprovalType,
      nullable: true,
      description: 'Null until assessed.',
      authScopes: { can: 'task.read' },
      resolve: ({ id }, _args, { read }) => read('task.read', tx => findApprovalOf(tx, 'credit_application', id)),
    }),
  }),
})
export const CreditApplicationConnection = builder.connectionObject(
  { type: CreditApplicationType, name: 'CreditApplicationConnection', ...ASKED },
  { name: 'CreditApplicationEdge', ...ASKED },
)

const ApplicationFilter = builder.inputType('ApplicationFilter', {
  fields: t => ({ query: t.string(), statuses: t.field({ type: [ApplicationStatusEnum] }), mine: t.boolean(), customer: t.id() }),
})
const ApplicationSort = builder.inputType('ApplicationSort', {
  fields: t => ({
    field: t.field({ type: enumOf('ApplicationSortField', APPLICATION_SORT_FIELDS), required: true }),
    descending: t.boolean({ required: true, defaultValue: false }),
  }),
})

builder.queryFields(t => ({
  applications: t.connection(
    {
      type: CreditApplicationType,
      authScopes: { can: 'application.read' },
      args: { filter: t.arg({ type: ApplicationFilter }), sort: t.arg({ type: ApplicationSort }) },
      resolve: async (_root, { filter, sort, ...page }, { read }) => {
        const { customer, ...plain } = withoutNulls(filter ?? {})
        // An id that can be none matches nothing.
        const customerId = customer === undefined ? undefined : (rowId(customer) ?? '0')
        return connectionOf(
          await read('application.read', tx =>
            listApplications(tx, { ...plain, ...(customerId && { customerId }) }, sort ?? { field: 'submittedAt', descending: true }, page),
          ),
        )
      },
    },
    CreditApplicationConnection,
  ),
  application: t.field({
    type: CreditApplicationType,
    nullable: true,
    authScopes: { can: 'application.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { load }) => (rowId(id) ? load.application.load(id) : null),
  }),
}))

const SubmitApplicationInput = builder.inputType('SubmitApplicationInput', {
  fields: t => ({
    key: t.string({ required: true, description: 'Chosen by the client; the same key twice is the same application.' }),
    customer: t.id({ required: true }),
    segment: t.id({ required: true }),
    requestedLimit: t.field({ type: 'Decimal', required: true }),
    requestedTermsDays: t.int(),
    purpose: t.string(),
  }),
})
const ResubmitApplicationInput = builder.inputType('ResubmitApplicationInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    requestedLimit: t.field({ type: 'Decimal', required: true }),
    requestedTermsDays: t.int(),
    purpose: t.string(),
    comment: t.string({ required: true }),
  }),
})
const WithdrawApplicationInput = builder.inputType('WithdrawApplicationInput', {
  fields: t => ({ id: t.id({ required: true }), version: t.int({ required: true }), reason: t.string({ required: true }) }),
})

const request = {
  requestedLimit: z.string().refine(amount => Number(amount) > 0, words('The limit must be more than zero.', '额度必须大于零。')),
  requestedTermsDays: z
    .number()
    .int()
    .min(0, words('Payment terms are 0 to 365 days.', '账期须在 0 至 365 天之间。'))
    .max(365, words('Payment terms are 0 to 365 days.', '账期须在 0 至 365 天之间。'))
    .nullish(),
  purpose: z.string().trim().max(2000).nullish(),
}
const Submission = z.object({
  key: z.string().min(8, words('The key must have 8 to 100 characters.', '键须为 8 至 100 个字符。')).max(100),
  customer: z.string(),
  segment: z.string(),
  ...request,
})
const Resubmission = z.object({
  id: z.string(),
  version: z.number(),
  comment: z.string().trim().min(1, words('Say what has changed.', '请说明修改内容。')).max(2000),
  ...request,
})
const Withdrawal = z.object({
  id: z.string(),
  version: z.number(),
  reason: z.string().trim().min(1, words('Say why.', '请说明原因。')).max(2000),
})

builder.mutationFields(t => ({
  submitApplication: t.field({
    type: CreditApplicationType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Application'),
    args: { input: t.arg({ type: SubmitApplicationInput, required: true }) },
    resolve: async (_root, { input }, { viewer, write }) => {
      const { customer, segment, ...rest } = parseInput(Submission, input)
      const segmentId = segmentIdOf(segment, ['segment'])
      const customerId = existingId(customer)
      if (!includesSegment(segmentsOf(viewer!.grants, 'application.submit'), segmentId)) throw new NotAllowed()
      return valueOf(await write('application.submit', tx => submitApplication(tx, { ...rest, customerId, segmentId })))
    },
  }),
  resubmitApplication: t.field({
    type: CreditApplicationType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Application'),
    args: { input: t.arg({ type: ResubmitApplicationInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const resubmission = parseInput(Resubmission, input)
      const id = existingId(resubmission.id)
      return valueOf(await write('application.submit', tx => resubmitApplication(tx, { ...resubmission, id })))
    },
  }),
  amendApplication: t.field({
    type: CreditApplicationType,
    description: 'Other figures while it is being decided: assessed again; what was signed on lower figures is void.',
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Application'),
    args: { input: t.arg({ type: ResubmitApplicationInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const amendment = parseInput(Resubmission, input)
      const id = existingId(amendment.id)
      return valueOf(await write('application.submit', tx => amendApplication(tx, { ...amendment, id })))
    },
  }),
  recallApplication: t.field({
    type: CreditApplicationType,
    description: 'Its maker takes it back to change it; nobody decides on it until it is submitted again.',
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Application'),
    args: { input: t.arg({ type: WithdrawApplicationInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { reason, ...recall } = parseInput(Withdrawal, input)
      const id = existingId(recall.id)
      return valueOf(await write('application.submit', tx => recallApplication(tx, { ...recall, id, comment: reason })))
    },
  }),
  withdrawApplication: t.field({
    type: CreditApplicationType,
    authScopes: { can: 'application.submit' },
    errors: outcomesOf('Application'),
    args: { input: t.arg({ type: WithdrawApplicationInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const withdrawal = parseInput(Withdrawal, input)
      const id = existingId(withdrawal.id)
      return valueOf(await write('application.submit', tx => withdrawApplication(tx, { ...withdrawal, id })))
    },
  }),
}))
