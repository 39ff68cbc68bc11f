import fc from 'fast-check'

/** A case for json-rules-engine and for us: rules, named conditions, options and facts, odd ones included. */
export interface DialectCase {
  readonly rules: readonly {
    readonly conditions: object
    readonly event: { readonly type: string; readonly params?: object }
    readonly priority: number
    readonly name: string
  }[]
  readonly conditions: Readonly<Record<string, object>>
  readonly options: {
    readonly allowUndefinedFacts: boolean
    readonly allowUndefinedConditions: boolean
    readonly replaceFactsInEventParams: boolean
  }
  readonly facts: Readonly<Record<string, unknown>>
}

const FACTS = ['a', 'b', 'c', 'd', 'toString', 'constructor', 'hasOwnProperty', 'deep'] as const
const PATHS = [
  '$.x',
  '$.x.y',
  '$..x',
  '$[0]',
  '$.[0]',
  'x',
  '$.list[*]',
  '$.list[?(@.x > 1)]',
  '$',
  '$.list[-1:]',
  '$.list.length',
  '$.length',
  'x.y[0]',
  '$.list[*].x',
] as const

const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 12 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1 + 0.2, 0.3, Number.MAX_SAFE_INTEGER, 5e-324),
)
const text = fc.constantFrom('', 'a', 'b', 'ab', '10', '9', ' 5', '5abc', '1e1', '-0', 'NaN', 'Infinity', 'null', '__proto__', '中')
const scalar = fc.oneof({ weight: 4, arbitrary: number }, { weight: 3, arbitrary: text }, fc.boolean(), fc.constant(null))
const scalars = fc.array(scalar, { maxLength: 5 })
const inner = fc.oneof({ weight: 3, arbitrary: scalar }, scalars, fc.record({ x: scalar }, { requiredKeys: [] }))
const object = fc.record(
  { x: fc.oneof(scalar, fc.record({ y: fc.oneof(scalar, scalars) })), list: fc.array(inner, { maxLength: 4 }), length: scalar },
  { requiredKeys: [] },
)
const huge = fc.constantFrom(10_000, 50_000).map(length => Array.from({ length }, (_, index) => index % 97))
const anything = fc.oneof(
  { weight: 10, arbitrary: scalar },
  { weight: 4, arbitrary: scalars },
  { weight: 4, arbitrary: object },
  fc.array(object, { maxLength: 3 }),
  fc.constant(undefined),
)
const factValue = fc.oneof({ weight: 200, arbitrary: anything }, { weight: 1, arbitrary: huge })

const reference = fc.record({ fact: fc.constantFrom(...FACTS), path: fc.constantFrom(...PATHS) }, { requiredKeys: ['fact'] })

const ORDER = ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'] as const
const operator = fc.constantFrom('equal', 'notEqual', 'in', 'notIn', 'contains', 'doesNotContain', ...ORDER)
const decorators = fc.array(fc.constantFrom('someFact', 'everyFact', 'someValue', 'everyValue', 'swap', 'not'), { maxLength: 3 })
const decorated = fc.oneof(
  { weight: 3, arbitrary: operator },
  fc.tuple(decorators, operator).map(([before, name]) => [...before, name].join(':')),
)

/** Mostly what the operator can do something with: an `in` over a number throws, and throwing cases say little. */
const leaf = fc
  .record({
    fact: fc.constantFrom(...FACTS),
    operator: decorated,
    path: fc.option(fc.constantFrom(...PATHS), { nil: undefined, freq: 4 }),
    priority: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 5 }),
  })
  .chain(base => {
    const wantsList = /(^|:)(in|notIn)$|Value:/.test(base.operator)
    const value = fc.oneof(
      { weight: 8, arbitrary: wantsList ? scalars : scalar },
      { weight: 1, arbitrary: anything },
      { weight: 2, arbitrary: reference },
    )
    return value.map(chosen => clean({ ...base, value: chosen === undefined ? null : chosen }))
  })

const group = (depth: number, leaves: fc.Arbitrary<object> = leaf): fc.Arbitrary<object> => {
  const part =
    depth <= 0
      ? leaves
      : fc.oneof(
          { weight: 3, arbitrary: leaves },
          { weight: 1, arbitrary: fc.record({ condition: fc.constantFrom('one', 'two', 'three', 'nowhere') }) },
          { weight: 2, arbitrary: group(depth - 1, leaves) },
        )
  const parts = fc.array(part, { maxLength: 3 })
  const priority = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 5 })
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ all: parts, priority }).map(clean) },
    { weight: 5, arbitrary: fc.record({ any: parts, priority }).map(clean) },
    { weight: 2, arbitrary: fc.record({ not: part, priority }).map(clean) },
    { weight: 1, arbitrary: fc.record({ any: parts, all: parts }) },
  )
}

