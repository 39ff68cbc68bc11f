import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analysePolicy, compile, type Facts, type Finding, type TableStep, type TableTrace } from '../../src/index.ts'
import { everyCase, policyOf } from './worlds.ts'

// Every table here is small enough to try all cases; what is reported must be real and nothing may be missed.

const number = fc.constantFrom('1', '2', '3')
const numeric = fc.oneof(
  { weight: 3, arbitrary: fc.constant('-') },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('<', '<=', '>', '>='), number).map(([operator, at]) => `${operator} ${at}`) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '[1..2]',
      '[1..3)',
      '(1..3]',
      '(1..2)',
      '(2..3)',
      '1, 3',
      '< 1, > 3',
      'not(2)',
      'not([1..2])',
      '2',
      '!= 1',
      '< 2, null',
      '(2..2)',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('null', 'not(null)') },
)
const days = ['2024-01-02', '2024-01-04'].map(day => `date("${day}")`)
const cells: Readonly<Record<string, fc.Arbitrary<string>>> = {
  count: numeric,
  size: numeric,
  amount: numeric,
  colour: fc.constantFrom('-', '"red"', '"green","blue"', 'not("red")', '"blue", null', 'null'),
  word: fc.constantFrom('-', '"x"', '"y"', 'not("x")', 'not("x","y")', '"x", null'),
  isNew: fc.constantFrom('-', 'true', 'false', 'not(true)', 'null', 'not(null)'),
  since: fc.constantFrom('-', `< ${days[0]}`, `>= ${days[0]}`, `[${days[0]}..${days[1]}]`, `(${days[0]}..${days[1]})`, `> ${days[1]}`),
}
const tables = (hitPolicy: TableStep['hitPolicy']): fc.Arbitrary<TableStep> =>
  fc.subarray(Object.keys(cells), { minLength: 1, maxLength: 3 }).chain(names =>
    fc
      .array(fc.tuple(fc.tuple(...names.map(name => cells[name]!)), fc.constantFrom('"p"', '"q"', '"r"'), fc.integer({ min: 0, max: 9 })), {
        minLength: 1,
        maxLength: 6,
      })
      .map((lines): TableStep => ({
        id: 'table',
        kind: 'table',
        hitPolicy,
        inputs: names.map(name => ({ id: name, expression: name })),
        outputs: [{ id: 'o', name: 'label', values: ['q', 'p'] }],
        rows: lines.map(([when, then, luck], at) => ({ id: `r${at}`, when, then: [then], ...(luck === 0 ? { enabled: false } : {}) })),
      })),
  )
const runs = Math.ceil(Number(process.env['ENGINE_FUZZ_CASES'] ?? 20_000) / 50)

interface Seen {
  readonly facts: Facts
  readonly holding: readonly number[]
  readonly isUnknown: boolean
}

/** Which rows hold in every case, by a table that collects them all. */
function tryAll(step: TableStep): readonly Seen[] {
  const compiled = compile(policyOf({ ...step, hitPolicy: 'R' }))
  return everyCase(step.inputs.map(({ expression }) => expression)).map(facts => {
    const { rows } = compiled.decide(facts, { trace: true }).trace!.steps[0] as TableTrace
    const placed = rows.map(({ path, result }) => ({ index: Number(path.split('/').at(-1)), result }))
    return {
      facts,
      holding: placed.filter(({ result }) => result === 'true').map(({ index }) => index),
      isUnknown: placed.some(({ result }) => result === 'unknown'),
    }
  })
}

const indexIn = (path: string): number => Number(path.split('/')[4])
const of = (findings: readonly Finding[], code: string): readonly Finding[] => findings.filter(found => found.code === code)
const rowsOf = (findings: readonly Finding[], code: string): readonly number[] =>
  of(findings, code)
    .map(({ path }) => indexIn(path))
    .toSorted((a, b) => a - b)
const liveRows = (step: TableStep): readonly number[] => step.rows.flatMap(({ enabled }, index) => (enabled === false ? [] : [index]))

