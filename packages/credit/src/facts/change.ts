import { known, knownMoney, missing, type Computed, type FactTable } from './fact.ts'
import type { Occasion } from './occasion.ts'
import type { BookView } from './view.ts'

export const changeFacts = {
  changedKind: {
    type: 'enum',
    source: 'request',
    label: { en: 'Kind of policy changed', zh: '变更的策略类型' },
    values: [
      'assessment',
      'limit-and-terms',
      'authority',
      'order-check',
      'early-warning',
      'dunning',
      'adjustment',
      'appetite',
      'provision',
      'collections-ranking',
      'policy-approval',
    ],
  },
  changeCount: { type: 'integer', min: 0, source: 'request', label: { en: 'Number of changes', zh: '变更条数' } },
  changeReach: {
    type: 'enum',
    source: 'request',
    label: { en: 'Reach of the change', zh: '变更深度' },
    description: {
      en: 'values: thresholds and results; rules: rules, rows and bins came or went; everything: facts, outputs or steps.',
      zh: 'values：阈值与结果；rules：规则、行或分箱增减；everything：事实、输出或步骤。',
    },
    values: [
      { value: 'values', label: { en: 'values', zh: '取值' } },
      { value: 'rules', label: { en: 'rules', zh: '规则' } },
      { value: 'everything', label: { en: 'structure', zh: '结构' } },
    ],
  },
  isFirstVersion: { type: 'boolean', source: 'request', label: { en: 'First version', zh: '首个版本' } },
  isRollback: { type: 'boolean', source: 'request', label: { en: 'Brings an old version back', zh: '回滚' } },
  isEmergencyChange: { type: 'boolean', source: 'request', label: { en: 'Emergency', zh: '紧急变更' } },
  warningCount: { type: 'integer', min: 0, source: 'request', label: { en: 'Warnings acknowledged', zh: '已说明的警告数' } },
  movedShare: {
    type: 'percent',
    min: 0,
    source: 'portfolio',
    label: { en: 'Customers decided differently, %', zh: '结果改变的客户占比' },
  },
  movedExposure: {
    type: 'money',
    min: 0,
    source: 'portfolio',
    label: { en: 'Exposure of customers decided differently', zh: '结果改变客户的敞口' },
  },
  loosenedShare: {
    type: 'percent',
    min: 0,
    source: 'portfolio',
    label: { en: 'Customers decided more leniently, %', zh: '结果放宽的客户占比' },
  },
} as const satisfies FactTable

export function computeChange(view: BookView, { change }: Occasion): Record<keyof typeof changeFacts, Computed> {
  const told = (value: string | number | boolean | undefined): Computed => (value === undefined ? missing('NOT_ASKED') : known(value))
  return {
    changedKind: told(change?.kind),
    changeCount: told(change?.count),
    changeReach: told(change?.reach),
    isFirstVersion: told(change?.isFirstVersion),
    isRollback: told(change?.isRollback),
    isEmergencyChange: told(change?.isEmergency),
    warningCount: told(change?.warningCount),
    movedShare: told(change?.impact?.movedShare),
    movedExposure:
      change?.impact === undefined
        ? missing('NOT_ASKED')
        : knownMoney(view.convert(change.impact.movedExposure.amount, change.impact.movedExposure.currency), view.currency),
    loosenedShare: told(change?.impact?.loosenedShare),
  }
}
