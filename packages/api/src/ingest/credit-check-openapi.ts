import { CHECKPOINTS } from '@surety/credit'

/** How `/v1/credit-checks` is described. */
export const CREDIT_CHECK_DOOR = {
  summary: 'Checks an order against the credit of its customer',
  description:
    'Decides by the order-check policy in force while the account is locked. A released order reserves its amount until it arrives as a document, is cancelled or runs out; an order that is held gets a hold with its case.',
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'Required unless it is a dry run. The same key and body again get the same answer and count once.',
      schema: { type: 'string', maxLength: 200 },
    },
  ],
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/CreditCheckRequest' },
        example: { customerNumber: '0042', orderNumber: 'SO-1001', amount: '1250.00', currency: 'EUR', checkpoint: 'confirmed' },
      },
    },
  },
  responses: {
    200: { description: 'What came of it', content: { 'application/json': { schema: { $ref: '#/components/schemas/CreditCheck' } } } },
    409: { description: 'The key was used for another check' },
  },
}

/** How `DELETE /v1/credit-checks/{orderNumber}` is described. */
export const CREDIT_CHECK_CANCEL_DOOR = {
  summary: 'Tells that an order will not come',
  description: 'What it reserved is free again, and nothing holds it. Sent again it changes nothing.',
  parameters: [{ name: 'orderNumber', in: 'path', required: true, schema: { type: 'string' } }],
  responses: { 200: { description: 'orderNumber, isCancelled: false when there was nothing of it' } },
}

const AMOUNT = { type: 'string', pattern: '^\\d+(\\.\\d+)?$' }
const MAYBE_AMOUNT = { type: ['string', 'null'] }
const TEXT = { type: 'object', properties: { en: { type: 'string' }, zh: { type: 'string' } } }

export const CREDIT_CHECK_SCHEMAS = {
  CreditCheckRequest: {
    type: 'object',
    additionalProperties: false,
    required: ['customerNumber', 'orderNumber', 'amount', 'currency'],
    properties: {
      customerNumber: { type: 'string' },
      orderNumber: { type: 'string', description: 'As it will arrive, or has arrived, among the orders of the same source.' },
      amount: AMOUNT,
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      checkpoint: { enum: CHECKPOINTS, default: 'entered' },
      termsDays: { type: 'integer', minimum: 0 },
      discountPercent: { type: 'number' },
      agreedDiscountPercent: { type: 'number' },
      isPrepaid: { type: 'boolean' },
      isDryRun: { type: 'boolean', description: 'Says what would happen and leaves nothing behind.' },
      reserveForDays: { type: 'integer', minimum: 1, maximum: 365, default: 7 },
    },
  },
  CreditCheck: {
    type: 'object',
    properties: {
      id: { type: ['string', 'null'], description: 'Null for a dry run.' },
      action: { enum: ['release', 'warn', 'hold'] },
      orderNumber: { type: 'string' },
      currency: { type: 'string', description: 'Of the account, and of the figures here.' },
      limit: { type: 'object', properties: { kind: { enum: ['not-set', 'none', 'amount', 'unlimited'] }, amount: MAYBE_AMOUNT } },
      availableBefore: { ...MAYBE_AMOUNT, description: 'Without this order.' },
      availableAfter: { ...MAYBE_AMOUNT, description: 'Once it is released.' },
      rules: {
        type: 'array',
        description: 'Every rule that spoke, with the figures that it looked at.',
        items: {
          type: 'object',
          properties: {
            code: { type: 'string' },
            rule: { type: ['string', 'null'] },
            effect: { enum: ['holds', 'warns'] },
            text: TEXT,
            numbers: { type: 'object' },
            releaseLevel: { type: ['integer', 'null'] },
          },
        },
      },
      release: {
        type: ['object', 'null'],
        description: 'Who can release it.',
        properties: { level: { type: 'integer' }, role: { type: ['string', 'null'] } },
      },
      reservedUntil: { type: ['string', 'null'], format: 'date-time' },
      holdId: { type: ['string', 'null'] },
      policy: { type: 'object', properties: { id: { type: 'string' }, version: { type: 'integer' } } },
    },
  },
}
