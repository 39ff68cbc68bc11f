import { expect, it } from 'vitest'
import { viewOfCondition, viewOfTrace } from '../src/features/policies/condition-view.ts'
import { showFeelValue, showUnaryTest } from '../src/features/policies/feel-text.ts'

const word = (value: string): string => ({ low: '低', mid: '中' })[value] ?? value

it.each([
  ['-', '–'],
  ['', '–'],
  ['>= 85', '≥ 85'],
  ['<=3', '≤ 3'],
  ['[70..85)', '[70, 85)'],
  ['"low", "mid"', '低、中'],
  ['not("low")', 'not("low")'],
  ['"a, b"', 'a, b'],
  ['> date("2026-01-01")', '> date("2026-01-01")'],
  ['[1..2], >= 9', '[1, 2]、≥ 9'],
])('shows the cell %j as %s', (cell, shown) => {
  expect(showUnaryTest(cell, word, '、')).toBe(shown)
})

it('shows a value by its label', () => {
  expect(showFeelValue('"low"', word)).toBe('低')
  expect(showFeelValue('20000', word)).toBe('20000')
})

it('draws the same tree from a policy and from its trace', () => {
  const asked = viewOfCondition({ any: [{ not: { fact: 'a', operator: 'equal', value: 1 } }, { condition: 'named' }] })
  const seen = viewOfTrace({
    path: '',
    kind: 'any',
    result: 'true',
    children: [
      {
        path: '',
        kind: 'not',
        result: 'true',
        children: [{ path: '', kind: 'leaf', result: 'false', fact: 'a', operator: 'equal', seen: 2, compared: 1 }],
      },
      { path: '', kind: 'reference', result: 'skipped', condition: 'named' },
    ],
  })
  const shape = (view: typeof asked): unknown => [view.kind, view.fact, view.operator, view.compared, view.name, view.children.map(shape)]
  expect(shape(seen)).toEqual(shape(asked))
  expect(seen.children[0]?.children[0]?.seen).toBe(2)
})
