import type { Policy } from '../src/index.ts'

/** A policy small enough to hold in the head, with one of everything that rules can do. */
export const orderCheck: Policy = {
  id: 'demo/order-check',
  title: { en: 'Order check', zh: '订单检查' },
  facts: {
    amount: { type: 'money', currency: 'CNY' },
    limit: { type: 'money', currency: 'CNY' },
    overdueDays: { type: 'integer', unit: 'day', min: 0 },
    segment: { type: 'enum', values: ['sme', { value: 'large', label: { en: 'Large', zh: '大型' } }] },
    isVip: { type: 'boolean' },
    tags: { type: 'list', of: 'string' },
    reviewedOn: { type: 'date' },
  },
  outputs: {
    allowance: { type: 'money', currency: 'CNY', default: '0.00', combine: 'max' },
    level: { type: 'enum', values: ['green', 'amber', 'red'], default: 'green' },
    flags: { type: 'list', of: 'string' },
  },
  lists: { watched: { values: ['fraud', 'dispute'] } },
  conditions: { isLate: { all: [{ fact: 'overdueDays', operator: 'greaterThan', value: 30 }] } },
  steps: [
    {
      id: 'checks',
      kind: 'rules',
      rules: [
        {
          id: 'late',
          priority: 10,
          conditions: { all: [{ condition: 'isLate' }, { fact: 'isVip', operator: 'equal', value: false }] },
          event: {
            type: 'OC-1',
            params: {
              outcome: 'decline',
              set: { level: 'red', flags: 'late' },
              reason: { code: 'LATE', weight: 5, text: { en: 'Overdue {overdueDays} days', zh: '逾期 {overdueDays} 天' } },
            },
          },
        },
        {
          id: 'over-limit',
          conditions: {
            any: [
              { fact: 'amount', operator: 'greaterThan', value: { fact: 'limit' } },
              { fact: 'tags', operator: 'someFact:in', value: { list: 'watched' } },
            ],
          },
          event: {
            type: 'OC-2',
            params: {
              outcome: 'refer',
              set: { level: 'amber', flags: 'over' },
              reason: { code: 'OVER', weight: 9, text: { en: 'Above the limit ({segment})', zh: '超过额度（{segment}）' } },
              require: [{ code: 'DEPOSIT', text: { en: 'Deposit', zh: '押金' } }],
            },
          },
        },
        {
          id: 'large',
          conditions: { not: { fact: 'segment', operator: 'notIn', value: ['large'] } },
          event: { type: 'OC-3', params: { set: { allowance: { fact: 'limit' } } } },
        },
        {
          id: 'stale',
          conditions: { all: [{ fact: 'reviewedOn', operator: 'lessThan', value: '2026-01-01', ifMissing: 'false' }] },
          event: { type: 'OC-4', params: { set: { flags: 'stale', allowance: '100' } } },
        },
      ],
    },
  ],
}
