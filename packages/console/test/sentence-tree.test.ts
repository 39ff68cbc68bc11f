import { sentenceOfCondition, type Condition, type Policy, type Span, type TopCondition } from '@surety/engine'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isGroup, treeOf, type TreeNode } from '../src/editors/tree/condition-edits.ts'

const policy: Policy = {
  id: 'shop/check',
  title: { en: 'Check', zh: '检查' },
  facts: {
    overdueDays: { type: 'integer', unit: 'day', label: { en: 'Oldest overdue', zh: '最长逾期' } },
    share: { type: 'percent', label: { en: 'Overdue share', zh: '逾期占比' } },
    grade: { type: 'enum', values: ['A', 'B', 'C'], label: { en: 'Grade', zh: '等级' } },
  },
  outputs: {},
  conditions: { weak: { title: { en: 'weak', zh: '较弱' }, all: [{ fact: 'grade', operator: 'in', value: ['C'] }] } },
  steps: [],
}

const leaf: fc.Arbitrary<Condition> = fc.record(
  {
    fact: fc.constantFrom('overdueDays', 'share', 'grade'),
    operator: fc.constantFrom('equal', 'notEqual', 'greaterThan', 'lessThanInclusive'),
    value: fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constantFrom('A', 'B')),
    ifMissing: fc.constantFrom('true' as const, 'false' as const, 'unknown' as const),
  },
  { requiredKeys: ['fact', 'operator', 'value'] },
)
const { node } = fc.letrec<{ node: Condition; group: TopCondition }>(tie => ({
  node: fc.oneof({ maxDepth: 4, depthSize: 'small' }, leaf, tie('group')),
  group: fc.oneof(
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map(all => ({ all })),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map(any => ({ any })),
    tie('node').map(not => ({ not })),
    fc.constant({ condition: 'weak' }),
  ),
}))
const root = fc.array(node, { minLength: 1, maxLength: 3 }).chain(list => fc.constantFrom<TopCondition>({ all: list }, { any: list }))

describe('the sentence of a tree', () => {
  it.each(['zh', 'en'] as const)(
    'names every condition where it is, and nothing else: the tree can be built from it again (%s)',
    language => {
      fc.assert(
        fc.property(root, condition => {
          const spans = sentenceOfCondition(condition, '/c', policy, language)
          expect(placesOf(treeOf(condition, '/c'))).toEqual(namedBy(spans))
          expect(rebuilt(spans, condition)).toEqual(condition)
          expect(spans.every(({ text }) => text !== '')).toBe(true)
        }),
        { numRuns: 300 },
      )
    },
  )
})

/** Conditions of the tree, top to bottom. */
function placesOf(tree: TreeNode): string[] {
  return isGroup(tree) ? tree.children.flatMap(placesOf) : [tree.path]
}
/** Conditions that the sentence speaks of, in the order in which it does. */
function namedBy(spans: readonly Span[]): string[] {
  const places = spans.flatMap(({ path }) => /^(.*)\/(fact|condition)$/.exec(path)?.[1] ?? [])
  return places.filter((place, index) => places.indexOf(place) === index)
}
/** Brackets from the places, values from what is named there. */
function rebuilt(spans: readonly Span[], source: Condition): unknown {
  const made: Record<string, unknown> = {}
  for (const { path } of spans) {
    const part = /^\/c(.*)\/(fact|operator|value|ifMissing|condition)$/.exec(path)
    if (!part) continue
    const keys = [...part[1]!.split('/').slice(1), part[2]!]
    put(made, keys, read(source, keys))
  }
  return made
}
function put(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [key, ...rest] = keys as [string, ...string[]]
  if (rest.length === 0) target[key] = value
  else put((target[key] ??= /^\d+$/.test(rest[0]!) ? [] : {}) as Record<string, unknown>, rest, value)
}
const read = (source: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], source)
