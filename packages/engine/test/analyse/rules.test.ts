import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  analysePolicy,
  compile,
  parsePolicy,
  resolvePointer,
  type Condition,
  type Facts,
  type Finding,
  type Policy,
  type RulesStep,
  type RulesTrace,
  type TopCondition,
} from '../../src/index.ts'
import { everyCase, policyOf } from './worlds.ts'

const names = ['count', 'size', 'colour', 'isNew'] as const
const order = fc.constantFrom('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive')
const ifMissing = fc.option(fc.constantFrom('true', 'false', 'unknown'), { nil: undefined, freq: 4 })
const shapes: Readonly<Record<string, fc.Arbitrary<object>>> = {
  count: fc.oneof(
    fc.record({ operator: order, value: fc.constantFrom(1, 2, 3, 7) }),
    fc.record({ operator: fc.constantFrom('in', 'notIn', 'not:in'), value: fc.constantFrom([1, 2], [3], []) }),
  ),
  size: fc.oneof(
    fc.record({ operator: order, value: fc.constantFrom(1, 2, 3) }),
    fc.record({ operator: fc.constantFrom('equal', 'notEqual', 'swap:lessThan'), value: fc.constantFrom(1, 2) }),
  ),
  colour: fc.oneof(
    fc.record({ operator: fc.constantFrom('equal', 'notEqual'), value: fc.constantFrom('red', 'green') }),
    fc.record({ operator: fc.constantFrom('in', 'notIn'), value: fc.constantFrom(['red', 'blue'], ['red', 'green', 'blue']) }),
  ),
  isNew: fc.record({ operator: fc.constantFrom('equal', 'notEqual', 'not:equal'), value: fc.boolean() }),
}
const leaf = fc
  .constantFrom(...names)
  .chain(fact =>
    fc
      .tuple(shapes[fact]!, ifMissing)
      .map(([shape, missing]) => ({ fact, ...shape, ...(missing ? { ifMissing: missing } : {}) }) as Condition),
  )
const { condition } = fc.letrec<{ condition: Condition }>(tie => ({
  condition: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'condition' },
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map(all => ({ all })) },
    { weight: 2, arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map(any => ({ any })) },
    { weight: 1, arbitrary: tie('condition').map(not => ({ not })) },
  ),
}))
const top = fc.oneof(
  { depthSize: 'small' },
  fc.array(condition, { minLength: 1, maxLength: 3 }).map((all): TopCondition => ({ all })),
  fc.array(condition, { minLength: 1, maxLength: 3 }).map((any): TopCondition => ({ any })),
)
const steps = fc
  .record({
    mode: fc.constantFrom('all', 'first'),
    rules: fc.array(fc.tuple(top, fc.integer({ min: 1, max: 2 })), { minLength: 1, maxLength: 4 }),
  })
  .map(({ mode, rules }): RulesStep => ({
    id: 'rules',
    kind: 'rules',
    mode: mode,
    rules: rules.map(([conditions, priority], at) => ({ id: `r${at}`, priority, conditions, event: { type: `R-${at}` } })),
  }))
const runs = Math.ceil(Number(process.env['ENGINE_FUZZ_CASES'] ?? 20_000) / 50)
const cases = everyCase(names)
const complete = cases.filter(facts => Object.keys(facts).length === names.length)

function resultsOf(policy: Policy): (facts: Facts) => ReadonlyMap<string, string> {
  const compiled = compile(policy)
  return facts =>
    new Map((compiled.decide(facts, { trace: true }).trace!.steps[0] as RulesTrace).rules.map(({ id, result }) => [id, result]))
}
const alone = (conditions: TopCondition): Policy =>
  policyOf({ id: 'one', kind: 'rules', rules: [{ id: 'one', conditions, event: { type: 'one' } }] })
const of = (findings: readonly Finding[], code: string, step: RulesStep): readonly string[] =>
  findings.filter(found => found.code === code).map(({ path }) => step.rules[Number(path.split('/')[4])]!.id)

