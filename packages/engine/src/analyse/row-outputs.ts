import type { FeelValue } from '../feel/values.ts'
import { equal } from '../feel/values.ts'
import type { Frame } from '../frame.ts'
import { OUTCOMES, type TableStep } from '../policy/document.ts'
import { bindOutputCell } from '../table/bind-cell.ts'
import type { Reader } from './reader.ts'

/** What rows conclude, as far as it can be told before they run. */
export interface RowOutputs {
  /** Whether two rows come to the same. */
  compare(a: number, b: number): 'same' | 'different' | 'undecided'
  /** Where a row stands in the order of priorities, less is better; undefined when that hangs on facts. */
  rank(row: number): readonly number[] | undefined
}

interface OutputOfRow {
  readonly text: string
  /** Absent: it hangs on facts. */
  readonly constant?: FeelValue
}

export function outputCellsOf(step: TableStep, reader: Reader): RowOutputs {
  const { scope, vocabulary, context } = reader
  const binder = { vocabulary, names: new Set(vocabulary.names), context }
  const columns = step.outputs.map(output => {
    const definition =
      output.name === 'outcome'
        ? { type: 'enum' as const, values: OUTCOMES }
        : (scope.find(output.name)?.definition ?? { type: output.type ?? ('string' as const) })
    const cells = new Map<string, OutputOfRow>()
    return (text: string): OutputOfRow => {
      let cell = cells.get(text)
      if (!cell) {
        const program = bindOutputCell(text, definition, output.name, binder, '')
        cell = program
          ? program.isConstant
            ? { text: text.trim(), constant: program.run(undefined as unknown as Frame, null) }
            : { text: text.trim() }
          : { text: '', constant: null }
        cells.set(text, cell)
      }
      return cell
    }
  })
  const cellsOf = (row: number): readonly OutputOfRow[] => columns.map((read, at) => read(step.rows[row]!.then[at] ?? ''))
  return {
    compare(a, b) {
      const others = cellsOf(b)
      let isUndecided = false
      for (const [at, cell] of cellsOf(a).entries()) {
        const other = others[at]!
        if (cell.constant === undefined || other.constant === undefined) {
          if (cell.text !== other.text) isUndecided = true
        } else if (!isSame(cell.constant, other.constant)) return 'different'
      }
      return isUndecided ? 'undecided' : 'same'
    },
    rank(row) {
      const cells = cellsOf(row)
      const rank: number[] = []
      for (const [at, { values }] of step.outputs.entries()) {
        if (!values?.length) continue
        const { constant } = cells[at]!
        if (constant === undefined) return undefined
        const place = values.findIndex(value => equal(constant, value) === true)
        rank.push(place < 0 ? values.length : place)
      }
      return rank
    },
  }
}

function isSame(a: FeelValue, b: FeelValue): boolean {
  return a === null ? b === null : equal(a, b) === true
}
