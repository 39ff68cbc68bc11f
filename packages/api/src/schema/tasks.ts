import {
  addSignatory,
  APPROVAL_KINDS,
  candidatesOf,
  claimTask,
  countTasks,
  decideTask,
  decideTasks,
  delegateTask,
  discussTask,
  listTasks,
  OVERRIDE_REASONS,
  postponeTask,
  prioritiseTask,
  reassignTask,
  releaseTask,
  resolveTask,
  SIGNING_MODES,
  TASK_OUTCOMES,
  TASK_SORT_FIELDS,
  TASK_STATUSES,
  type Candidate,
  type Refusal,
  type Result,
  type Task,
  type TaskCounts,
  type TaskView,
  type Tx,
  type Vote,
} from '@surety/store'
import { z } from 'zod'
import type { Scope } from '../auth/scopes.ts'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { InvalidInput, parseInput, valueOf, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, segmentIdOf, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType } from './people.ts'
import { PersonType } from './persons.ts'
import { ApprovalType, CreditApplicationType, CustomerType, TaskType } from './refs.ts'
import { moneyOf, MoneyType, TextType } from './values.ts'

export const ApprovalKindEnum = enumOf('ApprovalKind', APPROVAL_KINDS)
export const SigningModeEnum = enumOf('SigningMode', SIGNING_MODES)
const TaskStatusEnum = enumOf('TaskStatus', TASK_STATUSES)
const TaskOutcomeEnum = enumOf('TaskOutcome', TASK_OUTCOMES)
const OverrideReasonEnum = enumOf('OverrideReason', OVERRIDE_REASONS)

const VoteType = builder.objectRef<Vote>('Vote').implement({
  authScopes: { can: 'task.read' },
  fields: t => ({
    person: t.exposeString('person'),
    onBehalfOf: t.exposeString('onBehalfOf', { nullable: true, description: 'The name of whoever a substitute voted for.' }),
    outcome: t.expose('outcome', { type: TaskOutcomeEnum }),
    limit: t.field({
      type: MoneyType,
      nullable: true,
      resolve: ({ limitAmount, currency }) => (currency === null ? null : moneyOf(limitAmount, currency)),
    }),
    termsDays: t.exposeInt('termsDays', { nullable: true }),
    overrideReason: t.exposeString('overrideReason', { nullable: true }),
    comment: t.exposeString('comment', { nullable: true }),
    at: t.expose('at', { type: 'DateTime' }),
    level: t.exposeInt('level'),
  }),
})

const CandidateType = builder.objectRef<Candidate>('Candidate').implement({
  description: 'Somebody who may decide the task, or has.',
  authScopes: { can: 'task.read' },
  fields: t => ({
    personId: t.exposeID('personId'),
    name: t.exposeString('name'),
    authorityLevel: t.exposeInt('authorityLevel'),
    as: t.exposeString('as', { description: 'group: whoever comes first; member: signs by name; added: a further signature.' }),
    hasVoted: t.exposeBoolean('hasVoted'),
  }),
})

const RefusalType = builder.objectRef<Refusal>('Refusal').implement({
  authScopes: { signedIn: true },
  fields: t => ({ code: t.exposeString('code'), message: t.expose('message', { type: TextType }) }),
})

