import { CHECKPOINTS, parseMoney, type Checkpoint } from '@surety/credit'
import { checkOrder, findAccount, findCustomer, type OrderAction, type OrderCheckAnswer, type OrderRule } from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { InvalidInput, NotAllowed, NotFound, parseInput } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, withoutNulls } from './inputs.ts'
import { TextType } from './values.ts'

const CheckpointEnum = enumOf<Checkpoint>('Checkpoint', CHECKPOINTS)
const OrderActionEnum = enumOf<OrderAction>('OrderAction', ['release', 'warn', 'hold'])

const OrderRuleType = builder.objectRef<OrderRule>('OrderRule').implement({
  description: 'A rule that spoke, with the figures that it looked at.',
  authScopes: { can: 'order.check' },
  fields: t => ({
    code: t.exposeString('code'),
    rule: t.exposeString('rule', { nullable: true }),
    holds: t.boolean({ resolve: ({ effect }) => effect === 'holds' }),
    text: t.expose('text', { type: TextType }),
    numbers: t.field({ type: 'JSON', resolve: ({ numbers }) => numbers }),
    releaseLevel: t.exposeInt('releaseLevel', { nullable: true, description: 'The authority level that can release it.' }),
  }),
})

const OrderCheckType = builder.objectRef<OrderCheckAnswer>('OrderCheck').implement({
  description: 'What came of checking an order against the credit of its customer; amounts are in the currency of the account.',
  authScopes: { can: 'order.check' },
  fields: t => ({
    id: t.exposeID('id', { nullable: true, description: 'Null for a dry run.' }),
    action: t.expose('action', { type: OrderActionEnum }),
    orderNumber: t.exposeString('orderNumber'),
    currency: t.exposeString('currency'),
    limitKind: t.string({ resolve: ({ limit }) => limit.kind }),
    limitAmount: t.string({ nullable: true, resolve: ({ limit }) => limit.amount }),
    availableBefore: t.exposeString('availableBefore', { nullable: true, description: 'Without this order.' }),
    availableAfter: t.exposeString('availableAfter', { nullable: true, description: 'Once it is released.' }),
    rules: t.field({ type: [OrderRuleType], resolve: ({ rules }) => [...rules] }),
    releaseLevel: t.int({ nullable: true, description: 'Who can release it.', resolve: ({ release }) => release?.level ?? null }),
    releaseRole: t.string({ nullable: true, resolve: ({ release }) => release?.role ?? null }),
    reservedUntil: t.exposeString('reservedUntil', { nullable: true }),
    holdId: t.exposeID('holdId', { nullable: true }),
  }),
})

const CheckOrderInput = builder.inputType('CheckOrderInput', {
  fields: t => ({
    accountId: t.id({ required: true }),
    orderNumber: t.string({ required: true }),
    source: t.string({ description: 'The books that the order is in, or will come from; `file` unless said otherwise.' }),
    amount: t.string({ required: true }),
    currency: t.string({ required: true }),
    checkpoint: t.field({ type: CheckpointEnum }),
    termsDays: t.int(),
    discountPercent: t.float(),
    agreedDiscountPercent: t.float(),
    isPrepaid: t.boolean(),
    isDryRun: t.boolean({ description: 'Says what would happen and leaves nothing behind.' }),
    idempotencyKey: t.string({ description: 'The same key again gets the same answer; needed unless it is a dry run.' }),
  }),
})

const Order = z.object({
  accountId: z.string(),
  orderNumber: z.string().trim().min(1).max(100),
  source: z.string().trim().min(1).max(100).optional(),
  amount: z.string(),
  currency: z.string(),
  checkpoint: z.enum(CHECKPOINTS).optional(),
  termsDays: z.int().min(0).max(3650).optional(),
  discountPercent: z.number().min(0).max(100).optional(),
  agreedDiscountPercent: z.number().min(0).max(100).optional(),
  isPrepaid: z.boolean().optional(),
  isDryRun: z.boolean().optional(),
  idempotencyKey: z.string().min(1).max(200).optional(),
})

builder.mutationField('checkOrder', t =>
  t.field({
    type: OrderCheckType,
    description:
      'Checks an order against the credit of its customer, as `POST /v1/credit-checks` does: what fits is reserved, what does not is held.',
    authScopes: { can: 'order.check' },
    errors: outcomesOf('CheckOrder'),
    args: { input: t.arg({ type: CheckOrderInput, required: true }) },
    resolve: async (_root, { input }, { write, viewer }) => {
      const { accountId, idempotencyKey, source, checkpoint, ...order } = parseInput(Order, withoutNulls(input))
      const money = parseMoney(order.amount, order.currency)
      if (money.kind === 'problem') throw InvalidInput.at(['amount'], money.code, money.message)
      if (!(Number(money.money.amount) > 0))
        throw InvalidInput.at(['amount'], 'NOT_POSITIVE', { en: 'The amount of an order is more than zero.', zh: '订单金额必须大于零。' })
      if (!idempotencyKey && !order.isDryRun)
        throw InvalidInput.at(['idempotencyKey'], 'IDEMPOTENCY_KEY_MISSING', {
          en: 'Give a key of your choice, the same one when you repeat the request; only a dry run needs none.',
          zh: '请提供自选的幂等键，重发同一请求时使用相同的键；仅试算可不提供。',
        })
      const id = existingId(accountId)
      const result = await write('order.check', async tx => {
        const account = await findAccount(tx, id)
        const customer = account && (await findCustomer(tx, account.customerId))
        if (!account || !customer) throw new NotFound()
        return checkOrder(tx, {
          ...order,
          amount: money.money.amount,
          key: order.isDryRun ? '' : `user:${viewer!.user.id}:${idempotencyKey}`,
          segmentId: account.segmentId,
          customerNumber: customer.number,
          source: source ?? 'file',
          checkpoint: checkpoint ?? 'entered',
        })
      })
      switch (result.kind) {
        case 'checked':
          return result.answer
        case 'noAccount':
          throw new NotFound()
        case 'mismatch':
          throw new NotAllowed(
            { en: 'This key was used for another check; a new check needs a new key.', zh: '该键已用于其他检查；新的检查需使用新的键。' },
            'IDEMPOTENCY_KEY_REUSED',
          )
        case 'noPolicy':
          throw new NotAllowed({ en: 'No order-check policy is in force.', zh: '没有生效的订单检查策略。' }, 'NO_POLICY_IN_FORCE')
      }
    },
  }),
)
