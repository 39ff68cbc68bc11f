import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  diffPolicies,
  mergePolicies,
  parsePolicy,
  resolvePointer,
  type Policy,
  type ScorecardStep,
  type TableStep,
} from '../../src/index.ts'
import { orderCheck } from '../policies.ts'

const base: Policy = {
  ...orderCheck,
  outputs: { ...orderCheck.outputs, grade: { type: 'string' }, score: { type: 'number' } },
  steps: [
    ...orderCheck.steps,
    {
      id: 'grades',
      kind: 'table',
      title: { en: 'Grades', zh: '等级表' },
      hitPolicy: 'F',
      inputs: [
        { id: 'days', expression: 'overdueDays', label: { en: 'Days overdue', zh: '逾期天数' } },
        { id: 'vip', expression: 'isVip' },
      ],
      outputs: [{ id: 'grade', name: 'grade' }],
      rows: [0, 1, 2, 3].map(at => ({ id: `row-${at}`, when: [`< ${at * 30}`, '-'], then: [`"${'ABCD'[at]}"`] })),
    },
    {
      id: 'card',
      kind: 'scorecard',
      output: 'score',
      characteristics: [
        {
          id: 'days',
          expression: 'overdueDays',
          bins: [
            { id: 'low', to: 30, points: 10 },
            { id: 'high', from: 30, points: 2 },
          ],
        },
      ],
    },
  ],
}

interface Edit {
  readonly name: string
  /** What it touches; two edits that touch the same are not made side by side. */
  readonly touches: string
  apply(policy: Policy): Policy
}
type Loose = Record<string, any>
const edit = (name: string, touches: string, change: (policy: Loose) => void): Edit => ({
  name,
  touches,
  apply(policy) {
    const copy = structuredClone(policy) as Loose
    change(copy)
    return copy as Policy
  },
})
const step = (policy: Loose, id: string): Loose => policy['steps'].find((one: Loose) => one['id'] === id)
const byId = (items: Loose[], id: string): Loose => items.find(one => one['id'] === id)!
const edits: readonly Edit[] = [
  edit('a threshold', 'stale', p => (byId(step(p, 'checks')['rules'], 'stale')['conditions'].all[0].value = '2025-06-30')),
  edit('a priority', 'late', p => (byId(step(p, 'checks')['rules'], 'late')['priority'] = 3)),
  edit('an effect', 'large', p => (byId(step(p, 'checks')['rules'], 'large')['event'].params.set.level = 'green')),
  edit('a rule more', 'rules', p =>
    step(p, 'checks')['rules'].push({ id: 'new', conditions: { all: [{ condition: 'isLate' }] }, event: { type: 'OC-9' } }),
  ),
  edit('a cell', 'row-1', p => (byId(step(p, 'grades')['rows'], 'row-1')['when'][0] = '< 45')),
  edit('another cell', 'row-2', p => (byId(step(p, 'grades')['rows'], 'row-2')['then'][0] = '"X"')),
  edit('a row less', 'row-3', p => (step(p, 'grades')['rows'] = step(p, 'grades')['rows'].filter((row: Loose) => row['id'] !== 'row-3'))),
  edit('a column more', 'columns', p => {
    step(p, 'grades')['inputs'].splice(1, 0, { id: 'size', expression: 'amount' })
    for (const row of step(p, 'grades')['rows']) row['when'].splice(1, 0, '-')
  }),
  edit('points of a bin', 'bin', p => (step(p, 'card')['characteristics'][0].bins[1].points = 3)),
  edit('a fact', 'fact', p => (p['facts'].extra = { type: 'number' })),
  edit('an output', 'output', p => (p['outputs'].level.default = 'amber')),
  edit('a list', 'list', p => (p['lists'].watched.values = ['fraud'])),
  edit('the title', 'title', p => (p['title'].en = 'Orders')),
  edit('what unknown means', 'unknown', p => (p['whenUnknown'] = 'decline')),
]

