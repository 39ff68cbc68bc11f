import type { Facts, FactDefinition, Policy, Step } from '../../src/index.ts'

/** A world small enough to try all of it. */
const FACTS: Readonly<Record<string, FactDefinition>> = {
  count: { type: 'integer', min: 0, max: 5 },
  size: { type: 'number' },
  amount: { type: 'money', currency: 'CNY', min: 0 },
  colour: { type: 'enum', values: ['red', 'green', 'blue'] },
  word: { type: 'string' },
  isNew: { type: 'boolean' },
  since: { type: 'date' },
}

/** Values that stand for every other as long as conditions speak of 1, 2 and 3, of these words and of these days. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  count: [undefined, 0, 1, 2, 3, 4, 5],
  size: [undefined, 0, 1, 1.5, 2, 2.5, 3, 4],
  amount: [undefined, '0', '0.99', '1', '1.01', '1.99', '2', '2.01', '3', '3.01'],
  colour: [undefined, 'red', 'green', 'blue'],
  word: [undefined, 'x', 'y', 'z'],
  isNew: [undefined, true, false],
  since: [undefined, '2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05'],
}

export function everyCase(names: readonly string[]): readonly Facts[] {
  return names.reduce<readonly Facts[]>(
    (cases, name) => cases.flatMap(facts => VALUES[name]!.map(value => (value === undefined ? facts : { ...facts, [name]: value }))),
    [{}],
  )
}

export function policyOf(step: Step): Policy {
  return {
    id: 'test/analysed',
    title: { en: 'Test', zh: '测试' },
    facts: FACTS,
    outputs: { label: { type: 'string' } },
    steps: [step],
  }
}
