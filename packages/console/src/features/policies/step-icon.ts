import type { Step } from '@surety/engine'

export const STEP_ICON = {
  rules: 'i-lucide-list-tree',
  table: 'i-lucide-table-2',
  scorecard: 'i-lucide-chart-column',
  formula: 'i-lucide-square-function',
  decision: 'i-lucide-workflow',
} as const satisfies Readonly<Record<Step['kind'], string>>

/** How many rules, rows, characteristics or formulas it has. */
export function sizeOfStep(step: Step): number {
  switch (step.kind) {
    case 'rules':
      return step.rules.length
    case 'table':
      return step.rows.length
    case 'scorecard':
      return step.characteristics.length
    case 'formula':
      return step.expressions.length
    case 'decision':
      return 1
  }
}