TaskType.implement({
  authScopes: { can: 'task.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.expose('kind', { type: ApprovalKindEnum }),
    approval: t.field({
      type: ApprovalType,
      description: 'The matter that it is a step of.',
      resolve: async ({ approvalId }, _args, { load }) => (await load.approval.load(approvalId))!,
    }),
    application: t.field({
      type: CreditApplicationType,
      nullable: true,
      description: 'Of a credit application.',
      resolve: ({ applicationId }, _args, { load }) => (applicationId === null ? null : load.application.load(applicationId)),
    }),
    customer: t.field({
      type: CustomerType,
      nullable: true,
      resolve: ({ customerId }, _args, { load }) => (customerId === null ? null : load.customer.load(customerId)),
    }),
    segment: t.field({
      type: SegmentType,
      nullable: true,
      description: 'Null: the whole company.',
      resolve: ({ segmentId }, _args, { load }) => (segmentId === null ? null : load.segment.load(segmentId)),
    }),
    maker: t.field({ type: PersonType, resolve: ({ makerPersonId, maker }) => ({ id: makerPersonId, name: maker }) }),
    round: t.exposeInt('round'),
    level: t.exposeInt('level', { description: 'Position in the round, from 1.' }),
    levelCount: t.exposeInt('levelCount'),
    authorityLevel: t.exposeInt('authorityLevel'),
    amount: t.field({
      type: MoneyType,
      nullable: true,
      resolve: ({ amount, currency }) => (currency === null ? null : moneyOf(amount, currency)),
    }),
    grade: t.exposeString('grade', { nullable: true }),
    reason: t.expose('reason', { type: TextType, description: 'Why the policy sends it here.' }),
    mode: t.expose('mode', { type: SigningModeEnum }),
    needed: t.exposeInt('needed', { description: 'Approvals that it takes.' }),
    rejections: t.exposeInt('rejections', { description: 'So many votes against reject.' }),
    policyId: t.exposeString('policyId', { nullable: true, description: 'The authority that it began with.' }),
    policyVersion: t.exposeInt('policyVersion', { nullable: true }),
    status: t.expose('status', { type: TaskStatusEnum }),
    outcome: t.expose('outcome', { type: TaskOutcomeEnum, nullable: true }),
    priority: t.exposeInt('priority', { description: 'From -1, low, to 2, urgent.' }),
    claimedBy: t.field({
      type: PersonType,
      nullable: true,
      description: 'Who has taken it.',
      resolve: ({ claimedBy }, _args, { load }) => (claimedBy === null ? null : load.person.load(claimedBy)),
    }),
    claimedAt: t.expose('claimedAt', { type: 'DateTime', nullable: true }),
    assignedTo: t.field({
      type: PersonType,
      nullable: true,
      description: 'It is theirs alone.',
      resolve: ({ assignedTo }, _args, { load }) => (assignedTo === null ? null : load.person.load(assignedTo)),
    }),
    delegatedTo: t.field({
      type: PersonType,
      nullable: true,
      description: 'Whose opinion it waits for.',
      resolve: ({ delegatedTo }, _args, { load }) => (delegatedTo === null ? null : load.person.load(delegatedTo)),
    }),
    delegatedBy: t.field({
      type: PersonType,
      nullable: true,
      description: 'Who asked for it.',
      resolve: ({ delegatedBy }, _args, { load }) => (delegatedBy === null ? null : load.person.load(delegatedBy)),
    }),
    followUpAt: t.expose('followUpAt', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    dueAt: t.expose('dueAt', { type: 'DateTime' }),
    remindHalfAt: t.expose('remindHalfAt', { type: 'DateTime', nullable: true }),
    remindLateAt: t.expose('remindLateAt', { type: 'DateTime', nullable: true }),
    reminders: t.exposeInt('reminders', { description: 'How many were sent.' }),
    escalations: t.exposeInt('escalations'),
    escalatedAt: t.expose('escalatedAt', { type: 'DateTime', nullable: true }),
    nextEscalationAt: t.expose('nextEscalationAt', { type: 'DateTime', nullable: true }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    votes: t.field({ type: [VoteType], resolve: async ({ id }, _args, { load }) => (await load.votes.load(id)) ?? [] }),
    candidates: t.field({
      type: [CandidateType],
      description: 'Who may decide it now, or has.',
      complexity: { field: 5, multiplier: 1 },
      resolve: (task, _args, { read }) => read('task.read', tx => candidatesOf(tx, task)),
    }),
    version: t.exposeInt('version'),
    canDecide: t.boolean({ resolve: ({ refusal }) => refusal === null }),
    onBehalfOf: t.field({
      type: PersonType,
      nullable: true,
      description: 'For whom the viewer would decide, as a substitute.',
      resolve: ({ onBehalfOf }, _args, { load }) => (onBehalfOf === null ? null : load.person.load(onBehalfOf)),
    }),
    canClaim: t.boolean({ resolve: ({ refusal, mode, claimedBy }) => refusal === null && mode === 'any' && claimedBy === null }),
    canRelease: t.boolean({
      description: 'The viewer has taken it.',
      resolve: ({ claimedBy }, _args, { viewer }) => claimedBy !== null && claimedBy === viewer?.user.personId,
    }),
    canGiveOpinion: t.boolean({
      description: 'The viewer’s opinion was asked for.',
      resolve: ({ delegatedTo }, _args, { viewer }) => delegatedTo !== null && delegatedTo === viewer?.user.personId,
    }),
    refusal: t.expose('refusal', { type: RefusalType, nullable: true, description: 'Why the viewer can’t decide it.' }),
    cannotDecideReason: t.field({
      type: TextType,
      nullable: true,
      description: 'Why the viewer can’t, when they can’t.',
      resolve: ({ refusal }) => refusal?.message,
    }),
  }),
})
const TaskConnection = builder.connectionObject({ type: TaskType, name: 'TaskConnection', ...ASKED }, { name: 'TaskEdge', ...ASKED })

const TaskFilter = builder.inputType('TaskFilter', {
  fields: t => ({
    query: t.string(),
    kinds: t.field({ type: [ApprovalKindEnum] }),
    grades: t.stringList(),
    statuses: t.field({ type: [TaskStatusEnum] }),
    overdue: t.boolean(),
    dueBefore: t.field({ type: 'DateTime' }),
    dueAfter: t.field({ type: 'DateTime' }),
    amountFrom: t.field({ type: 'Decimal' }),
    amountTo: t.field({ type: 'Decimal' }),
    currency: t.string(),
    segment: t.id(),
    customer: t.id(),
    priorities: t.intList(),
    claimed: t.field({ type: enumOf('TaskClaimed', ['me', 'nobody', 'somebody']) }),
    postponed: t.boolean({ description: 'Left out of MINE unless asked for.' }),
    escalated: t.boolean(),
    delegated: t.boolean(),
  }),
})
const TaskSort = builder.inputType('TaskSort', {
  fields: t => ({
    field: t.field({ type: enumOf('TaskSortField', TASK_SORT_FIELDS), required: true }),
    descending: t.boolean({ required: true, defaultValue: false }),
  }),
})
const TaskViewEnum = enumOf<TaskView>('TaskView', ['mine', 'team', 'done'])

const TaskCountsType = builder.objectRef<TaskCounts>('TaskCounts').implement({
  authScopes: { can: 'task.read' },
  fields: t => ({
    mine: t.exposeInt('mine', { description: 'For the viewer to decide or to say their opinion on, now.' }),
    overdue: t.exposeInt('overdue'),
    dueToday: t.exposeInt('dueToday', { description: 'Within 24 hours.' }),
    claimed: t.exposeInt('claimed'),
    delegated: t.exposeInt('delegated', { description: 'Waiting for the viewer’s opinion.' }),
    postponed: t.exposeInt('postponed'),
    team: t.exposeInt('team'),
  }),
})

builder.queryFields(t => ({
  tasks: t.connection(
    {
      type: TaskType,
      authScopes: { can: 'task.read' },
      args: {
        view: t.arg({ type: TaskViewEnum, required: true, defaultValue: 'mine' }),
        filter: t.arg({ type: TaskFilter }),
        sort: t.arg({ type: TaskSort }),
      },
      resolve: async (_root, { view, filter, sort, ...page }, { read }) =>
        connectionOf(await read('task.read', tx => listTasks(tx, view, filterOf(filter), sort ?? { field: 'dueAt' }, page))),
    },
    TaskConnection,
  ),
  taskCounts: t.field({
    type: TaskCountsType,
    description: 'Open tasks in each corner of the viewer’s list.',
    authScopes: { can: 'task.read' },
    args: { filter: t.arg({ type: TaskFilter }) },
    complexity: { field: 10, multiplier: 1 },
    resolve: (_root, { filter }, { read }) => read('task.read', tx => countTasks(tx, filterOf(filter))),
  }),
  task: t.field({
    type: TaskType,
    nullable: true,
    authScopes: { can: 'task.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { load }) => (rowId(id) ? load.task.load(id) : null),
  }),
}))

const DecideTaskInput = builder.inputType('DecideTaskInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true, description: 'As the client last saw it.' }),
    outcome: t.field({ type: TaskOutcomeEnum, required: true }),
    limit: t.field({
      type: 'Decimal',
      description: 'An approver may grant less than recommended, or other terms, within their authority.',
    }),
    termsDays: t.int(),
    overrideReason: t.field({ type: OverrideReasonEnum, description: 'Why more is granted than recommended.' }),
    comment: t.string({ description: 'Required to reject or return, and with an overrideReason.' }),
  }),
})
const TaskRefInput = builder.inputType('TaskRefInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true, description: 'As the client last saw it.' }),
  }),
})
const DecideTasksInput = builder.inputType('DecideTasksInput', {
  fields: t => ({
    tasks: t.field({ type: [TaskRefInput], required: true, description: 'At most 100.' }),
    outcome: t.field({ type: TaskOutcomeEnum, required: true }),
    comment: t.string({ description: 'Required to reject or return.' }),
  }),
})
const HandTaskInput = builder.inputType('HandTaskInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    person: t.id({ description: 'Null, where one may: back to the group.' }),
    comment: t.string(),
  }),
})
const CommentTaskInput = builder.inputType('CommentTaskInput', {
  fields: t => ({ id: t.id({ required: true }), version: t.int({ required: true }), comment: t.string({ required: true }) }),
})
const DiscussTaskInput = builder.inputType('DiscussTaskInput', {
  fields: t => ({ id: t.id({ required: true }), text: t.string({ required: true }) }),
})
const PostponeTaskInput = builder.inputType('PostponeTaskInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    until: t.field({ type: 'DateTime', description: 'Null: back in the list now.' }),
  }),
})
const PrioritiseTaskInput = builder.inputType('PrioritiseTaskInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    priority: t.int({ required: true, description: 'From -1, low, to 2, urgent.' }),
  }),
})

