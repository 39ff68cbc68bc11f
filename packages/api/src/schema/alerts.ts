import { ALERT_SEVERITIES } from '@surety/credit'
import {
  ALERT_STATUSES,
  countAlerts,
  findAlert,
  handleAlert,
  indicatorValuesOf,
  listAlerts,
  type Alert,
  type AlertAct,
} from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { parseInput, valueOf, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType, UserType } from './people.ts'
import { CustomerType, DecisionType } from './refs.ts'
import { TextType } from './values.ts'

const AlertStatusEnum = enumOf('AlertStatus', ALERT_STATUSES)
const AlertSeverityEnum = enumOf('AlertSeverity', ALERT_SEVERITIES)

const IndicatorValueType = builder.objectRef<{ day: string; value: number }>('IndicatorValue').implement({
  authScopes: { can: 'alert.read' },
  fields: t => ({ day: t.expose('day', { type: 'Date' }), value: t.exposeFloat('value') }),
})

const AlertType = builder.objectRef<Alert>('Alert').implement({
  description: 'An indicator of a customer that reached its threshold, with the numbers that made it.',
  authScopes: { can: 'alert.read' },
  fields: t => ({
    id: t.exposeID('id'),
    customer: t.field({ type: CustomerType, resolve: async ({ customerId }, _args, { load }) => (await load.customer.load(customerId))! }),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    indicator: t.exposeString('indicator'),
    fact: t.exposeString('fact', { nullable: true }),
    severity: t.expose('severity', { type: AlertSeverityEnum }),
    status: t.expose('status', { type: AlertStatusEnum }),
    value: t.field({ type: 'JSON', nullable: true, resolve: ({ value }) => value }),
    threshold: t.exposeFloat('threshold', { nullable: true }),
    clearAt: t.exposeFloat('clearAt', { nullable: true, description: 'It stands until the figure is back here.' }),
    message: t.expose('message', { type: TextType }),
    decision: t.field({ type: DecisionType, resolve: async ({ decisionId }, _args, { load }) => (await load.decision.load(decisionId))! }),
    values: t.field({
      type: [IndicatorValueType],
      description: 'Of the last year, a value for each day on which it was looked at; oldest first.',
      complexity: 5,
      resolve: async (alert, _args, { read }) => (await read('alert.read', tx => indicatorValuesOf(tx, [alert]))).get(alert.id) ?? [],
    }),
    openedAt: t.expose('openedAt', { type: 'DateTime' }),
    seenAt: t.expose('seenAt', { type: 'DateTime' }),
    handledBy: t.field({
      type: UserType,
      nullable: true,
      resolve: ({ handledBy }, _args, { load }) => (handledBy === null ? null : load.user.load(handledBy)),
    }),
    snoozedUntil: t.expose('snoozedUntil', { type: 'Date', nullable: true }),
    comment: t.exposeString('comment', { nullable: true }),
    closedOn: t.expose('closedOn', { type: 'Date', nullable: true }),
    closedItself: t.boolean({ resolve: ({ status, closedBy }) => status === 'closed' && closedBy === null }),
    version: t.exposeInt('version'),
  }),
})
const AlertConnection = builder.connectionObject({ type: AlertType, name: 'AlertConnection', ...ASKED }, { name: 'AlertEdge', ...ASKED })

const AlertCountsType = builder.objectRef<Awaited<ReturnType<typeof countAlerts>>>('AlertCounts').implement({
  authScopes: { can: 'alert.read' },
  fields: t => ({ warn: t.exposeInt('warn'), critical: t.exposeInt('critical') }),
})

const AlertFilter = builder.inputType('AlertFilter', {
  fields: t => ({
    statuses: t.field({ type: [AlertStatusEnum], description: 'All that stand unless said otherwise.' }),
    severity: t.field({ type: AlertSeverityEnum }),
    indicator: t.string(),
    customerId: t.id(),
    withSnoozed: t.boolean(),
  }),
})

builder.queryFields(t => ({
  alerts: t.connection(
    {
      type: AlertType,
      description: 'Critical ones first, then the newest.',
      authScopes: { can: 'alert.read' },
      args: { filter: t.arg({ type: AlertFilter }) },
      resolve: async (_root, { filter, ...page }, { read }) => {
        const { customerId, ...rest } = withoutNulls(filter ?? {})
        return connectionOf(
          await read('alert.read', tx => listAlerts(tx, { ...rest, ...(customerId && { customerId: rowId(customerId) ?? '0' }) }, page)),
        )
      },
    },
    AlertConnection,
  ),
  alert: t.field({
    type: AlertType,
    nullable: true,
    authScopes: { can: 'alert.read' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('alert.read', tx => findAlert(tx, id)) : null),
  }),
  alertCounts: t.field({
    type: AlertCountsType,
    description: 'Those that stand and are not snoozed.',
    authScopes: { can: 'alert.read' },
    resolve: (_root, _args, { read }) => read('alert.read', countAlerts),
  }),
}))

const ACTS = ['acknowledge', 'act', 'snooze', 'close', 'reopen'] as const
const AlertActEnum = enumOf<(typeof ACTS)[number]>('AlertAct', ACTS)

const HandleAlertInput = builder.inputType('HandleAlertInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true, description: 'As the client last saw it.' }),
    act: t.field({ type: AlertActEnum, required: true }),
    comment: t.string({ description: 'Required to act, snooze or close.' }),
    until: t.field({ type: 'Date', description: 'Required to snooze.' }),
  }),
})

const Handling = z.object({
  id: z.string(),
  version: z.number(),
  act: z.enum(ACTS),
  comment: z.string().max(2000, words('At most 2000 characters.', '最多 2000 个字符。')).nullish(),
  until: z.string().nullish(),
})

builder.mutationField('handleAlert', t =>
  t.field({
    type: AlertType,
    authScopes: { can: 'alert.handle' },
    errors: outcomesOf('Alert'),
    args: { input: t.arg({ type: HandleAlertInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const { version, ...rest } = parseInput(Handling, input)
      const id = existingId(rest.id)
      return valueOf(await write('alert.handle', tx => handleAlert(tx, id, version, actOf(rest))))
    },
  }),
)

function actOf({ act, comment, until }: Pick<z.infer<typeof Handling>, 'act' | 'comment' | 'until'>): AlertAct {
  switch (act) {
    case 'acknowledge':
    case 'reopen':
      return { kind: act }
    case 'act':
    case 'close':
      return { kind: act, comment: comment ?? '' }
    case 'snooze':
      return { kind: act, comment: comment ?? '', until: until ?? '' }
  }
}
