import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  columnsFromRows,
  compareVersions,
  compile,
  createKernel,
  OUTCOMES,
  setBit,
  words,
  type CodeColumn,
  type Policy,
} from '../../src/index.ts'

interface Row {
  readonly days: number | null
  readonly grade: string
  readonly amount: number
  readonly end: 'good' | 'bad' | null
}

const policyOf = (late: number, veryLate: number, hasGradeRule: boolean): Policy => ({
  id: 'test/check',
  title: { en: 'Check', zh: '检查' },
  facts: { days: { type: 'integer' }, grade: { type: 'enum', values: ['A', 'B', 'C'] } },
  outputs: { level: { type: 'enum', values: ['green', 'amber', 'red'], default: 'green' } },
  whenUnknown: 'refer',
  steps: [
    {
      id: 'late',
      kind: 'rules',
      rules: [
        ...(hasGradeRule
          ? [
              {
                id: 'grade',
                conditions: { all: [{ fact: 'grade', operator: 'equal', value: 'C' }] },
                event: { type: 'grade', params: { outcome: 'refer', set: { level: 'amber' } } },
              } as const,
            ]
          : []),
        {
          id: 'late',
          conditions: { all: [{ fact: 'days', operator: 'greaterThan', value: late }] },
          event: { type: 'late', params: { outcome: 'refer', set: { level: 'amber' } } },
        },
        {
          id: 'very-late',
          conditions: { all: [{ fact: 'days', operator: 'greaterThan', value: veryLate }] },
          event: { type: 'very-late', params: { outcome: 'decline', set: { level: 'red' } } },
        },
      ],
    },
  ],
})

const rowOf = fc.record({
  days: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 6 }),
  grade: fc.constantFrom('A', 'B', 'C'),
  amount: fc.integer({ min: 0, max: 10_000_000 }),
  end: fc.constantFrom<'good' | 'bad' | null>('good', 'bad', null),
})

function compare(base: Policy, challenger: Policy, rows: readonly Row[]) {
  const simulated = [base, challenger].map(policy => {
    const compiled = compile(policy)
    return { policy, compiled, result: createKernel(compiled, columnsFromRows(policy, rows as never)).run() }
  })
  const known = new Uint32Array(words(rows.length))
  const bad = new Uint32Array(words(rows.length))
  for (const [row, { end }] of rows.entries()) {
    if (end) setBit(known, row)
    if (end === 'bad') setBit(bad, row)
  }
  const dictionary = ['A', 'B', 'C']
  const segment: CodeColumn = { kind: 'code', codes: Int32Array.from(rows, ({ grade }) => dictionary.indexOf(grade)), dictionary }
  const minorAmounts = Float64Array.from(rows, ({ amount }) => amount)
  return {
    ...compareVersions(simulated[0]!, simulated[1]!, { rows: rows.length, minorAmounts, outcome: { known, bad } }, segment),
    simulated,
  }
}

const cents = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`

describe('two versions over the same rows', () => {
  test('give the swap set, money, rates, hits and reasons that deciding row by row gives', () => {
    fc.assert(
      fc.property(
        fc.array(rowOf, { minLength: 1, maxLength: 90 }),
        fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 100 }), fc.boolean()),
        fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 100 }), fc.boolean()),
        (rows, before, after) => {
          const { report, differences, simulated } = compare(policyOf(...before), policyOf(...after), rows)
          const decided = rows.map(({ days, grade }) =>
            simulated.map(({ compiled }) => compiled.decide({ ...(days !== null && { days }), grade }, { trace: false })),
          )
          for (const cell of report.cells) {
            const inside = rows.filter((_, row) => decided[row]![0]!.outcome === cell.base && decided[row]![1]!.outcome === cell.challenger)
            const known = inside.filter(({ end }) => end !== null)
            expect(cell).toMatchObject({
              count: inside.length,
              amount: cents(inside.reduce((sum, { amount }) => sum + amount, 0)),
              known: known.length,
              bad: known.filter(({ end }) => end === 'bad').length,
              badAmount: cents(known.filter(({ end }) => end === 'bad').reduce((sum, { amount }) => sum + amount, 0)),
              badRate: known.length === 0 ? null : known.filter(({ end }) => end === 'bad').length / known.length,
              isInferred: cell.base !== 'approve',
            })
          }
          for (const hit of report.hits)
            for (const [side, index] of [
              ['base', 0],
              ['challenger', 1],
            ] as const)
              expect(hit[side] ?? 0).toBe(decided.filter(pair => pair[index]!.events.some(({ rule }) => rule === hit.id)).length)
          // The first rule, in the order of the document, that fires in one version and not in the other.
          const order = ['grade', 'late', 'very-late']
          for (const [row, [left, right]] of decided.entries()) {
            const first = order.find(id => left!.events.some(({ rule }) => rule === id) !== right!.events.some(({ rule }) => rule === id))
            const found = differences.sources[differences.firstOf[row]!]
            expect(found?.id).toBe(left!.outcome === right!.outcome ? undefined : first)
          }
          expect(report.unexplained).toBe(0)
          expect(report.changed.count).toBe(decided.filter(([left, right]) => left!.outcome !== right!.outcome).length)
          const total = { base: 0, challenger: 0 }
          for (const { segment, base, challenger } of report.segments) {
            const own = decided.filter((_, row) => rows[row]!.grade === segment)
            for (const [place, outcome] of OUTCOMES.entries()) {
              expect(base[place]!.count).toBe(own.filter(([left]) => left!.outcome === outcome).length)
              expect(challenger[place]!.count).toBe(own.filter(([, right]) => right!.outcome === outcome).length)
            }
            total.base += own.length
          }
          expect(total.base).toBe(rows.length)
          const [level] = report.distributions
          expect(level).toMatchObject({
            values: ['green', 'amber', 'red'].map(value => ({
              value,
              base: decided.filter(([left]) => left!.outputs['level'] === value).length,
              challenger: decided.filter(([, right]) => right!.outputs['level'] === value).length,
            })),
          })
        },
      ),
      { numRuns: 200 },
    )
  })

  test('add amounts up to the last digit where doubles would not', () => {
    const policy = policyOf(10, 50, false)
    const compiled = compile(policy)
    const rows = 40
    const result = createKernel(
      compiled,
      columnsFromRows(
        policy,
        Array.from({ length: rows }, () => ({ days: 1, grade: 'A' })),
      ),
    ).run()
    const side = { policy, result }
    const { report } = compareVersions(side, side, { rows, minorAmounts: new Float64Array(rows).fill(900_719_925_474_099) })
    expect(report.total.amount).toBe('360287970189639.60')
    expect(report.changed).toEqual({ count: 0, amount: '0.00' })
  })
})