const TaskDecision = z.object({
  id: z.string(),
  version: z.number(),
  outcome: z.enum(TASK_OUTCOMES),
  limit: z
    .string()
    .refine(amount => Number(amount) > 0, words('The limit must be more than zero.', '额度必须大于零。'))
    .nullish(),
  termsDays: z
    .number()
    .int()
    .min(0, words('Payment terms are 0 to 365 days.', '账期须在 0 至 365 天之间。'))
    .max(365, words('Payment terms are 0 to 365 days.', '账期须在 0 至 365 天之间。'))
    .nullish(),
  overrideReason: z.enum(OVERRIDE_REASONS).nullish(),
  comment: z.string().trim().max(2000).nullish(),
})
const BulkDecision = z.object({
  tasks: z
    .array(z.object({ id: z.string(), version: z.number() }))
    .min(1, words('Choose at least one task.', '请至少选择一项任务。'))
    .max(100, words('At most 100 tasks at once.', '一次最多处理 100 项任务。')),
  outcome: z.enum(TASK_OUTCOMES),
  comment: z.string().trim().max(2000).nullish(),
})

interface BulkResult {
  readonly id: string
  readonly result: Result<Task>
}

const BulkResultType = builder.objectRef<BulkResult>('TaskDecisionResult').implement({
  description: 'What came of one of several decisions.',
  authScopes: { can: 'task.read' },
  fields: t => ({
    id: t.exposeID('id', { description: 'Of the task.' }),
    task: t.field({ type: TaskType, nullable: true, resolve: ({ result }) => (result.kind === 'ok' ? result.value : null) }),
    refusal: t.field({
      type: RefusalType,
      nullable: true,
      description: 'Null when it was decided.',
      resolve: ({ result }) => whyNot(result),
    }),
  }),
})

