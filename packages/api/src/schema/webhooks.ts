import {
  changeWebhook,
  createWebhook,
  findWebhook,
  listWebhookDeliveries,
  listWebhooks,
  pingWebhook,
  resendWebhookDelivery,
  rotateWebhookSecret,
  WEBHOOK_EVENTS,
  type Webhook,
  type WebhookDelivery,
} from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { InvalidInput, NotAllowed, parseInput, valueOf, words } from '../errors.ts'
import { includesSegment, segmentsOf } from '../auth/scopes.ts'
import type { Context } from '../context.ts'
import { addressProblem } from '../webhooks/receiver-address.ts'
import { createSeal, type Seal } from '../webhooks/seal.ts'
import { newWebhookSecret } from '../webhooks/sign.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, segmentIdOf } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { SegmentType } from './people.ts'

const WebhookStatusEnum = enumOf<Webhook['status']>('WebhookStatus', ['active', 'disabled'])
const DeliveryStatusEnum = enumOf<WebhookDelivery['status']>('WebhookDeliveryStatus', ['waiting', 'delivered', 'failed'])

const WebhookDeliveryType = builder.objectRef<WebhookDelivery>('WebhookDelivery').implement({
  description: 'One message to one receiver, and what came of it last.',
  authScopes: { can: 'instance.administer' },
  fields: t => ({
    id: t.exposeID('id'),
    messageId: t.exposeString('messageId'),
    event: t.exposeString('event'),
    payload: t.field({ type: 'JSON', resolve: ({ payload }) => payload }),
    status: t.expose('status', { type: DeliveryStatusEnum }),
    attempts: t.exposeInt('attempts'),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ status, nextAttemptAt }) => (status === 'waiting' ? nextAttemptAt : null),
    }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime', nullable: true }),
    responseStatus: t.exposeInt('responseStatus', { nullable: true }),
    lastError: t.exposeString('lastError', { nullable: true }),
    durationMs: t.exposeInt('durationMs', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})
const WebhookDeliveryConnection = builder.connectionObject(
  { type: WebhookDeliveryType, name: 'WebhookDeliveryConnection', ...ASKED },
  { name: 'WebhookDeliveryEdge', ...ASKED },
)

const WebhookType = builder.objectRef<Webhook>('Webhook').implement({
  description: 'Whom a segment tells what happens.',
  authScopes: { can: 'instance.administer' },
  fields: t => ({
    id: t.exposeID('id'),
    segment: t.field({ type: SegmentType, resolve: async ({ segmentId }, _args, { load }) => (await load.segment.load(segmentId))! }),
    name: t.exposeString('name'),
    url: t.exposeString('url'),
    events: t.field({ type: ['String'], resolve: ({ events }) => [...events] }),
    status: t.expose('status', { type: WebhookStatusEnum }),
    disabledReason: t.exposeString('disabledReason', { nullable: true }),
    failures: t.exposeInt('failures', { description: 'In a row.' }),
    formerSecretUntil: t.expose('formerUntil', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    version: t.exposeInt('version'),
    deliveries: t.connection(
      {
        type: WebhookDeliveryType,
        description: 'Newest first.',
        resolve: async ({ id }, page, { read }) =>
          connectionOf(await read('instance.administer', tx => listWebhookDeliveries(tx, id, page))),
      },
      WebhookDeliveryConnection,
    ),
  }),
})

interface WithSecret {
  readonly webhook: Webhook
  readonly secret: string
}
const WebhookWithSecretType = builder.objectRef<WithSecret>('WebhookWithSecret').implement({
  authScopes: { can: 'instance.administer' },
  fields: t => ({
    webhook: t.field({ type: WebhookType, resolve: ({ webhook }) => webhook }),
    secret: t.exposeString('secret', { description: 'Shown this once.' }),
  }),
})

builder.queryFields(t => ({
  webhookEvents: t.field({ type: ['String'], authScopes: { can: 'instance.administer' }, resolve: () => [...WEBHOOK_EVENTS] }),
  webhooks: t.field({
    type: [WebhookType],
    authScopes: { can: 'instance.administer' },
    resolve: (_root, _args, { read }) => read('instance.administer', tx => listWebhooks(tx)),
  }),
  webhook: t.field({
    type: WebhookType,
    nullable: true,
    authScopes: { can: 'instance.administer' },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read('instance.administer', tx => findWebhook(tx, id)) : null),
  }),
}))

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  fields: t => ({
    segment: t.id({ required: true }),
    name: t.string({ required: true }),
    url: t.string({ required: true }),
    events: t.stringList({ required: true }),
  }),
})
const ChangeWebhookInput = builder.inputType('ChangeWebhookInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    name: t.string(),
    url: t.string(),
    events: t.stringList(),
    isActive: t.boolean(),
  }),
})
const RotateWebhookSecretInput = builder.inputType('RotateWebhookSecretInput', {
  fields: t => ({
    id: t.id({ required: true }),
    version: t.int({ required: true }),
    keepFormerHours: t.int({ description: 'How long the secret before this one signs too; 24 unless said.' }),
  }),
})

