import type { TableStep } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { StepContext } from '../steps.ts'

/** Whether the table hangs together: cells per row, priorities, aggregation, where several hits go. */
export function checkTable(step: TableStep, context: StepContext): void {
  const error = (code: string, below: readonly (string | number)[], en: string, zh: string): void =>
    context.report(code, 'error', pointer(context.path, ...below), { en, zh })
  if (step.outputs.length === 0)
    error('TABLE_WITHOUT_OUTPUT', ['outputs'], 'A table needs at least one output.', '决策表至少需要一个输出列。')
  const ids = new Set<string>()
  for (const [index, row] of step.rows.entries()) {
    if (ids.has(row.id))
      error('DUPLICATE_ID', ['rows', index, 'id'], `Another row of this table is called "${row.id}".`, `本表中已有名为“${row.id}”的行。`)
    ids.add(row.id)
    for (const [side, cells, columns] of [
      ['when', row.when, step.inputs],
      ['then', row.then, step.outputs],
    ] as const) {
      if (cells.length !== columns.length) {
        error(
          'CELL_COUNT',
          ['rows', index, side],
          `The row has ${cells.length} cells here; the table has ${columns.length} columns.`,
          `该行此处有 ${cells.length} 个单元格，而表有 ${columns.length} 列。`,
        )
      }
    }
  }
  if (step.aggregation && step.hitPolicy !== 'C')
    error('AGGREGATION_WITHOUT_COLLECT', ['aggregation'], 'Only hit policy C aggregates.', '只有命中策略 C 可以聚合。')
  if (step.aggregation && step.outputs.length > 1)
    error('AGGREGATION_OF_SEVERAL', ['aggregation'], 'An aggregating table has one output.', '聚合的决策表只能有一个输出列。')
  if ((step.hitPolicy === 'P' || step.hitPolicy === 'O') && !step.outputs.some(({ values }) => values?.length)) {
    error(
      'NO_PRIORITIES',
      ['outputs'],
      `Hit policy ${step.hitPolicy} needs the values of an output in order of priority.`,
      `命中策略 ${step.hitPolicy} 需要按优先级列出某个输出列的取值。`,
    )
  }
  if (step.aggregation || !['C', 'R', 'O'].includes(step.hitPolicy)) return
  for (const [index, { name }] of step.outputs.entries()) {
    const definition = context.scope.find(name)?.definition
    if (!definition || definition.type === 'list' || definition.combine) continue
    context.report('COLLECT_INTO_ONE', 'warning', pointer(context.path, 'outputs', index), {
      en: `Several rows may hold, but "${name}" keeps one value, the first; make it a list or say how values combine.`,
      zh: `可能有多行成立，但“${name}”只保留一个值（第一个）；请改为列表或指定合并方式。`,
    })
  }
}
