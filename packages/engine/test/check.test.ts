import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  canonicalJson,
  checkPolicy,
  compile,
  hashPolicy,
  parsePolicy,
  policyJsonSchema,
  type Policy,
  type Rule,
  type Step,
} from '../src/index.ts'
import { sha256 } from '../src/policy/sha256.ts'
import { orderCheck } from './policies.ts'

const base: Policy = {
  id: 'check',
  title: { en: 'Check', zh: '检查' },
  facts: {
    days: { type: 'integer', unit: 'day' },
    amount: { type: 'money', currency: 'CNY' },
    dollars: { type: 'money', currency: 'USD' },
    grade: { type: 'enum', values: ['A', 'B'] },
    name: { type: 'string' },
    isNew: { type: 'boolean' },
    since: { type: 'date' },
    tags: { type: 'list', of: 'string' },
  },
  outputs: { score: { type: 'number' }, limit: { type: 'money', currency: 'CNY' }, other: { type: 'number' } },
  steps: [],
}
const rule = (conditions: unknown, params: unknown = {}, extra: Partial<Rule> = {}): Rule => ({
  id: 'r',
  conditions: conditions as Rule['conditions'],
  event: { type: 'e', params: params as never },
  ...extra,
})
const withRules = (...rules: Rule[]): Policy => ({ ...base, steps: [{ id: 's', kind: 'rules', rules }] })
const withLeaf = (leaf: object): Policy => withRules(rule({ all: [leaf] }))
const formula = (id: string, output: string, expression: string): Step => ({
  id,
  kind: 'formula',
  expressions: [{ id: 'e', output, expression }],
})
const LEAF = '/steps/0/rules/0/conditions/all/0'

