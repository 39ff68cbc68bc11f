import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPolicy, compile } from '../../src/compile/policy.ts'
import type { Policy, TableStep } from '../../src/policy/document.ts'

type Grid = readonly (readonly string[])[]
interface Sketch extends Partial<Omit<TableStep, 'rows'>> {
  /** Two test cells, then output cells. */
  readonly rows: Grid
  readonly to?: 'label' | 'labels' | 'total' | 'outcome'
}

function policyOf({ rows, to = 'label', ...step }: Sketch, whenUnknown: Policy['whenUnknown'] = 'refer'): Policy {
  return {
    id: 'test/table',
    title: { en: 'Table', zh: '表' },
    facts: {
      age: { type: 'number' },
      risk: { type: 'enum', values: ['low', 'mid', 'high'] },
      limit: { type: 'number' },
      since: { type: 'date' },
      today: { type: 'date' },
      vip: { type: 'boolean' },
    },
    outputs: { label: { type: 'string' }, labels: { type: 'list', of: 'string' }, total: { type: 'number' } },
    whenUnknown,
    steps: [
      {
        id: 't',
        kind: 'table',
        hitPolicy: 'U',
        inputs: [
          { id: 'a', expression: 'age' },
          { id: 'r', expression: 'risk' },
        ],
        outputs: [{ id: 'o', name: to }],
        rows: rows.map((cells, index) => ({ id: `r${index + 1}`, when: cells.slice(0, 2), then: cells.slice(2) })),
        ...step,
      },
    ],
  }
}

function decide(sketch: Sketch, facts: Readonly<Record<string, unknown>>, whenUnknown?: Policy['whenUnknown']) {
  const compiled = compile(policyOf(sketch, whenUnknown), { codegen: false })
  expect(compiled.interpret(facts)).toEqual(compiled.decide(facts))
  const decision = compiled.decide(facts, { trace: true })
  const trace = decision.trace?.steps[0]
  return { ...decision, hits: trace?.kind === 'table' ? trace.hits : [], rows: trace?.kind === 'table' ? trace.rows : [] }
}

const overlapping: Grid = [
  ['>= 18', '-', '"adult"'],
  ['-', '"high"', '"risky"'],
  ['< 18', '-', '"minor"'],
]

describe('hit policies', () => {
  const facts = { age: 20, risk: 'high' }

  test('U takes the one row that holds', () => {
    expect(decide({ rows: overlapping }, { age: 20, risk: 'low' })).toMatchObject({
      outputs: { label: 'adult' },
      hits: ['r1'],
      outcome: 'approve',
    })
  })
  test('U with two rows that hold writes nothing, says so and does as whenUnknown says', () => {
    expect(decide({ rows: overlapping }, facts)).toMatchObject({
      outputs: { label: null },
      outcome: 'refer',
      reasons: [{ code: 'TABLE_AMBIGUOUS', path: '/steps/0' }],
    })
    expect(decide({ rows: overlapping }, facts, 'decline').outcome).toBe('decline')
  })
  test('A needs all rows that hold to agree', () => {
    expect(decide({ hitPolicy: 'A', rows: overlapping }, facts)).toMatchObject({ outputs: { label: null }, outcome: 'refer' })
    const agreeing = overlapping.map(([a = '', b = '']) => [a, b, '"same"'])
    expect(decide({ hitPolicy: 'A', rows: agreeing }, facts)).toMatchObject({ outputs: { label: 'same' }, hits: ['r1'] })
  })
  test('F takes the first', () => {
    expect(decide({ hitPolicy: 'F', rows: overlapping }, facts)).toMatchObject({ outputs: { label: 'adult' }, hits: ['r1'] })
  })
  test('P takes the one whose output comes first among the values', () => {
    const outputs = [{ id: 'o', name: 'label', values: ['risky', 'minor', 'adult'] }]
    expect(decide({ hitPolicy: 'P', outputs, rows: overlapping }, facts)).toMatchObject({ outputs: { label: 'risky' }, hits: ['r2'] })
  })
  test('R collects in order of rows, O in order of priority, C as it likes', () => {
    const outputs = [{ id: 'o', name: 'labels', values: ['risky', 'minor', 'adult'] }]
    expect(decide({ hitPolicy: 'R', to: 'labels', rows: overlapping }, facts).outputs['labels']).toEqual(['adult', 'risky'])
    expect(decide({ hitPolicy: 'O', outputs, rows: overlapping }, facts).outputs['labels']).toEqual(['risky', 'adult'])
    expect(decide({ hitPolicy: 'C', to: 'labels', rows: overlapping }, facts).outputs['labels']).toEqual(['adult', 'risky'])
  })
  test.each([
    ['sum', 30.3],
    ['min', 10.1],
    ['max', 20.2],
    ['count', 2],
  ] as const)('C with %s gives %d', (aggregation, expected) => {
    const rows: Grid = [
      ['>= 18', '-', '10.1'],
      ['-', '"high"', '20.2'],
      ['< 18', '-', '40'],
    ]
    expect(decide({ hitPolicy: 'C', aggregation, to: 'total', rows }, facts).outputs['total']).toBe(expected)
  })
  test('no row that holds: the default, else nothing', () => {
    expect(decide({ rows: [['< 3', '-', '"x"']] }, facts)).toMatchObject({ outputs: { label: null }, outcome: 'approve' })
    expect(decide({ outputs: [{ id: 'o', name: 'label', default: '"none"' }], rows: [['< 3', '-', '"x"']] }, facts).outputs['label']).toBe(
      'none',
    )
    expect(decide({ hitPolicy: 'C', aggregation: 'count', to: 'total', rows: [['< 3', '-', '1']] }, facts).outputs['total']).toBe(0)
  })
})

