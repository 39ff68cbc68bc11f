import type { FactDefinition, FactType, Policy, TableStep } from '@surety/engine'

/** A column of the grid: a condition, an outcome, or the note. */
export interface GridColumn {
  readonly key: string
  readonly side: 'when' | 'then' | 'note'
  /** Place among the inputs or outputs of the table. */
  readonly index: number
  readonly label: string
  /** Unit, currency or type, under the label. */
  readonly unit: string
  readonly type: FactType | undefined
  readonly definition: FactDefinition | undefined
  /** What the cell is about: an expression, or the name of an output. */
  readonly name: string
  readonly isNumeric: boolean
  readonly width: number
  /** Place among the columns that are shown. */
  readonly at: number
  /** Distance from the left edge of the first column. */
  readonly left: number
}

export interface ColumnWords {
  label(policy: Policy, step: TableStep, side: 'when' | 'then', index: number): string
  unit(definition: FactDefinition | undefined, type: FactType | undefined): string
  readonly note: string
}

/** How somebody likes to see the columns of one table; no part of the policy. */
export interface ColumnView {
  readonly widths: Readonly<Record<string, number>>
  readonly hidden: readonly string[]
  /** So many columns stay in view on the left. */
  readonly frozen: number
}

export const NO_VIEW: ColumnView = { widths: {}, hidden: [], frozen: 0 }
export const MIN_WIDTH = 56
export const MAX_WIDTH = 640

export const keyOf = (side: 'when' | 'then', id: string): string => `${side}:${id}`

/** The columns of a table that are to be seen, from left to right. */
export function columnsOf(policy: Policy, step: TableStep, words: ColumnWords, view: ColumnView): readonly GridColumn[] {
  const columns: Omit<GridColumn, 'left' | 'at'>[] = []
  for (const [index, input] of step.inputs.entries()) {
    const definition = definitionOf(policy, input.expression.trim())
    columns.push(columnOf('when', input.id, index, input.type ?? definition?.type, definition, input.expression.trim()))
  }
  for (const [index, output] of step.outputs.entries()) {
    const definition = definitionOf(policy, output.name)
    const type = output.name === 'outcome' ? 'enum' : definition?.type === 'list' ? definition.of : (definition?.type ?? output.type)
    columns.push(columnOf('then', output.id, index, type, definition, output.name))
  }
  columns.push({
    key: 'note',
    side: 'note',
    index: 0,
    label: words.note,
    unit: '',
    type: 'string',
    definition: undefined,
    name: '',
    isNumeric: false,
    width: view.widths['note'] ?? 220,
  })
  const hidden = new Set(view.hidden)
  let left = 0
  return columns
    .filter(({ key }) => !hidden.has(key))
    .map((column, at) => {
      const placed = { ...column, at, left }
      left += column.width
      return placed
    })

  function columnOf(
    side: 'when' | 'then',
    id: string,
    index: number,
    type: FactType | undefined,
    definition: FactDefinition | undefined,
    name: string,
  ): Omit<GridColumn, 'left' | 'at'> {
    const label = words.label(policy, step, side, index)
    const unit = words.unit(definition, type)
    const key = keyOf(side, id)
    const isNumeric = type === 'number' || type === 'integer' || type === 'money' || type === 'percent'
    const width =
      view.widths[key] ??
      Math.min(180, Math.max(type === 'money' ? 112 : name === 'outcome' ? 104 : 84, 34 + Math.max(widthOf(label), widthOf(unit))))
    return { key, side, index, label, unit, type, definition, name, isNumeric, width }
  }
}

export const widthOfAll = (columns: readonly GridColumn[]): number => {
  const last = columns.at(-1)
  return last ? last.left + last.width : 0
}

function definitionOf(policy: Policy, name: string): FactDefinition | undefined {
  return policy.facts[name] ?? policy.outputs[name]
}

/** About so many pixels, at 13 px. */
function widthOf(text: string): number {
  let width = 0
  for (const char of text) width += char.charCodeAt(0) > 0x2e7f ? 13 : 7.4
  return Math.ceil(width)
}