/** Named conditions refer only to later ones: json-rules-engine overflows its stack on cycles. */
const named = fc
  .record({ one: group(1), two: group(0), three: group(0) })
  .map(({ one, two, three }) => ({ one: withoutReference(one, 'one'), two, three }))

const params = fc.oneof(fc.constant(undefined), fc.record({ text, level: number }), fc.record({ value: reference, list: scalars }))

const oddCase: fc.Arbitrary<DialectCase> = fc.record({
  rules: fc
    .array(
      fc.record({
        conditions: fc.oneof({ weight: 12, arbitrary: group(2) }, fc.record({ condition: fc.constantFrom('one', 'two', 'three') })),
        params,
        priority: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map(rules =>
      rules.map((rule, index) => ({
        conditions: rule.conditions,
        priority: rule.priority,
        name: `rule ${index}`,
        event: clean({ type: `event ${index}`, params: rule.params }) as { type: string },
      })),
    ),
  conditions: named,
  options: fc.record({
    allowUndefinedFacts: fc.boolean(),
    allowUndefinedConditions: fc.boolean(),
    replaceFactsInEventParams: fc.boolean(),
  }),
  facts: fc
    .tuple(...FACTS.map(() => factValue), fc.array(fc.integer({ min: 0, max: 7 }), { minLength: FACTS.length, maxLength: FACTS.length }))
    .map(drawn => {
      const given = drawn.at(-1) as number[]
      // Most facts are there: a case that fails on its first missing fact tests nothing else.
      return Object.fromEntries(FACTS.flatMap((name, index) => (given[index] !== 7 ? [[name, drawn[index]]] : [])))
    }),
})

/** What straight generated code is made for: plain operators over facts that are there and mostly of one kind. */
const few = fc.integer({ min: 0, max: 4 })
const plainLeaf = fc.oneof(
  fc.record({ fact: fc.constantFrom('a', 'b'), operator: fc.constantFrom(...ORDER), value: few }),
  fc.record({
    fact: fc.constantFrom('a', 'b'),
    operator: fc.constantFrom('equal', 'notEqual', ...ORDER),
    value: fc.constantFrom({ fact: 'a' }, { fact: 'b' }),
  }),
  fc.record({
    fact: fc.constantFrom('a', 'c'),
    operator: fc.constantFrom('in', 'notIn'),
    value: fc.array(fc.oneof(few, fc.constantFrom('x', 'y'), fc.constant(Number.NaN)), { maxLength: 12 }),
  }),
  fc.record({ fact: fc.constant('c'), operator: fc.constantFrom('equal', 'notEqual'), value: fc.constantFrom('x', 'y', 1) }),
  fc.record({
    fact: fc.constant('d'),
    operator: fc.constantFrom('contains', 'doesNotContain'),
    value: fc.oneof(few, fc.constant(Number.NaN)),
  }),
  fc.record({
    fact: fc.constant('deep'),
    path: fc.constantFrom('$.x', 'x', '$.list.length', '$.list[0]'),
    operator: fc.constantFrom('greaterThan', 'equal', 'lessThanInclusive'),
    value: few,
  }),
)
const plainGroup = group(1, plainLeaf)
const mostlyNumber = fc.oneof({ weight: 12, arbitrary: few }, number, text, fc.constant(null))

const plainCase: fc.Arbitrary<DialectCase> = fc
  .record({
    rules: fc.array(fc.record({ conditions: plainGroup, priority: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 6 }),
    facts: fc.record({
      a: mostlyNumber,
      b: mostlyNumber,
      c: fc.oneof(fc.constantFrom('x', 'y', 'z'), few),
      d: fc.array(fc.oneof(few, fc.constant(Number.NaN)), { maxLength: 4 }),
      deep: fc.record({ x: mostlyNumber, list: fc.array(few, { maxLength: 3 }) }),
    }),
    conditions: fc.record({ one: group(0, plainLeaf), two: group(0, plainLeaf), three: group(0, plainLeaf) }),
  })
  .map(({ rules, facts, conditions }) => ({
    rules: rules.map(({ conditions: root, priority }, index) => ({
      conditions: root,
      priority,
      name: `rule ${index}`,
      event: { type: `event ${index}` },
    })),
    facts,
    conditions,
    options: { allowUndefinedFacts: false, allowUndefinedConditions: true, replaceFactsInEventParams: false },
  }))

export const dialectCase: fc.Arbitrary<DialectCase> = fc.oneof({ weight: 2, arbitrary: oddCase }, { weight: 1, arbitrary: plainCase })

function clean<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T
}

function withoutReference(condition: unknown, name: string): object {
  return JSON.parse(
    JSON.stringify(condition, (key, value: unknown) =>
      key === 'condition' && value === name ? 'two' : typeof value === 'number' && !Number.isFinite(value) ? 1 : value,
    ),
  ) as object
}
