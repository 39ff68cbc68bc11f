import { describe, expect, test } from 'vitest'
import {
  resolvePointer,
  sentenceOfCondition,
  sentenceOfRow,
  sentenceOfRule,
  type Condition,
  type Language,
  type Policy,
  type RulesStep,
  type Span,
  type TableStep,
} from '../../src/index.ts'
import { orderCheck } from '../policies.ts'

const policy: Policy = {
  ...orderCheck,
  facts: {
    ...orderCheck.facts,
    overdueDays: { type: 'integer', unit: 'day', label: { en: 'Days overdue', zh: '逾期天数' } },
    amount: { type: 'money', currency: 'CNY', label: { en: 'Amount', zh: '金额' } },
    segment: {
      type: 'enum',
      label: { en: 'Segment', zh: '客群' },
      values: [
        { value: 'sme', label: { en: 'small', zh: '小微' } },
        { value: 'large', label: { en: 'large', zh: '大型' } },
      ],
    },
  },
  steps: [
    ...orderCheck.steps,
    {
      id: 'grades',
      kind: 'table',
      hitPolicy: 'F',
      inputs: [
        { id: 'd', expression: 'overdueDays' },
        { id: 's', expression: 'segment' },
      ],
      outputs: [{ id: 'l', name: 'level', label: { en: 'Level', zh: '级别' } }],
      rows: [
        { id: 'a', when: ['[30..60)', '"sme", "large"'], then: ['"red"'] },
        { id: 'b', when: ['not(>= 5)', '-'], then: ['"green"'] },
        { id: 'c', when: ['-', '-'], then: ['"amber"'] },
      ],
    },
  ],
}
const words = (spans: readonly Span[]): string => spans.map(({ text }) => text).join('')
const both = (make: (language: Language) => readonly Span[]): readonly string[] =>
  (['en', 'zh'] as const).map(language => words(make(language)))
const say = (condition: Condition): readonly string[] => both(language => sentenceOfCondition(condition, '', policy, language))

describe('conditions in words', () => {
  test.each<[string, Condition, string, string]>([
    [
      'units are named',
      { fact: 'overdueDays', operator: 'greaterThan', value: 30 },
      'Days overdue is greater than 30 days',
      '逾期天数大于30天',
    ],
    [
      'one day is no days',
      { fact: 'overdueDays', operator: 'greaterThan', value: 1 },
      'Days overdue is greater than 1 day',
      '逾期天数大于1天',
    ],
    [
      'not is never simplified',
      { not: { fact: 'overdueDays', operator: 'lessThan', value: 5 } },
      'not (Days overdue is less than 5 days)',
      '并非（逾期天数小于5天）',
    ],
    [
      'lists are joined as the language does',
      { fact: 'segment', operator: 'in', value: ['sme', 'large'] },
      'Segment is one of small or large',
      '客群属于小微或大型',
    ],
    [
      'what missing means is said',
      { fact: 'amount', operator: 'greaterThan', value: { fact: 'limit' }, ifMissing: 'true' },
      'Amount is greater than limit (if missing: yes)',
      '金额大于limit（缺失时视为成立）',
    ],
    [
      'groups inside groups are in brackets',
      {
        all: [
          { condition: 'isLate' },
          {
            any: [
              { fact: 'amount', operator: 'lessThan', value: '5' },
              { fact: 'isVip', operator: 'equal', value: true },
            ],
          },
        ],
      },
      '"isLate" and (Amount is less than CNY 5 or isVip is yes)',
      '“isLate”，且（金额小于CNY 5，或isVip等于是）',
    ],
    ['an empty group says what it does', { any: [] }, 'always', '恒成立'],
  ])('%s', (_, condition, en, zh) => {
    expect(say(condition)).toEqual([en, zh])
  })
})

describe('rules and rows in words', () => {
  const rule = (policy.steps[0] as RulesStep).rules[0]!
  const table = policy.steps[1] as TableStep
  test('a rule says when, what, and what comes of missing data', () => {
    expect(both(language => sentenceOfRule(rule, '/steps/0/rules/0', policy, language))).toEqual([
      'If "isLate" and isVip is no, then decline and set level to red and set flags to late and say "Overdue {overdueDays} days". If that can’t be told for want of data, refer.',
      '如果“isLate”，且isVip等于否，则拒绝，并将level设为red，并将flags设为late，并说明“逾期 {overdueDays} 天”。因数据缺失而无法判断时，转人工。',
    ])
  })
  test.each([
    [
      0,
      'If Days overdue is from 30 days to 60 days (excluded) and Segment is small or is large, then Level is red.',
      '如果逾期天数在 30天（含）与 60天（不含）之间，且客群为小微或为大型，则级别为red。',
    ],
    [1, 'If Days overdue is not so that it (is at least 5 days), then Level is green.', '如果逾期天数并非（不小于5天），则级别为green。'],
    [2, 'In any case, then Level is amber.', '任何情况下，则级别为amber。'],
  ])('row %i', (index, en, zh) => {
    expect(both(language => sentenceOfRow(table, index, '/steps/1', policy, language))).toEqual([en, zh])
  })
  test('every phrase leads to its node', () => {
    const spans = [...sentenceOfRule(rule, '/steps/0/rules/0', policy, 'en'), ...sentenceOfRow(table, 0, '/steps/1', policy, 'zh')]
    const document = { ...policy, whenUnknown: 'refer' }
    for (const { path } of spans) expect(resolvePointer(document, path), path).not.toBeUndefined()
    expect(spans.find(({ text }) => text === 'isVip')?.path).toBe('/steps/0/rules/0/conditions/all/1/fact')
  })
})