builder.mutationFields(t => ({
  decideTask: t.field({
    type: TaskType,
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: DecideTaskInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const decision = parseInput(TaskDecision, input)
      const id = existingId(decision.id)
      return valueOf(await write('task.decide', tx => decideTask(tx, { ...decision, id })))
    },
  }),
  decideTasks: t.field({
    type: [BulkResultType],
    description: 'The same decision on several tasks, each by itself: those that the viewer may not decide are left out, with the reason.',
    authScopes: { can: 'task.decide' },
    errors: {
      types: [InvalidInput],
      result: { name: 'MutationDecideTasksSuccess' },
      union: { name: 'MutationDecideTasksResult' },
    },
    args: { input: t.arg({ type: DecideTasksInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { tasks, ...decision } = parseInput(BulkDecision, input)
      const refs = tasks.map(({ id, version }) => ({ id: existingId(id), version }))
      return write('task.decide', tx => decideTasks(tx, refs, decision))
    },
  }),
  claimTask: t.field({
    type: TaskType,
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: TaskRefInput, required: true }) },
    resolve: (_root, { input }, context) => act(context, 'task.decide', input, claimTask),
  }),
  releaseTask: t.field({
    type: TaskType,
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: TaskRefInput, required: true }) },
    resolve: (_root, { input }, context) => act(context, 'task.decide', input, releaseTask),
  }),
  reassignTask: t.field({
    type: TaskType,
    description: 'It becomes the task of somebody else who has the authority; nobody: the group’s again.',
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: HandTaskInput, required: true }) },
    resolve: (_root, { input }, context) => {
      const to = input.person ? existingId(input.person) : null
      return act(context, 'task.decide', input, (tx, ref) => reassignTask(tx, { ...ref, to, comment: input.comment ?? null }))
    },
  }),
  delegateTask: t.field({
    type: TaskType,
    description: 'Asks a colleague for their opinion; the task waits for it and then comes back.',
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: HandTaskInput, required: true }) },
    resolve: (_root, { input }, context) => {
      const to = existingId(input.person ?? '')
      return act(context, 'task.decide', input, (tx, ref) => delegateTask(tx, { ...ref, to, comment: input.comment ?? null }))
    },
  }),
  resolveTask: t.field({
    type: TaskType,
    description: 'The opinion that was asked for; the task goes back to whoever asked.',
    authScopes: { can: 'task.read' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: CommentTaskInput, required: true }) },
    resolve: (_root, { input }, context) =>
      act(context, 'task.read', input, (tx, ref) => resolveTask(tx, { ...ref, comment: input.comment.slice(0, 4001) })),
  }),
  addSignatory: t.field({
    type: TaskType,
    description: 'Asks for one more signature on this step.',
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: HandTaskInput, required: true }) },
    resolve: (_root, { input }, context) => {
      const person = existingId(input.person ?? '')
      return act(context, 'task.decide', input, (tx, ref) => addSignatory(tx, { ...ref, person, comment: input.comment ?? null }))
    },
  }),
  discussTask: t.field({
    type: TaskType,
    authScopes: { can: 'task.read' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: DiscussTaskInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const id = existingId(input.id)
      return valueOf(await write('task.read', tx => discussTask(tx, { id, text: input.text.slice(0, 4001) })))
    },
  }),
  postponeTask: t.field({
    type: TaskType,
    description: 'Comes back to the list at that moment; its deadline stays.',
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: PostponeTaskInput, required: true }) },
    resolve: (_root, { input }, context) =>
      act(context, 'task.decide', input, (tx, ref) => postponeTask(tx, { ...ref, until: input.until ?? null })),
  }),
  prioritiseTask: t.field({
    type: TaskType,
    authScopes: { can: 'task.decide' },
    errors: outcomesOf('Task'),
    args: { input: t.arg({ type: PrioritiseTaskInput, required: true }) },
    resolve: (_root, { input }, context) =>
      act(context, 'task.decide', input, (tx, ref) => prioritiseTask(tx, { ...ref, priority: input.priority })),
  }),
}))