describe('against every case there is', () => {
  test.each(['U', 'A'] as const)('overlaps under %s are those that can happen', hitPolicy => {
    fc.assert(
      fc.property(tables(hitPolicy), step => {
        const seen = tryAll(step)
        const findings = analysePolicy(policyOf(step))
        const real = new Set<string>()
        for (const { holding } of seen) {
          for (const a of holding)
            for (const b of holding)
              if (a < b && (hitPolicy === 'U' || step.rows[a]!.then[0] !== step.rows[b]!.then[0])) real.add(`${a} ${b}`)
        }
        const reported = of(findings, 'ROWS_OVERLAP')
        expect(new Set(reported.map(({ path, related }) => `${indexIn(related![0]!)} ${indexIn(path)}`))).toEqual(real)
        const compiled = compile(policyOf(step))
        for (const { counterexample } of reported)
          expect(compiled.decide(counterexample!).reasons.map(({ code }) => code)).toEqual(['TABLE_AMBIGUOUS'])
      }),
      { numRuns: runs },
    )
  })

  test.each(['F', 'P'] as const)('rows without a say under %s are those that never win', hitPolicy => {
    fc.assert(
      fc.property(tables(hitPolicy), step => {
        const findings = analysePolicy(policyOf(step))
        const rank = (row: number): number => (hitPolicy === 'F' ? 0 : ['"q"', '"p"', '"r"'].indexOf(step.rows[row]!.then[0]!))
        const winners = new Set<number>()
        const holders = new Set<number>()
        for (const { holding } of tryAll(step)) {
          for (const row of holding) holders.add(row)
          const [winner] = holding.toSorted((a, b) => rank(a) - rank(b) || a - b)
          if (winner !== undefined) winners.add(winner)
        }
        const live = liveRows(step)
        expect(rowsOf(findings, 'ROW_NEVER_HOLDS')).toEqual(live.filter(row => !holders.has(row)))
        expect(rowsOf(findings, 'ROW_SHADOWED')).toEqual(live.filter(row => holders.has(row) && !winners.has(row)))
      }),
      { numRuns: runs },
    )
  })

  test.each(['U', 'A', 'F', 'P', 'O'] as const)(
    'gaps under %s are those that no row takes, and the rows proposed fill them exactly',
    hitPolicy => {
      fc.assert(
        fc.property(tables(hitPolicy), step => {
          const findings = analysePolicy(policyOf(step))
          const gaps = of(findings, 'TABLE_GAP')
          const isGap = (seen: Seen): boolean => seen.holding.length === 0 && !seen.isUnknown
          const open = tryAll(step).filter(isGap)
          expect(gaps.length > 0).toBe(open.length > 0)
          if (of(findings, 'MORE_GAPS').length > 0) return
          const filled = { ...step, rows: gaps.map(({ fix }) => (fix!.patch[0] as { value: TableStep['rows'][number] }).value) }
          const taken = tryAll(filled).filter(({ holding }) => holding.length > 0)
          expect(taken.map(({ facts }) => facts)).toEqual(open.map(({ facts }) => facts))
          expect(taken.every(({ holding }) => holding.length === 1)).toBe(true)
          const compiled = compile(policyOf({ ...step, hitPolicy: 'R' }))
          for (const { counterexample } of gaps)
            expect((compiled.decide(counterexample!, { trace: true }).trace!.steps[0] as TableTrace).hits).toEqual([])
        }),
        { numRuns: runs },
      )
    },
  )
})