describe('against every case there is', () => {
  test('rules that never or always fire, and rules that never have their turn, are found and no others', () => {
    fc.assert(
      fc.property(steps, step => {
        const findings = analysePolicy(policyOf(step))
        const all = resultsOf(policyOf({ ...step, mode: 'all' }))
        const turns = resultsOf(policyOf(step))
        const holding = new Set<string>()
        const fired = new Set<string>()
        const failing = new Set<string>()
        for (const facts of cases) {
          for (const [id, result] of all(facts)) if (result === 'true') holding.add(id)
          for (const [id, result] of turns(facts)) if (result === 'true') fired.add(id)
        }
        for (const facts of complete) for (const [id, result] of all(facts)) if (result !== 'true') failing.add(id)
        const ids = step.rules.map(({ id }) => id)
        expect(findings.map(({ code }) => code)).not.toContain('RULE_UNDECIDED')
        expect(of(findings, 'RULE_NEVER_FIRES', step)).toEqual(ids.filter(id => !holding.has(id)))
        expect(of(findings, 'RULE_ALWAYS_FIRES', step)).toEqual(ids.filter(id => holding.has(id) && !failing.has(id)))
        expect(of(findings, 'RULE_SHADOWED', step).toSorted()).toEqual(
          step.mode === 'first' ? ids.filter(id => holding.has(id) && !fired.has(id)) : [],
        )
      }),
      { numRuns: runs },
    )
  })

  test('conditions that are said to never or always hold do', () => {
    fc.assert(
      fc.property(steps, step => {
        const policy = policyOf(step)
        for (const { code, path } of analysePolicy(policy)) {
          if (code !== 'CONDITION_NEVER_HOLDS' && code !== 'CONDITION_ALWAYS_HOLDS') continue
          const judge = resultsOf(alone({ all: [resolvePointer(policy, path) as Condition] }))
          if (code === 'CONDITION_NEVER_HOLDS') expect(cases.some(facts => judge(facts).get('one') === 'true')).toBe(false)
          else expect(complete.every(facts => judge(facts).get('one') === 'true')).toBe(true)
        }
      }),
      { numRuns: runs / 4 },
    )
  })
})

const codesOf = (conditions: TopCondition, more: Partial<Policy> = {}): readonly string[] =>
  analysePolicy({ ...alone(conditions), ...more }).map(({ code, path }) => `${code} ${path}`)
const at = '/steps/0/rules/0/conditions'

describe('what the dialect takes without a word', () => {
  test('an empty group holds always, so it is an error', () => {
    expect(codesOf({ any: [] })).toContain(`EMPTY_GROUP ${at}/any`)
    expect(codesOf({ all: [{ fact: 'size', operator: 'equal', value: 1 }, { all: [] }] })).toContain(`EMPTY_GROUP ${at}/all/1/all`)
  })
  test('of any beside all only one counts', () => {
    const leaves = [{ fact: 'size', operator: 'equal', value: 1 }]
    expect(codesOf({ any: leaves, all: leaves })).toContain(`SEVERAL_KINDS ${at}/all`)
  })
  test('numbers are written as numbers', () => {
    const [found] = analysePolicy(alone({ all: [{ fact: 'size', operator: 'in', value: ['9', 10] }] }))
    expect(found).toMatchObject({ code: 'NUMBER_AS_TEXT', fix: { patch: [{ op: 'replace', path: `${at}/all/0/value`, value: [9, 10] }] } })
  })
  test('days are not compared with months', () => {
    const facts = { a: { type: 'integer' as const, unit: 'day' }, b: { type: 'integer' as const, unit: 'month' } }
    expect(codesOf({ all: [{ fact: 'a', operator: 'greaterThan', value: { fact: 'b' } }] }, { facts })).toContain(
      `UNIT_MISMATCH ${at}/all/0/value`,
    )
  })
})

describe('the document as a whole', () => {
  const { policy } = parsePolicy({
    id: 'test/whole',
    title: { en: 'Whole', zh: '整体' },
    facts: { a: { type: 'number', max: 100 }, b: { type: 'number' }, c: { type: 'number' }, d: { type: 'number' } },
    outputs: { score: { type: 'number' }, x: { type: 'number' }, y: { type: 'number' }, never: { type: 'number' } },
    lists: { idle: { values: ['a'] } },
    conditions: { idle: { all: [{ fact: 'a', operator: 'equal', value: 1 }] } },
    steps: [
      {
        id: 's',
        kind: 'scorecard',
        output: 'score',
        characteristics: [
          {
            id: 'a',
            expression: 'a',
            bins: [
              { id: 'low', to: 100, points: 1 },
              { id: 'high', from: 100, to: 200, points: 2 },
              { id: 'off', from: 200, points: 3 },
            ],
          },
        ],
      },
      {
        id: 'f',
        kind: 'formula',
        expressions: [
          { id: 'x', output: 'x', expression: 'if b > 1 then 1 else 2' },
          { id: 'y', output: 'y', expression: 'if c = null then null else if c > 1 then 1 else 2' },
        ],
      },
    ],
  })
  test('idle names, unset outputs, bins out of range and an if that takes not known for no', () => {
    expect(analysePolicy(policy!).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'BIN_OUT_OF_RANGE /steps/0/characteristics/0/bins/2',
      'IF_TAKES_ELSE /steps/1/expressions/0/expression',
      'FACT_UNUSED /facts/d',
      'OUTPUT_NEVER_SET /outputs/never',
      'LIST_UNUSED /lists/idle',
      'CONDITION_UNUSED /conditions/idle',
    ])
  })
})
