import { decideTask, listTasks, TASK_SORT_FIELDS, type TaskOutcome, type TaskStatus, type TaskView, type Vote } from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { parseInput, valueOf, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType } from './people.ts'
import { CreditApplicationType, CustomerType, TaskType } from './refs.ts'
import { moneyOf, MoneyType, TextType } from './values.ts'

const TaskStatusEnum = enumOf<TaskStatus>('TaskStatus', ['open', 'done', 'cancelled'])
const TaskOutcomeEnum = enumOf<TaskOutcome>('TaskOutcome', ['approve', 'reject', 'return'])

const VoteType = builder.objectRef<Vote>('Vote').implement({
  authScopes: { can: 'task.read' },
  fields: t => ({
    person: t.exposeString('person'),
    outcome: t.expose('outcome', { type: TaskOutcomeEnum }),
    limit: t.field({ type: MoneyType, nullable: true, resolve: ({ limitAmount, currency }) => moneyOf(limitAmount, currency) }),
    termsDays: t.exposeInt('termsDays', { nullable: true }),
    comment: t.exposeString('comment', { nullable: true }),
    at: t.expose('at', { type: 'DateTime' }),
    level: t.exposeInt('level'),
  }),
})

TaskType.implement({
  authScopes: { can: 'task.read' },
  fields: t => ({
    id: t.exposeID('id'),
    kind: t.exposeString('kind'),
    application: t.field({
      type: CreditApplicationType,
      resolve: async ({ applicationId }, _args, { load }) => (await load.application.load(applicationId))!,
    }),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    level: t.exposeInt('level', { description: 'Position in the round, from 1.' }),
    levelCount: t.exposeInt('levelCount'),
    authorityLevel: t.exposeInt('authorityLevel'),
    amount: t.field({ type: MoneyType, resolve: ({ amount, currency }) => ({ amount, currency }) }),
    reason: t.expose('reason', { type: TextType, description: 'Why the policy sends it here.' }),
    status: t.expose('status', { type: TaskStatusEnum }),
    outcome: t.expose('outcome', { type: TaskOutcomeEnum, nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    dueAt: t.expose('dueAt', { type: 'DateTime' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    votes: t.field({ type: [VoteType], resolve: async ({ id }, _args, { load }) => (await load.votes.load(id)) ?? [] }),
    version: t.exposeInt('version'),
    canDecide: t.boolean({ resolve: ({ refusal }) => refusal === null }),
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
  fields: t => ({ query: t.string(), grades: t.stringList(), statuses: t.field({ type: [TaskStatusEnum] }), overdue: t.boolean() }),
})
const TaskSort = builder.inputType('TaskSort', {
  fields: t => ({
    field: t.field({ type: enumOf('TaskSortField', TASK_SORT_FIELDS), required: true }),
    descending: t.boolean({ required: true, defaultValue: false }),
  }),
})
const TaskViewEnum = enumOf<TaskView>('TaskView', ['mine', 'team', 'done'])

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
        connectionOf(await read('task.read', tx => listTasks(tx, view, withoutNulls(filter ?? {}), sort ?? { field: 'dueAt' }, page))),
    },
    TaskConnection,
  ),
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
    comment: t.string({ description: 'Required to reject or return.' }),
  }),
})

const TaskDecision = z.object({
  id: z.string(),
  version: z.number(),
  outcome: z.enum(['approve', 'reject', 'return']),
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
  comment: z.string().trim().max(2000).nullish(),
})

builder.mutationField('decideTask', t =>
  t.field({
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
)
