import { daysBetween } from '../day.ts'
import { known, knownMoney, missing, type Computed, type FactTable } from './fact.ts'
import type { Occasion } from './occasion.ts'
import type { BookView } from './view.ts'

export const itemFacts = {
  itemDaysPastDue: {
    type: 'integer',
    unit: 'day',
    source: 'ledger',
    label: { en: 'Days past due', zh: '逾期天数' },
    description: { en: 'Negative before the due date.', zh: '到期前为负数。' },
  },
  itemOpenAmount: { type: 'money', min: 0, source: 'ledger', label: { en: 'Open amount of the item', zh: '单据未清金额' } },
  itemDunningLevel: { type: 'integer', min: 0, source: 'collections', label: { en: 'Level reached', zh: '已达级别' } },
  itemDaysSinceReminder: {
    type: 'integer',
    unit: 'day',
    min: 0,
    source: 'collections',
    label: { en: 'Days since last reminder', zh: '距上次提醒天数' },
  },
  isItemDisputed: { type: 'boolean', source: 'collections', label: { en: 'Item disputed', zh: '单据有争议' } },
  isItemPromised: {
    type: 'boolean',
    source: 'collections',
    label: { en: 'Promise pending', zh: '有待兑现承诺' },
    description: { en: 'Promised for today or later.', zh: '承诺日为今天或以后。' },
  },
} as const satisfies FactTable

export function computeItem(view: BookView, { item }: Occasion): Record<keyof typeof itemFacts, Computed> {
  const open = item && view.open.find(({ document }) => document.id === item.documentId)
  if (item === undefined || open === undefined) {
    const none = missing(item === undefined ? 'NOT_ASKED' : 'NOTHING_OPEN')
    return Object.fromEntries(Object.keys(itemFacts).map(key => [key, none])) as Record<keyof typeof itemFacts, Computed>
  }
  const { book, asOf, currency } = view
  const reminders = book.reminders.filter(({ documentId }) => documentId === item.documentId)
  const last = reminders.reduce<string | undefined>(
    (newest, { date }) => (newest === undefined || date > newest ? date : newest),
    undefined,
  )
  const promise = book.promises.find(
    ({ documentIds, dueDate, keptOn, brokenOn }) =>
      keptOn === undefined &&
      brokenOn === undefined &&
      dueDate >= asOf &&
      (documentIds === undefined || documentIds.includes(item.documentId)),
  )
  return {
    itemDaysPastDue: known(open.daysPastDue),
    itemOpenAmount: knownMoney(open.amount, currency),
    itemDunningLevel: known(reminders.reduce((highest, { level }) => Math.max(highest, level), 0)),
    itemDaysSinceReminder: last === undefined ? missing('NOT_RECORDED') : known(daysBetween(last, asOf), last),
    isItemDisputed: known(open.disputed.greaterThan(0)),
    isItemPromised: known(promise !== undefined, promise?.date),
  }
}
