import { describe, expect, test } from 'vitest'
import { normaliseCell } from '../../src/feel/normalise-cell.ts'
import { cellProgram, createVocabulary } from '../../src/feel/program.ts'
import { factReader, type FeelValue } from '../../src/feel/values.ts'

const facts: Record<string, FeelValue> = { limit: 50, gone: null, kinds: ['A', 'B'], flag: false }
const vocabulary = createVocabulary<null>(
  Object.keys(facts),
  name => (Object.hasOwn(facts, name) ? () => facts[name] ?? null : undefined),
  'unknown',
)

function holds(cell: string, value: unknown): FeelValue {
  const program = cellProgram(cell, vocabulary)
  expect(program.problems).toEqual([])
  return program.run(null, factReader(undefined)(value))
}

describe('cells of a decision table', () => {
  test.each([
    ['-', 5, true],
    ['-', null, true],
    ['', 'x', true],
    ['>= 30', 30, true],
    ['>= 30', 29.99, false],
    ['>= 30', null, null],
    ['[10..20)', 20, false],
    ['[10..20)', 10, true],
    [']10..20]', 10, false],
    ['"A","B"', 'B', true],
    ['"A","B"', 'C', false],
    ['"A"', null, null],
    ['not("X")', 'Y', true],
    ['not("X")', 'X', false],
    ['not("X")', null, null],
    ['null', null, true],
    ['null', 3, false],
    ['not(null)', null, false],
    ['not(null)', 3, true],
    ['"A", null', null, true],
    ['? > 3', 4, true],
    ['? > 3 and ? < limit', 60, false],
    ['<= limit', 50, true],
    ['> gone', 50, null],
    ['< 3, > gone', 2, true],
    ['limit', 50, true],
    ['kinds', 'A', true],
    ['not(kinds)', 'C', true],
    ['true', true, true],
    ['false', true, false],
    ['flag', false, true],
    ['limit > 40', 'anything', true],
    ['contains(?, "ll")', 'Müller', true],
    ['= 5', 5, true],
    ['!= 5', 5, false],
    ['≥ ３０', 30, true],
    ['（１０．．２０］', 10, false],
    ['“Ａ”，“Ｂ”', 'Ｂ', true],
    ['> 3', 'text', null],
    ['not(< 3, > 8)', 5, true],
    ['not(< 3, > 8)', 9, false],
  ])('%s against %j is %s', (cell, value, expected) => {
    expect(holds(cell, value)).toBe(expected)
  })

  test('two bounds joined by "and" are refused with the way to write them', () => {
    expect(cellProgram('>= 30 and < 50', vocabulary).problems).toMatchObject([
      { message: { en: expect.stringContaining('[30..50)') as string } },
    ])
  })
})

describe('what people type into cells', () => {
  test.each([
    ['number', '≥ 45', '>= 45'],
    ['number', '＞＝４５', '>= 45'],
    ['number', '45..60', '[45..60]'],
    ['number', '45~60', '[45..60]'],
    ['number', '45 至 60', '[45..60]'],
    ['number', '[45,60)', '[45..60)'],
    ['number', '(45,60]', '(45..60]'],
    ['number', '[45,60]', '[45,60]'],
    ['number', '1，2、3', '1, 2, 3'],
    ['money', '≥ 50万', '>= 500000'],
    ['money', '1.25亿', '125000000'],
    ['percent', '<= 12.5%', '<= 12.5'],
    ['number', '不低于 30', '>= 30'],
    ['number', '非 3', 'not(3)'],
    ['number', '空', 'null'],
    ['number', '', '-'],
    ['number', '任意', '-'],
    ['enum', 'A,B', '"A", "B"'],
    ['enum', '非 C', 'not("C")'],
    ['enum', 'A，非空', '"A", "非空"'],
    ['enum', '"A","B"', '"A", "B"'],
    ['enum', 'not("A")', 'not("A")'],
    ['enum', '制造业、批发业', '"制造业", "批发业"'],
    ['boolean', '是', 'true'],
    ['boolean', '否', 'false'],
    ['date', '< 今天-90天', '< today() - duration("P90D")'],
    ['date', '今天', 'today()'],
    ['date', '>= 2024-01-05', '>= date("2024-01-05")'],
    ['date', '2024-01-05..2024-02-05', '[date("2024-01-05")..date("2024-02-05")]'],
    ['date', '> today-2w', '> today() - duration("P14D")'],
    ['date', '>= date("2024-01-05")', '>= date("2024-01-05")'],
    ['date', '[date("2024-01-05")..date("2024-02-05"))', '[date("2024-01-05")..date("2024-02-05"))'],
  ] as const)('in a column of %s, %s is %s', (type, typed, expected) => {
    expect(normaliseCell(typed, { type })).toBe(expected)
  })

  test('a name of the policy stays a name in a column of texts', () => {
    expect(normaliseCell('blockedCountries, CN', { type: 'string', names: new Set(['blockedCountries']) })).toBe('blockedCountries, "CN"')
  })
})