describe('difference', () => {
  test('a policy is no different from itself, however its keys are ordered', () => {
    const turned = Object.fromEntries(Object.entries(base).toReversed()) as unknown as Policy
    expect(diffPolicies(base, turned)).toEqual([])
    expect(diffPolicies(base, { ...base, $schema: 'elsewhere' })).toEqual([])
  })

  test.each(edits)('$name is one change, with a place in the document', ({ apply }) => {
    const changes = diffPolicies(base, apply(base))
    expect(changes).toHaveLength(1)
    const { path, kind, before, after, beforePath, message } = changes[0]!
    if (kind !== 'removed' && after !== undefined) expect(resolvePointer(apply(base), path)).toEqual(after)
    if (before !== undefined) expect(resolvePointer(base, beforePath!)).toEqual(before)
    expect(message.en).not.toBe('')
    expect(message.zh).not.toBe('')
  })

  test('as many changes as edits', () => {
    fc.assert(
      fc.property(fc.subarray([...edits]), chosen => {
        const changed = chosen.reduce((policy, { apply }) => apply(policy), base)
        expect(diffPolicies(base, changed)).toHaveLength(chosen.length)
        expect(parsePolicy(changed).findings).toEqual([])
      }),
    )
  })

  test('speaks in sentences', () => {
    const changed = [edits[0]!, edits[4]!, edits[6]!].reduce((policy, { apply }) => apply(policy), base)
    expect(diffPolicies(base, changed).map(({ message }) => message)).toEqual([
      {
        en: 'step "checks", rule "stale": "reviewedOn is less than 2026-01-01 (if missing: no)" became "reviewedOn is less than 2025-06-30 (if missing: no)"',
        zh: '步骤“checks”，规则“stale”：“reviewedOn小于2026-01-01（缺失时视为不成立）”改为“reviewedOn小于2025-06-30（缺失时视为不成立）”',
      },
      { en: 'step "Grades", row 4 (row-3) removed', zh: '删除步骤“等级表”，第 4 行（row-3）' },
      {
        en: 'step "Grades", row 2 (row-1), Days overdue: < 30 became < 45',
        zh: '步骤“等级表”，第 2 行（row-1），逾期天数：< 30 改为 < 45',
      },
    ])
  })

  test('a row that moved is moved, not removed and added', () => {
    const changed = edit('move', '', p => step(p, 'grades')['rows'].unshift(step(p, 'grades')['rows'].pop())).apply(base)
    expect(diffPolicies(base, changed)).toMatchObject([
      { kind: 'moved', subject: 'row', path: '/steps/1/rows/0', beforePath: '/steps/1/rows/3' },
    ])
  })

  test('a condition more is added, and its neighbours are not mistaken for it', () => {
    const changed = edit('condition', '', p =>
      byId(step(p, 'checks')['rules'], 'late')['conditions'].all.unshift({ fact: 'amount', operator: 'greaterThan', value: 5 }),
    ).apply(base)
    expect(diffPolicies(base, changed)).toMatchObject([{ kind: 'added', subject: 'condition', path: '/steps/0/rules/0/conditions/all/0' }])
  })
})

describe('three-way merge', () => {
  test('of disjoint edits holds both, without conflicts', () => {
    fc.assert(
      fc.property(fc.subarray([...edits]), fc.subarray([...edits]), (left, right) => {
        const others = right.filter(({ touches }) => !left.some(one => one.touches === touches))
        const apply = (policy: Policy, chosen: readonly Edit[]): Policy => chosen.reduce((current, one) => one.apply(current), policy)
        const { merged, conflicts } = mergePolicies(base, apply(base, left), apply(base, others))
        expect(conflicts).toEqual([])
        expect(merged).toEqual(apply(apply(base, left), others))
        expect(diffPolicies(merged, apply(apply(base, others), left))).toEqual([])
      }),
    )
  })

  test('of one side alone is that side', () => {
    for (const { apply } of edits) {
      expect(mergePolicies(base, apply(base), base)).toEqual({ merged: apply(base), conflicts: [] })
      expect(mergePolicies(base, base, apply(base))).toEqual({ merged: apply(base), conflicts: [] })
      expect(mergePolicies(base, apply(base), apply(base))).toEqual({ merged: apply(base), conflicts: [] })
    }
  })

  test('keeps mine where both changed one cell, and says so', () => {
    const cell = (text: string): Policy => edit('', '', p => (byId(step(p, 'grades')['rows'], 'row-1')['when'][0] = text)).apply(base)
    const { merged, conflicts } = mergePolicies(base, cell('< 40'), cell('< 50'))
    expect((merged.steps[1] as TableStep).rows[1]!.when[0]).toBe('< 40')
    expect(conflicts).toMatchObject([{ path: '/steps/1/rows/1/when/0', base: '< 30', mine: '< 40', theirs: '< 50' }])
  })

  test('keeps what one side removed and the other went on with', () => {
    const removed = edits.find(({ name }) => name === 'a row less')!.apply(base)
    const changed = edit('', '', p => (byId(step(p, 'grades')['rows'], 'row-3')['then'][0] = '"Z"')).apply(base)
    const { merged, conflicts } = mergePolicies(base, removed, changed)
    expect((merged.steps[1] as TableStep).rows.map(({ id }) => id)).toContain('row-3')
    expect(conflicts).toMatchObject([{ path: '/steps/1/rows/3' }])
  })

  test('rows that both sides added are both there', () => {
    const with_ = (id: string, points: number): Policy =>
      edit('', '', p =>
        (step(p, 'card')['characteristics'] as Loose[]).push({ id, expression: 'overdueDays', bins: [{ id: 'b', other: true, points }] }),
      ).apply(base)
    const { merged, conflicts } = mergePolicies(base, with_('mine', 1), with_('theirs', 2))
    expect(conflicts).toEqual([])
    expect((merged.steps[2] as ScorecardStep).characteristics.map(({ id }) => id).toSorted()).toEqual(['days', 'mine', 'theirs'])
  })
})