describe('outcomes, reasons and expressions', () => {
  test('a row may ask for an outcome and give its reason', () => {
    const rows = [
      {
        id: 'r1',
        when: ['-', '"high"'],
        then: ['decline'],
        reason: { code: 'RISK', text: { en: 'Risk is {risk}', zh: '风险为{risk}' }, weight: 5 },
      },
    ]
    const policy = policyOf({ rows: [], to: 'outcome' })
    const decision = compile({ ...policy, steps: [{ ...(policy.steps[0] as TableStep), rows }] }).decide({ risk: 'high', age: 1 })
    expect(decision).toMatchObject({
      outcome: 'decline',
      reasons: [{ code: 'RISK', text: { en: 'Risk is high', zh: '风险为high' }, weight: 5, adverse: true, path: '/steps/0/rows/0' }],
    })
  })
  test('cells may speak of other facts, and inputs may compute', () => {
    const inputs = [
      { id: 'a', expression: 'age * 2' },
      { id: 's', expression: 'since' },
    ]
    const sketch: Sketch = {
      inputs,
      hitPolicy: 'F',
      rows: [
        ['> limit', '< 今天-90天', '"old " + risk'],
        ['-', '-', '"new"'],
      ],
    }
    expect(decide(sketch, { age: 20, limit: 39, since: '2024-01-01', today: '2024-06-01', risk: 'low' }).outputs['label']).toBe('old low')
    expect(decide(sketch, { age: 20, limit: 40, since: '2024-01-01', today: '2024-06-01', risk: 'low' }).outputs['label']).toBe('new')
  })
  test('a value that the column does not allow is refused with its reason', () => {
    const inputs = [
      { id: 'a', expression: 'age', allowedValues: '[0..150]' },
      { id: 'r', expression: 'risk' },
    ]
    expect(decide({ inputs, rows: [['-', '-', '"x"']] }, { age: 200, risk: 'low' })).toMatchObject({
      outputs: { label: null },
      outcome: 'refer',
      reasons: [{ code: 'VALUE_NOT_ALLOWED' }],
    })
  })
  test('bare words are texts in a column of texts', () => {
    expect(
      decide(
        {
          hitPolicy: 'F',
          rows: [
            ['-', 'low、mid', 'fine'],
            ['-', '非 low', 'bad'],
          ],
        },
        { age: 1, risk: 'high' },
      ).outputs['label'],
    ).toBe('bad')
  })
})

describe('missing facts', () => {
  test('a row that hangs on one does not hold, and the decision says so', () => {
    expect(
      decide(
        {
          hitPolicy: 'F',
          rows: [
            ['>= 18', '-', '"adult"'],
            ['-', '-', '"rest"'],
          ],
        },
        { risk: 'low' },
      ),
    ).toMatchObject({
      outputs: { label: 'rest' },
      outcome: 'refer',
      missing: ['age'],
      rows: [{ result: 'unknown', cells: ['unknown', 'true'] }, { result: 'true' }],
    })
  })
  test('not("low") does not hold for a missing value', () => {
    expect(decide({ rows: [['-', 'not("low")', '"bad"']] }, { age: 3 })).toMatchObject({ outputs: { label: null }, outcome: 'refer' })
  })
  test('a row after the first that holds leaves no doubt', () => {
    expect(
      decide(
        {
          hitPolicy: 'F',
          rows: [
            ['-', '"low"', '"x"'],
            ['> 3', '-', '"y"'],
          ],
        },
        { risk: 'low' },
      ),
    ).toMatchObject({ outputs: { label: 'x' }, outcome: 'approve' })
  })
  test('a cell can ask for the missing value', () => {
    expect(
      decide(
        {
          hitPolicy: 'F',
          rows: [
            ['null', '-', '"ask"'],
            ['> 3', '-', '"y"'],
          ],
        },
        { risk: 'low' },
      ),
    ).toMatchObject({ outputs: { label: 'ask' }, outcome: 'approve' })
  })
})

