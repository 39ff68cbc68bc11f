import { bindExpression } from '../feel/bind.ts'
import { type CellSet, cellSetOf } from '../feel/cell-set.ts'
import type { CellProgram } from '../feel/program.ts'
import type { Frame } from '../frame.ts'
import type { FactDefinition, FactType, TableStep, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import { bindTestCell, type Column, valuesOf } from '../table/bind-cell.ts'
import type { Box } from './cover.ts'
import { createDomain, type Domain, markSet, noMarks, without } from './domain.ts'
import { intersect, type Ranges, rangesOf } from './ranges.ts'
import type { Reader } from './reader.ts'

/** A decision table as geometry: rows are boxes in the space of its inputs. */
export interface TableBoxes {
  readonly step: TableStep
  readonly path: string
  readonly sides: readonly Side[]
  /** Those that are switched on, in order. */
  readonly rows: readonly RowBox[]
  /** Every side is a fact or an output by itself, so that its values can be chosen freely. */
  readonly isFree: boolean
}

/** One thing that columns ask for; columns that ask for the same share it. */
export interface Side {
  readonly expression: string
  readonly label: Text
  /** The fact or output, where it is that alone. */
  readonly name: string | undefined
  readonly domain: Domain
  /** The atoms that may come: those that the table does not refuse. */
  readonly allowed: Ranges
  readonly columns: readonly number[]
}

export interface RowBox {
  readonly index: number
  readonly id: string
  readonly path: string
  /** Where the row holds; at most there when it is not exact. */
  readonly holds: Box
  /** Where it holds, or can't be told from for want of a value. */
  readonly mayHold: Box
  readonly isExact: boolean
}

interface Cell {
  readonly set: CellSet | undefined
  readonly whenMissing: 'true' | 'false' | 'unknown'
}

export function tableBoxes(step: TableStep, path: string, reader: Reader): TableBoxes {
  const { scope, vocabulary, context } = reader
  const binder = { vocabulary, names: new Set(vocabulary.names), context }
  const columns = step.inputs.map(({ expression, type, allowedValues }, at) => {
    const program = bindExpression(expression, vocabulary, context, '')
    const name = program.tree?.kind === 'name' ? scope.find(program.tree.name) : undefined
    const inferred = program.type === 'unknown' || program.type === 'null' ? undefined : program.type
    const column: Column = { type: type ?? name?.definition.type ?? inferred, values: valuesOf(name?.definition) }
    const cells = new Map<string, Cell>()
    const read = (text: string): Cell => {
      let cell = cells.get(text)
      if (!cell) cells.set(text, (cell = cellOf(bindTestCell(text, column, binder, ''))))
      return cell
    }
    for (const row of step.rows) if (row.enabled !== false) read(row.when[at] ?? '-')
    return {
      at,
      key: name?.name ?? expression.trim(),
      name,
      column,
      read,
      cells,
      allowed: allowedValues === undefined ? undefined : cellOf(bindTestCell(allowedValues, column, binder, '')),
    }
  })

  const sides = [...Map.groupBy(columns, ({ key }) => key).values()].map(shared => {
    const marks = noMarks()
    const cells = shared.flatMap(({ cells: own, allowed }) => [...own.values(), ...(allowed ? [allowed] : [])])
    for (const { set } of cells) if (set) markSet(marks, set)
    const [first] = shared
    const definition: FactDefinition = first!.name?.definition ?? { type: first!.column.type ?? typeOf(cells) }
    const domain = createDomain(definition, marks)
    const sideOf = new Map<Cell, SideOfCell>()
    const place = (cell: Cell): SideOfCell => {
      let side = sideOf.get(cell)
      if (!side) sideOf.set(cell, (side = placeCell(cell, domain)))
      return side
    }
    const refused = shared.flatMap(({ allowed }) =>
      allowed ? [without(domain.known, place(allowed).isExact ? place(allowed).holds : domain.known)] : [],
    )
    const input = step.inputs[first!.at]!
    return {
      expression: input.expression,
      label: input.label ?? first!.name?.definition.label ?? { en: input.expression, zh: input.expression },
      name: first!.name?.name,
      domain,
      allowed: refused.reduce(without, domain.all),
      columns: shared.map(({ at }) => at),
      of: (when: readonly string[]): SideOfCell => shared.map(({ at, read }) => place(read(when[at] ?? '-'))).reduce(both),
    }
  })

  const rows = step.rows.flatMap((row, index): RowBox[] => {
    if (row.enabled === false) return []
    const cells = sides.map(side => side.of(row.when))
    return [
      {
        index,
        id: row.id,
        path: pointer(path, 'rows', index),
        holds: cells.map(({ holds }) => holds),
        mayHold: cells.map(({ mayHold }) => mayHold),
        isExact: cells.every(({ isExact }) => isExact),
      },
    ]
  })
  return { step, path, sides, rows, isFree: sides.every(({ name }) => name !== undefined) }
}

/** Rows for people: numbered from one. */
export const rowName = (row: RowBox): string => `${row.index + 1}`

interface SideOfCell {
  readonly holds: Ranges
  readonly mayHold: Ranges
  readonly isExact: boolean
}

function cellOf(program: CellProgram<Frame>): Cell {
  if (!program.tree || program.problems.length > 0 || program.reads.length > 0) return { set: undefined, whenMissing: 'unknown' }
  const set = cellSetOf(program.tree)
  if (!set) return { set, whenMissing: 'unknown' }
  const missing = program.run(undefined as unknown as Frame, null)
  return { set, whenMissing: missing === true ? 'true' : missing === false ? 'false' : 'unknown' }
}

function placeCell({ set, whenMissing }: Cell, domain: Domain): SideOfCell {
  const known = set && domain.rangesOf(set)
  if (!known) return { holds: domain.all, mayHold: domain.all, isExact: false }
  const withMissing = rangesOf([...pairsOf(known), [domain.missing, domain.missing]])
  return { holds: whenMissing === 'true' ? withMissing : known, mayHold: whenMissing === 'false' ? known : withMissing, isExact: true }
}

function both(a: SideOfCell, b: SideOfCell): SideOfCell {
  return { holds: intersect(a.holds, b.holds), mayHold: intersect(a.mayHold, b.mayHold), isExact: a.isExact && b.isExact }
}

function pairsOf(ranges: Ranges): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = []
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!])
  return pairs
}

/** What a column without a type is about, as its cells tell. */
function typeOf(cells: readonly Cell[]): FactType {
  for (const { set } of cells) {
    if (set?.kind === 'numbers') return 'number'
    if (set?.kind === 'dates') return 'date'
    if (set?.kind === 'texts') return 'string'
    if (set?.kind === 'booleans') return 'boolean'
  }
  return 'list'
}