describe('what compiling has to say', () => {
  test.each<[string, Policy, string, string]>([
    ['a fact that is not there', withLeaf({ fact: 'dayz', operator: 'equal', value: 1 }), 'UNKNOWN_FACT', `${LEAF}/fact`],
    [
      'a fact on the right that is not there',
      withLeaf({ fact: 'days', operator: 'equal', value: { fact: 'dayz' } }),
      'UNKNOWN_FACT',
      `${LEAF}/value/fact`,
    ],
    ['an operator that is not there', withLeaf({ fact: 'days', operator: 'biggerThan', value: 1 }), 'UNKNOWN_OPERATOR', `${LEAF}/operator`],
    [
      'a decorator that is not there',
      withLeaf({ fact: 'days', operator: 'maybe:equal', value: 1 }),
      'UNKNOWN_OPERATOR',
      `${LEAF}/operator`,
    ],
    ['a list that is not there', withLeaf({ fact: 'grade', operator: 'in', value: { list: 'x' } }), 'UNKNOWN_LIST', `${LEAF}/value/list`],
    ['a number held against a text', withLeaf({ fact: 'days', operator: 'greaterThan', value: 'many' }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['a number held against null', withLeaf({ fact: 'days', operator: 'greaterThan', value: null }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['texts that are ordered', withLeaf({ fact: 'name', operator: 'greaterThan', value: 'a' }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['a value that the enum does not have', withLeaf({ fact: 'grade', operator: 'equal', value: 'C' }), 'UNKNOWN_VALUE', `${LEAF}/value`],
    [
      'a list of values of which one is wrong',
      withLeaf({ fact: 'grade', operator: 'in', value: ['A', 'Z'] }),
      'UNKNOWN_VALUE',
      `${LEAF}/value`,
    ],
    ['in without a list', withLeaf({ fact: 'grade', operator: 'in', value: 'A' }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['contains without a list', withLeaf({ fact: 'name', operator: 'contains', value: 'a' }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['someFact without a list', withLeaf({ fact: 'name', operator: 'someFact:equal', value: 'a' }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['a date that is none', withLeaf({ fact: 'since', operator: 'lessThan', value: '2026-02-30' }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['two currencies', withLeaf({ fact: 'amount', operator: 'greaterThan', value: { fact: 'dollars' } }), 'TYPE_MISMATCH', `${LEAF}/value`],
    ['a named condition that is not there', withRules(rule({ all: [{ condition: 'x' }] })), 'UNKNOWN_CONDITION', `${LEAF}/condition`],
    [
      'named conditions in a circle',
      { ...withRules(rule({ condition: 'a' })), conditions: { a: { all: [{ condition: 'b' }] }, b: { not: { condition: 'a' } } } },
      'CONDITION_CYCLE',
      '/conditions/b/not/condition',
    ],
    [
      'an output that is not there',
      withRules(rule({ all: [] }, { set: { points: 1 } })),
      'UNKNOWN_OUTPUT',
      '/steps/0/rules/0/event/params/set/points',
    ],
    ['a fact that is set', withRules(rule({ all: [] }, { set: { days: 1 } })), 'UNKNOWN_OUTPUT', '/steps/0/rules/0/event/params/set/days'],
    [
      'an output set to the wrong type',
      withRules(rule({ all: [] }, { set: { score: 'high' } })),
      'TYPE_MISMATCH',
      '/steps/0/rules/0/event/params/set/score',
    ],
    [
      'an output set from a fact that is not there',
      withRules(rule({ all: [] }, { set: { score: { fact: 'x' } } })),
      'UNKNOWN_FACT',
      '/steps/0/rules/0/event/params/set/score/fact',
    ],
    [
      'a placeholder for nothing',
      withRules(rule({ all: [] }, { reason: { code: 'X', text: { en: '{dayz}', zh: '' } } })),
      'UNKNOWN_PLACEHOLDER',
      '/steps/0/rules/0/event/params/reason/text',
    ],
    ['two rules of one name', withRules(rule({ all: [] }), rule({ all: [] })), 'DUPLICATE_ID', '/steps/0/rules/1/id'],
    ['two steps of one name', { ...base, steps: [formula('s', 'score', '1'), formula('s', 'other', '1')] }, 'DUPLICATE_ID', '/steps/1/id'],
    [
      'two steps that write one output',
      { ...base, steps: [formula('a', 'score', '1'), formula('b', 'score', '2')] },
      'DOUBLE_WRITE',
      '/steps/1',
    ],
    [
      'steps that wait for each other',
      { ...base, steps: [formula('a', 'score', 'other + 1'), formula('b', 'other', 'score + 1')] },
      'STEP_CYCLE',
      '/steps/0',
    ],
    [
      'a step that reads what it writes',
      withRules(rule({ all: [{ fact: 'score', operator: 'equal', value: 1 }] }, { set: { score: 2 } })),
      'STEP_CYCLE',
      '/steps/0',
    ],
    ['a name that is fact and output', { ...base, outputs: { days: { type: 'number' } } }, 'NAME_CLASH', '/outputs/days'],
    ['an enum without values', { ...base, facts: { x: { type: 'enum' } } }, 'NO_VALUES', '/facts/x/values'],
    ['a range turned round', { ...base, facts: { x: { type: 'number', min: 2, max: 1 } } }, 'EMPTY_RANGE', '/facts/x/min'],
    ['a default of another type', { ...base, outputs: { x: { type: 'number', default: 'x' } } }, 'TYPE_MISMATCH', '/outputs/x/default'],
    ['texts that are added up', { ...base, outputs: { x: { type: 'string', combine: 'sum' } } }, 'TYPE_MISMATCH', '/outputs/x/combine'],
    [
      'a policy that is not at hand',
      { ...base, steps: [{ id: 'd', kind: 'decision', policy: 'x/y', outputs: {} }] },
      'UNKNOWN_POLICY',
      '/steps/0/policy',
    ],
  ])('%s', (_, policy, code, path) => {
    const findings = checkPolicy(policy)
    expect(findings.map(finding => [finding.code, finding.path])).toContainEqual([code, path])
    expect(findings.every(({ message }) => message.en && message.zh)).toBe(true)
    if (findings.some(finding => finding.severity === 'error'))
      expect(() => compile(policy)).toThrow(expect.objectContaining({ code: 'POLICY_INVALID', findings }))
  })

  test('everything at once, each thing once', () => {
    const policy = withRules(
      rule({ any: [{ fact: 'x', operator: 'y', value: 1 }, { condition: 'z' }] }),
      rule({ condition: 'broken' }, {}, { id: 'q' }),
      rule({ condition: 'broken' }, {}, { id: 'p' }),
    )
    const findings = checkPolicy({ ...policy, conditions: { broken: { all: [{ fact: 'w', operator: 'equal', value: 1 }] } } })
    expect(findings.map(finding => finding.code)).toEqual(['UNKNOWN_FACT', 'UNKNOWN_OPERATOR', 'UNKNOWN_CONDITION', 'UNKNOWN_FACT'])
  })
})

test('steps run in the order of what they need, whatever the order in the document', () => {
  const policy: Policy = { ...base, steps: [formula('last', 'other', 'score * 2'), formula('first', 'score', 'days + 1')] }
  expect(compile(policy).decide({ days: 1 }).outputs).toMatchObject({ score: 2, other: 4 })
})

test('a decision step calls another policy and takes its outputs, reasons and unknowns', () => {
  const caller: Policy = {
    id: 'caller',
    title: { en: 'Caller', zh: '调用' },
    facts: { ...orderCheck.facts, late: { type: 'integer' } },
    outputs: { colour: { type: 'string' } },
    steps: [
      {
        id: 'call',
        kind: 'decision',
        policy: orderCheck.id,
        facts: { late: 'overdueDays' },
        outputs: { level: 'colour', outcome: 'outcome' },
      },
    ],
  }
  const callee = compile(orderCheck)
  const policy = compile(caller, { resolve: id => (id === orderCheck.id ? callee : undefined) })
  const facts = { amount: '1', limit: '2', late: 31, segment: 'sme', isVip: false, tags: [], reviewedOn: '2026-05-01' }
  const decision = policy.decide(facts, { trace: true })
  expect([decision.outcome, decision.outputs.colour, decision.reasons[0]?.code]).toEqual(['decline', 'red', 'LATE'])
  expect(decision.trace?.steps[0]).toMatchObject({ kind: 'decision', decision: { outcome: 'decline' } })
  expect(policy.decide({ ...facts, late: null })).toMatchObject({ outcome: 'refer', isUnknown: true, missing: ['late'] })
})

describe('identity', () => {
  test('the canonical form is that of RFC 8785', () => {
    const sample = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    }
    expect(canonicalJson(sample)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    )
  })

  test('SHA-256 is that of everybody else', () => {
    for (const text of ['', 'abc', '中文 €😀', ...Array.from({ length: 130 }, (_, length) => 'x'.repeat(length))])
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
  })

  test('the hash counts content, not the order of keys or $schema', () => {
    const turned = Object.fromEntries(Object.entries(orderCheck).reverse()) as unknown as Policy
    expect(hashPolicy({ $schema: 'x', ...turned })).toBe(hashPolicy(orderCheck))
    expect(hashPolicy({ ...orderCheck, id: 'other' })).not.toBe(hashPolicy(orderCheck))
    expect(compile(orderCheck).decide({}).policy.hash).toBe(hashPolicy(orderCheck))
  })
})

test('the published schema is JSON and knows the kinds of step', () => {
  const schema = JSON.stringify(policyJsonSchema())
  for (const kind of ['rules', 'table', 'scorecard', 'formula', 'decision']) expect(schema).toContain(`"const":"${kind}"`)
})

test('a shape that is wrong in many places is reported in all of them', () => {
  const { findings } = parsePolicy({
    id: '',
    title: 'x',
    facts: { a: { type: 'nummer' } },
    outputs: [],
    whenUnkown: 1,
    steps: [
      { kind: 'rules', id: 'a', rules: [{ id: 'r', conditions: { all: [{ fact: 'x', value: 1 }, { oops: 1 }] }, event: {} }] },
      { kind: 'zz' },
    ],
  })
  expect(findings.map(({ code, path }) => [code, path])).toEqual([
    ['TOO_SMALL', '/id'],
    ['WRONG_TYPE', '/title'],
    ['NOT_ALLOWED', '/facts/a/type'],
    ['WRONG_TYPE', '/outputs'],
    ['REQUIRED', '/steps/0/rules/0/conditions/all/0/operator'],
    ['NOT_A_CONDITION', '/steps/0/rules/0/conditions/all/1'],
    ['REQUIRED', '/steps/0/rules/0/event/type'],
    ['UNKNOWN_KIND', '/steps/1/kind'],
    ['UNKNOWN_KEY', '/whenUnkown'],
  ])
})