describe('what is told', () => {
  const table = (rows: readonly (readonly string[])[], more: Partial<TableStep> = {}): TableStep => ({
    id: 'table',
    kind: 'table',
    hitPolicy: 'U',
    inputs: [
      { id: 'c', expression: 'count' },
      { id: 'k', expression: 'colour' },
    ],
    outputs: [{ id: 'o', name: 'label' }],
    rows: rows.map(([count, colour], at) => ({ id: `r${at}`, when: [count!, colour!], then: ['"p"'] })),
    ...more,
  })

  test('a gap names its case, a counterexample and the row that is missing', () => {
    const [gap] = analysePolicy(
      policyOf(
        table([
          ['< 3', '-'],
          ['>= 3', 'not("blue")'],
        ]),
      ),
    )
    expect(gap).toMatchObject({
      code: 'TABLE_GAP',
      severity: 'warning',
      path: '/steps/0',
      message: {
        en: 'No row takes the case that count is >= 3 and colour is "blue"; add a row or a default.',
        zh: '没有任何一行涵盖以下情形：count为 >= 3，colour为 "blue"；请补充一行或设置默认值。',
      },
      counterexample: { count: 3, colour: 'blue' },
      fix: { patch: [{ op: 'add', path: '/steps/0/rows/-', value: { when: ['>= 3', '"blue"'], then: [''] } }] },
    })
  })

  test('a default answers for every gap, and collect tables have none', () => {
    const open = [['< 3', '-']]
    const gaps = (more: Partial<TableStep>) => of(analysePolicy(policyOf(table(open, more))), 'TABLE_GAP').length
    expect(gaps({ outputs: [{ id: 'o', name: 'label', default: '"none"' }] })).toBe(0)
    expect(gaps({ hitPolicy: 'C' })).toBe(0)
    expect(gaps({ hitPolicy: 'R' })).toBe(0)
    expect(gaps({})).toBe(1)
  })

  test('cells that hang on other facts are said to be undecided, and nothing is made up about them', () => {
    const codes = analysePolicy(
      policyOf(
        table([
          ['> size', '-'],
          ['<= 5', '-'],
        ]),
      ),
    ).map(({ code }) => code)
    expect(codes.filter(code => code.startsWith('TABLE') || code.startsWith('ROW'))).toEqual(['TABLE_UNDECIDED'])
  })

  test('two columns about one fact are looked at together', () => {
    const step = table(
      [
        ['> 2', '-'],
        ['-', '-'],
      ],
      {
        inputs: [
          { id: 'a', expression: 'count' },
          { id: 'b', expression: 'count' },
        ],
      },
    )
    const rows = [{ id: 'x', when: ['> 2', '< 2'], then: ['"p"'] }, ...step.rows.slice(1)]
    expect(analysePolicy(policyOf({ ...step, rows })).map(({ code }) => code)).toContain('ROW_NEVER_HOLDS')
  })
})

describe('speed', () => {
  const big = (count: number): TableStep => {
    const inputs = Array.from({ length: 10 }, (_, at) => ({
      id: `c${at}`,
      expression: at % 3 === 0 ? 'size' : at % 3 === 1 ? 'colour' : 'amount',
    }))
    let state = 7
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below
    const cell = (at: number): string => {
      if (random(3) === 0) return '-'
      if (at % 3 === 1) return ['"red"', '"green"', '"red","blue"', 'not("red")'][random(4)]!
      const from = random(100_000)
      return `[${from}..${from + 1 + random(2_000)})`
    }
    return {
      id: 'big',
      kind: 'table',
      hitPolicy: 'F',
      inputs: inputs.map(({ id }, at) => ({ id, expression: `f${at}` })),
      outputs: [{ id: 'o', name: 'label' }],
      rows: Array.from({ length: count }, (_, row) => ({ id: `r${row}`, when: inputs.map((__, at) => cell(at)), then: ['"p"'] })),
    }
  }
  test.each([
    [1_000, 1_000],
    [10_000, 3_000],
  ])(
    '%i rows of 10 columns take less than %i ms of a processor under F and U',
    (rows, limit) => {
      const facts = Object.fromEntries(
        Array.from({ length: 10 }, (_, at) => [
          `f${at}`,
          at % 3 === 1 ? { type: 'enum' as const, values: ['red', 'green', 'blue'] } : { type: 'number' as const },
        ]),
      )
      for (const hitPolicy of ['F', 'U'] as const) {
        const policy = { ...policyOf({ ...big(rows), hitPolicy }), facts }
        const start = process.cpuUsage()
        const findings = analysePolicy(policy)
        const took = process.cpuUsage(start).user / 1000
        if (process.env['ENGINE_SHOW_TIMES'])
          console.log(
            hitPolicy,
            rows,
            Math.round(took),
            new Map([...Map.groupBy(findings, ({ code }) => code)].map(([code, all]) => [code, all.length])),
          )
        // Time of the processor, so that others at work don't matter; twice over, because they do a little.
        expect(took).toBeLessThan(limit * 2)
      }
    },
    60_000,
  )
})
