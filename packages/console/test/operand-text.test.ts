import type { FactDefinition } from '@surety/engine'
import { describe, expect, it } from 'vitest'
import { readConstant, takesList, writeConstant } from '../src/editors/tree/operand-text.ts'

const days: FactDefinition = { type: 'integer', unit: 'day', min: 0, max: 3650 }
const grade: FactDefinition = { type: 'enum', values: ['A', { value: 'B', label: { en: 'good', zh: '良好' } }] }

describe('what is typed into the operand box', () => {
  it.each<[string, FactDefinition | undefined, boolean, unknown]>([
    ['45', days, false, 45],
    ['４５ 天', days, false, 45],
    ['45 days', days, false, 45],
    ['15%', { type: 'percent' }, false, 15],
    ['1.2亿', { type: 'number' }, false, 120_000_000],
    ['12万', { type: 'money', currency: 'CNY' }, false, '120000'],
    ['是', { type: 'boolean' }, false, true],
    ['No', { type: 'boolean' }, false, false],
    ['2026/3/5', { type: 'date' }, false, '2026-03-05'],
    ['2026年3月5日', { type: 'date' }, false, '2026-03-05'],
    ['良好', grade, false, 'B'],
    ['a、Good', grade, true, ['A', 'B']],
    ['F07，F51', { type: 'string' }, true, ['F07', 'F51']],
    ['7', undefined, false, 7],
    ['C-7', undefined, false, 'C-7'],
  ])('reads %s', (text, definition, isList, value) => expect(readConstant(text, definition, isList)).toEqual({ value }))

  it.each<[string, FactDefinition, RegExp]>([
    ['soon', days, /“soon” is no number/],
    ['4.5', days, /whole number/],
    ['9999', days, /9999 is outside of 0 … 3650/],
    ['ABC', grade, /“ABC” is none of A, good/],
    ['31.12.26', { type: 'date' }, /Write it like 2026-03-31/],
  ])('says what is wrong with %s', (text, definition, words) => {
    const read = readConstant(text, definition, false)
    expect('problem' in read && read.problem.en).toMatch(words)
  })

  it('always writes a list for in, and asks for at least one value', () => {
    expect([takesList('in'), takesList('not:in'), takesList('someFact:notIn'), takesList('contains')]).toEqual([true, true, true, false])
    expect(readConstant('A', grade, true)).toEqual({ value: ['A'] })
    expect(readConstant(' , ', grade, true)).toHaveProperty('problem')
  })

  it('writes what it would read', () => {
    for (const language of ['zh-CN', 'en'] as const) {
      expect(readConstant(writeConstant(['A', 'B'], grade, language), grade, true)).toEqual({ value: ['A', 'B'] })
      expect(readConstant(writeConstant(true, { type: 'boolean' }, language), { type: 'boolean' }, false)).toEqual({ value: true })
      expect(readConstant(writeConstant(45, days, language), days, false)).toEqual({ value: 45 })
    }
  })
})