const Name = z.string().trim().min(1, words('Give it a name.', '请填写名称。')).max(200)
const Url = z
  .string()
  .trim()
  .max(2000)
  .superRefine((url, context) => {
    const problem = addressProblem(url)
    if (problem) context.addIssue({ code: 'custom', message: words(problem.en, problem.zh) })
  })
const Events = z
  .array(
    z.enum(WEBHOOK_EVENTS, {
      error: words(`Choose events among ${WEBHOOK_EVENTS.join(', ')}.`, `事件须选自 ${WEBHOOK_EVENTS.join('、')}。`),
    }),
  )
  .min(1, words('Choose at least one event.', '请至少选择一个事件。'))
const NewWebhookInput = z.object({ segment: z.string(), name: Name, url: Url, events: Events })
const WebhookChangeInput = z.object({
  id: z.string(),
  version: z.number(),
  name: Name.nullish().transform(orAbsent),
  url: Url.nullish().transform(orAbsent),
  events: Events.nullish().transform(orAbsent),
  isActive: z.boolean().nullish().transform(orAbsent),
})
const Rotation = z.object({
  id: z.string(),
  version: z.number(),
  keepFormerHours: z
    .number()
    .int()
    .min(0)
    .max(720)
    .nullish()
    .transform(hours => hours ?? 24),
})

builder.mutationFields(t => ({
  createWebhook: t.field({
    type: WebhookWithSecretType,
    description: 'Tells a receiver from now on what happens in a segment. The secret that signs is shown this once.',
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('CreateWebhook'),
    args: { input: t.arg({ type: CreateWebhookInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { segment, ...wanted } = parseInput(NewWebhookInput, input)
      const segmentId = segmentIdOf(segment)
      if (!includesSegment(segmentsOf(context.viewer?.grants ?? [], 'instance.administer'), segmentId)) throw new NotAllowed()
      const secret = newWebhookSecret()
      const sealedSecret = sealOf(context).close(secret)
      const webhook = await context.write('instance.administer', tx => createWebhook(tx, { ...wanted, segmentId, sealedSecret }))
      return { webhook, secret }
    },
  }),
  changeWebhook: t.field({
    type: WebhookType,
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('ChangeWebhook'),
    args: { input: t.arg({ type: ChangeWebhookInput, required: true }) },
    resolve: async (_root, { input }, { write }) => {
      const change = parseInput(WebhookChangeInput, input)
      const id = existingId(change.id)
      return valueOf(await write('instance.administer', tx => changeWebhook(tx, { ...change, id })))
    },
  }),
  rotateWebhookSecret: t.field({
    type: WebhookWithSecretType,
    description: 'A new secret, shown this once; the former one signs too for a while.',
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('RotateWebhookSecret'),
    args: { input: t.arg({ type: RotateWebhookSecretInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const { keepFormerHours, version, ...rest } = parseInput(Rotation, input)
      const id = existingId(rest.id)
      const secret = newWebhookSecret()
      const sealedSecret = sealOf(context).close(secret)
      const webhook = valueOf(
        await context.write('instance.administer', tx =>
          rotateWebhookSecret(tx, { id, version, sealedSecret, formerUntil: new Date(tx.now.getTime() + keepFormerHours * 3_600_000) }),
        ),
      )
      return { webhook, secret }
    },
  }),
  pingWebhook: t.field({
    type: WebhookDeliveryType,
    description: 'Sends the receiver a message, to see that it is heard.',
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('PingWebhook'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => {
      const known = existingId(id)
      return valueOf(await write('instance.administer', tx => pingWebhook(tx, known)))
    },
  }),
  resendWebhookDelivery: t.field({
    type: WebhookDeliveryType,
    authScopes: { can: 'instance.administer' },
    errors: outcomesOf('ResendWebhookDelivery'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => {
      const known = existingId(id)
      return valueOf(await write('instance.administer', tx => resendWebhookDelivery(tx, known)))
    },
  }),
}))

function sealOf({ config }: Context): Seal {
  if (config.secret === undefined)
    throw InvalidInput.at(['url'], 'NO_HOUSE_SECRET', {
      en: 'Set SURETY_SECRET: without it the secrets of webhooks can not be kept.',
      zh: '请设置 SURETY_SECRET：否则无法保存 Webhook 密钥。',
    })
  return createSeal(config.secret)
}

function orAbsent<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined
}