describe('mistakes in tables', () => {
  const findings = (sketch: Sketch) => checkPolicy(policyOf(sketch)).map(({ code, severity, path }) => `${severity} ${code} ${path}`)
  const cell = '/steps/0/rows/0/when'

  test('are reported at the cell', () => {
    expect(findings({ rows: [['>= ', '-', '"x"']] })).toEqual([`error FEEL_SYNTAX ${cell}/0`])
    expect(findings({ rows: [['> agee', '-', '"x"']] })).toEqual([`error UNKNOWN_FACT ${cell}/0`])
    expect(findings({ rows: [['"x"', '-', '"x"']] })).toEqual([`error TYPE_MISMATCH ${cell}/0`])
    expect(findings({ rows: [['-', '"hgih"', '"x"']] })).toEqual([`error UNKNOWN_VALUE ${cell}/1`])
    expect(findings({ rows: [['-', '-', '3']] })).toEqual(['error TYPE_MISMATCH /steps/0/rows/0/then/0'])
    expect(findings({ to: 'outcome', rows: [['-', '-', '"aprove"']] })).toEqual(['error UNKNOWN_VALUE /steps/0/rows/0/then/0'])
    expect(findings({ rows: [['-', '"x"']] })).toContain(`error CELL_COUNT /steps/0/rows/0/then`)
    expect(findings({ hitPolicy: 'P', rows: [['-', '-', '"x"']] })).toEqual(['error NO_PRIORITIES /steps/0/outputs'])
    expect(findings({ hitPolicy: 'C', rows: [['-', '-', '"x"']] })).toEqual(['warning COLLECT_INTO_ONE /steps/0/outputs/0'])
  })

  test('a comma that was meant as "and" is caught', () => {
    expect(findings({ rows: [['>= 30, < 50', '-', '"x"']] })).toEqual([`warning COMMA_MEANS_OR ${cell}/0`])
    expect(findings({ rows: [['< 30, > 50', '-', '"x"']] })).toEqual([])
    expect(findings({ rows: [['[30, 50]', '-', '"x"']] })).toEqual([`warning LIST_LIKE_INTERVAL ${cell}/0`])
  })
})

describe('large tables', () => {
  const numberCell = fc.oneof(
    fc.constantFrom('-', 'null', 'not(null)', '> limit'),
    fc.tuple(fc.constantFrom('<', '<=', '>', '>=', '=', '!='), fc.integer({ min: 0, max: 9 })).map(([o, n]) => `${o} ${n}`),
    fc
      .tuple(fc.constantFrom('[', '('), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 5, max: 9 }), fc.constantFrom(']', ')'))
      .map(([o, l, h, c]) => `${o}${l}..${h}${c}`),
    fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })).map(([a, b]) => `not(${a}, ${b})`),
  )
  const textCell = fc.constantFrom('-', '"low"', '"low","mid"', 'not("low")', 'not("low","high")', 'null', '"mid", null')
  const tables = fc.record({
    rows: fc.array(
      fc.tuple(numberCell, textCell).map(([a, b]) => [a, b, '"x"']),
      { minLength: 30, maxLength: 80 },
    ),
    hitPolicy: fc.constantFrom('F' as const, 'R' as const),
  })

  test('the index finds the rows that a scan finds', () => {
    fc.assert(
      fc.property(
        tables,
        fc.array(
          fc.tuple(
            fc.constantFrom(undefined, 0, 3, 4.5, 5, 9, 11),
            fc.constantFrom(undefined, 'low', 'mid', 'high'),
            fc.constantFrom(undefined, 4),
          ),
          { minLength: 5, maxLength: 12 },
        ),
        ({ rows, hitPolicy }, cases) => {
          const compiled = compile(
            policyOf({ hitPolicy, to: 'labels', rows: rows.map(([a, b], index) => [a ?? '', b ?? '', `"r${index}"`]) }),
            { codegen: false },
          )
          for (const [age, risk, limit] of cases) {
            const facts = {
              ...(age === undefined ? {} : { age }),
              ...(risk === undefined ? {} : { risk }),
              ...(limit === undefined ? {} : { limit }),
            }
            expect(compiled.decide(facts)).toEqual(compiled.interpret(facts))
          }
        },
      ),
      { numRuns: 150, seed: 3 },
    )
  })

  test('thousands of disjoint ranges share segments and still find their row', () => {
    const rows: Grid = Array.from({ length: 5000 }, (_, i) => [`[${i}..${i + 1})`, '-', `"r${i}"`])
    const compiled = compile(policyOf({ hitPolicy: 'U', rows }), { codegen: false })
    for (const age of [0, 0.5, 17, 2499.999, 4999, 4999.99])
      expect(compiled.decide({ age, risk: 'low' }).outputs['label']).toBe(`r${Math.floor(age)}`)
    expect(compiled.decide({ age: 5000, risk: 'low' }).outputs['label']).toBe(null)
  })
})
