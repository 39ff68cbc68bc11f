import { expect, it } from 'vitest'
import { concerns } from '../src/graphql/live.ts'

const change = { entity: 'CreditAccount', id: 'a1', customer: 'c1' }

it.each([
  ['of this type', { entities: ['CreditAccount'] }, true],
  ['of another type', { entities: ['Task'] }, false],
  ['of this thing', { entities: ['CreditAccount'], id: () => 'a1' }, true],
  ['of a thing of this customer', { entities: ['CreditAccount'], id: () => 'c1' }, true],
  ['of another customer', { entities: ['CreditAccount'], id: () => 'c2' }, false],
  ['while it is not known which thing is shown', { entities: ['CreditAccount'], id: () => undefined }, true],
])('hears of a change %s: %j', (_, filter, expected) => {
  expect(concerns(filter, change)).toBe(expected)
})