interface TaskRef {
  readonly id: string
  readonly version: number
}

async function act(
  { write }: Context,
  scope: Scope,
  { id, version }: TaskRef,
  fn: (tx: Tx, ref: TaskRef) => Promise<Result<Task>>,
): Promise<Task> {
  const ref = { id: existingId(id), version }
  return valueOf(await write(scope, tx => fn(tx, ref)))
}

function filterOf(filter: typeof TaskFilter.$inferInput | null | undefined) {
  const { segment, customer, ...plain } = withoutNulls(filter ?? {})
  return {
    ...plain,
    ...(segment !== undefined && { segmentId: segmentIdOf(segment) }),
    // An id that can be none matches nothing.
    ...(customer !== undefined && { customerId: rowId(customer) ?? '0' }),
  }
}

function whyNot(result: Result<Task>): Refusal | null {
  switch (result.kind) {
    case 'ok':
      return null
    case 'notAllowed':
      return result.refusal
    case 'conflict':
      return { code: 'TASK_CLOSED', message: { en: 'Somebody else changed this in the meantime.', zh: '期间已被他人修改。' } }
    case 'notFound':
      return { code: 'TASK_CLOSED', message: { en: 'There is no such task in your segments.', zh: '您的业务板块内没有该任务。' } }
    case 'invalid':
      return { code: 'NOT_SUITABLE', message: result.issues[0]!.message }
  }
}
