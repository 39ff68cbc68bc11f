import { builder } from '../builder.ts'
import type { Text } from '@surety/engine'
import { GraphQLError } from 'graphql'

const DAY = /^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const DECIMAL = /^-?\d{1,16}(\.\d{1,4})?$/

builder.scalarType('Date', {
  description: 'A day, 2026-01-31, without a time zone.',
  serialize: day => day,
  parseValue: value => {
    if (typeof value === 'string' && DAY.test(value) && new Date(`${value}T00:00:00Z`).toISOString().startsWith(value)) return value
    throw badValue('Date', 'a day of the calendar such as "2026-01-31"')
  },
})

builder.scalarType('DateTime', {
  description: 'A moment in UTC, 2026-01-31T12:00:00.000Z.',
  serialize: moment => (moment instanceof Date ? moment : new Date(moment)).toISOString(),
  parseValue: value => {
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return new Date(value).toISOString()
    throw badValue('DateTime', 'a moment such as "2026-01-31T12:00:00Z"')
  },
})

builder.scalarType('Decimal', {
  description: 'A decimal number as text: exact, never a float.',
  serialize: amount => amount,
  parseValue: value => {
    if (typeof value === 'string' && DECIMAL.test(value)) return value
    throw badValue('Decimal', 'a decimal number as text with at most 16 digits before and 4 after the point, such as "1500.00"')
  },
})

builder.scalarType('JSON', { serialize: value => value, parseValue: value => value })

function badValue(name: string, right: string): GraphQLError {
  return new GraphQLError(`${name} must be ${right}.`, { extensions: { code: 'BAD_USER_INPUT' } })
}

export const TextType = builder.objectRef<Text>('Text').implement({
  description: 'Words in both languages.',
  authScopes: { public: true },
  fields: t => ({ en: t.exposeString('en'), zh: t.exposeString('zh') }),
})

export interface Money {
  readonly amount: string
  readonly currency: string
}

export const MoneyType = builder.objectRef<Money>('Money').implement({
  authScopes: { public: true },
  fields: t => ({ amount: t.expose('amount', { type: 'Decimal' }), currency: t.exposeString('currency') }),
})

export function moneyOf(amount: string | null | undefined, currency: string): Money | null {
  return amount === null || amount === undefined ? null : { amount, currency }
}
