import type { Finding, Policy, TableRow, TableStep } from '@surety/engine'
import { useI18n } from 'vue-i18n'
import { useFormat } from '../../format/useFormat.ts'
import { newId, withStepAt } from '../step-path.ts'
import { toHtml, toTsv, toTyped, type Matrix, type TypedCells } from './grid-clipboard.ts'
import type { GridColumn } from './grid-columns.ts'
import { rangeOf, type GridRange, type GridSelection } from './grid-selection.ts'
import {
  copiesOf,
  emptyRow,
  withCells,
  withoutRows,
  withRow,
  withRowsAt,
  withRowsEnabled,
  withRowsMoved,
  type CellEdit,
} from './table-edits.ts'
import type { GridModel } from './useGridModel.ts'

export interface CopiedCells {
  readonly text: string
  readonly html: string
  readonly typed: string
}

export interface GridActions {
  /** Changes one cell to what was typed. */
  type(row: number, column: GridColumn, text: string): void
  clear(): void
  copy(): CopiedCells
  paste(cells: Matrix, typed?: TypedCells): void
  fillDown(): void
  fillRight(): void
  /** Repeats the range in its prolongation. */
  fillTo(target: GridRange): void
  insertRows(at: number, count: number): void
  /** Row `to` of the grid becomes the first of those chosen. */
  moveRowsTo(to: number): void
  moveRowsBy(by: -1 | 1): void
  deleteRows(): void
  duplicateRows(): void
  enableRows(isEnabled: boolean): void
  changeRow(row: number, change: (row: TableRow) => TableRow): void
  /** Every cell where `find` stands gets `replacement` in its place. */
  replace(cells: readonly { readonly row: number; readonly column: GridColumn }[], find: string, replacement: string): void
  insertMissingRow(gap: Finding): void
  undo(): void
  redo(): void
}

export function useGridActions(model: GridModel): GridActions {
  const { t } = useI18n()
  const format = useFormat()
  const { editor } = model

  const number = (value: number): string => format.value.number(value)
  const edit = (label: string, change: (step: TableStep, policy: Policy) => TableStep): void =>
    editor.edit(label, policy => withStepAt(policy, model.path.value, 'table', step => change(step, policy)))
  const columnsIn = ({ left, right }: GridRange): readonly GridColumn[] => model.columns.value.slice(left, right + 1)
  const mayChange = (column: GridColumn): boolean => model.canBuild.value || (model.canType.value && column.side !== 'note')
  /** Rows of the document in the chosen range. */
  const chosenRows = (): ReadonlySet<number> => {
    const { top, bottom } = rangeOf(model.selection.value)
    const rows = new Set<number>()
    for (let row = top; row <= Math.min(bottom, model.rowCount.value - 1); row++) rows.add(model.rowAt(row))
    return rows
  }

  const actions: GridActions = {
    type(row, column, typed) {
      if (!refuse(column)) return
      const { text, finding } = model.readOf(typed, column)
      const isNew = row >= model.rowCount.value
      if (isNew && (typed.trim() === '' || !model.canBuild.value)) return
      edit(t('grid.did.cell', { column: column.label, row: number(row + 1) }), step => {
        const at = isNew ? step.rows.length : model.rowAt(row)
        const base = isNew ? withRowsAt(step, at, [emptyRow(step)]) : step
        return withCells(base, [{ row: at, side: column.side, index: column.index, text }])
      })
      model.say(finding?.severity === 'error' ? t('grid.attention', { count: number(1) }, 1) : '')
    },

    clear() {
      const range = rangeOf(model.selection.value)
      const cells = cellEdits(range, ({ side }) => (side === 'when' ? '-' : ''))
      if (cells.length === 0) return
      edit(t('grid.did.clear', { count: number(cells.length) }, cells.length), step => withCells(step, cells))
    },

    copy() {
      const range = rangeOf(model.selection.value)
      const columns = columnsIn(range)
      const spoken: string[][] = []
      const raw: string[][] = []
      for (let row = range.top; row <= Math.min(range.bottom, model.rowCount.value - 1); row++) {
        const source = model.step.value?.rows[model.rowAt(row)]
        raw.push(columns.map(column => model.cellOf(source, column)))
        spoken.push(columns.map((column, at) => model.editText(raw.at(-1)![at]!, column)))
      }
      model.say(t('grid.said.copied', { rows: number(spoken.length), columns: number(columns.length) }))
      return {
        text: toTsv(spoken),
        html: toHtml(spoken),
        typed: toTyped({ types: columns.map(column => `${column.side}:${column.name}`), cells: raw }),
      }
    },

    paste(cells, typed) {
      if (!refuse(undefined)) return
      const selection = rangeOf(model.selection.value)
      const single = cells.length === 1 && cells[0]!.length === 1
      // One value for a range fills it; else the range grows to what was copied, as often as it fits.
      const height =
        single || (selection.bottom - selection.top + 1) % cells.length === 0 ? selection.bottom - selection.top + 1 : cells.length
      const source = typed && typed.cells.length === cells.length ? typed : undefined
      const width = Math.max(...cells.map(row => row.length))
      const across = single
        ? selection.right - selection.left + 1
        : Math.max(width, width * Math.floor((selection.right - selection.left + 1) / width))
      const columns = model.columns.value.slice(selection.left, selection.left + across)
      const rowCount = Math.max(height, cells.length)
      const room = model.rowCount.value - selection.top
      const added = model.canBuild.value ? Math.max(0, rowCount - room) : 0
      const kept = Math.min(rowCount, Math.max(room, 0) + added)

      let attention = 0
      let firstBad: { row: number; column: number } | undefined
      const edits: CellEdit[] = []
      const documentRows = model.step.value?.rows.length ?? 0
      for (let row = 0; row < kept; row++) {
        const view = selection.top + row
        const at = view < model.rowCount.value ? model.rowAt(view) : documentRows + (view - model.rowCount.value)
        const line = cells[row % cells.length]!
        for (const [place, column] of columns.entries()) {
          const value = line[place % width]
          if (value === undefined || !mayChange(column)) continue
          const isSame = source?.types[place % width] === `${column.side}:${column.name}`
          const { text, finding } = model.readOf(isSame ? source.cells[row % cells.length]![place % width]! : value, column)
          if (finding?.severity === 'error') {
            attention++
            firstBad ??= { row: view, column: selection.left + place }
          }
          edits.push({ row: at, side: column.side, index: column.index, text })
        }
      }
      const size = { rows: number(kept), columns: number(columns.length) }
      edit(t('grid.did.paste', size), step => {
        const rows = Array.from({ length: added }, () => emptyRow(step))
        return withCells(withRowsAt(step, step.rows.length, rows), edits)
      })
      const bottom = selection.top + kept - 1
      const right = selection.left + columns.length - 1
      const corner = { row: selection.top, column: selection.left }
      model.selection.value = { active: corner, anchor: corner, reach: { row: bottom, column: right } }
      const left = [
        ...(kept < rowCount ? [t('grid.said.rowsLeft', { count: number(rowCount - kept) }, rowCount - kept)] : []),
        ...(across > columns.length
          ? [t('grid.said.columnsLeft', { count: number(across - columns.length) }, across - columns.length)]
          : []),
        ...(attention > 0 ? [t('grid.attention', { count: number(attention) }, attention)] : []),
      ]
      model.say([t('grid.said.pasted', size), ...left].join(t('grid.said.join')))
    },

    fillDown() {
      const range = rangeOf(model.selection.value)
      const from = range.top === range.bottom ? Math.max(0, range.top - 1) : range.top
      fill(range, (row, column) => [row === from ? undefined : from, column])
    },

    fillRight() {
      const range = rangeOf(model.selection.value)
      const from = range.left === range.right ? Math.max(0, range.left - 1) : range.left
      fill(range, (row, column) => [row, column === from ? undefined : from])
    },

    fillTo(to) {
      const from = rangeOf(model.selection.value)
      const height = from.bottom - from.top + 1
      const width = from.right - from.left + 1
      const wrap = (value: number, start: number, size: number): number => start + ((((value - start) % size) + size) % size)
      const isInside = (row: number, column: number): boolean =>
        row >= from.top && row <= from.bottom && column >= from.left && column <= from.right
      fill(to, (row, column) =>
        isInside(row, column) ? [undefined, undefined] : [wrap(row, from.top, height), wrap(column, from.left, width)],
      )
      const corner = { row: to.top, column: to.left }
      model.selection.value = { active: model.selection.value.active, anchor: corner, reach: { row: to.bottom, column: to.right } }
    },

    insertRows(at, count) {
      if (!model.canBuild.value) return refuseBuilding()
      const place = at < model.rowCount.value ? model.rowAt(at) : (model.step.value?.rows.length ?? 0)
      edit(t('grid.did.insertRows', { count: number(count) }, count), step =>
        withRowsAt(
          step,
          place,
          Array.from({ length: count }, () => emptyRow(step)),
        ),
      )
      select(at, at + count - 1)
      model.say(t('grid.did.insertRows', { count: number(count) }, count))
    },

    moveRowsTo(to) {
      if (!model.canBuild.value) return refuseBuilding()
      const rows = [...chosenRows()]
      const [first] = rows
      if (first === undefined || to < 0 || to >= model.rowCount.value) return
      // Filtered rows are moved one after another to stand together.
      const isBlock = rows.every((row, at) => row === first + at)
      const goal = model.rowAt(to)
      edit(t('grid.did.moveRows', { count: number(rows.length), row: number(goal + 1) }, rows.length), step => {
        if (isBlock) return withRowsMoved(step, first, rows.length, goal)
        const taken = rows.map(row => step.rows[row]!)
        const rest = step.rows.filter(row => !taken.includes(row))
        return { ...step, rows: rest.toSpliced(Math.min(goal, rest.length), 0, ...taken) }
      })
      const { left, right } = rangeOf(model.selection.value)
      const last = Math.min(to + rows.length - 1, model.rowCount.value - 1)
      model.selection.value = {
        active: { row: last - rows.length + 1, column: model.selection.value.active.column },
        anchor: { row: last - rows.length + 1, column: left },
        reach: { row: last, column: right },
      }
      model.say(t('grid.did.moveRows', { count: number(rows.length), row: number(goal + 1) }, rows.length))
    },

    moveRowsBy(by) {
      actions.moveRowsTo(rangeOf(model.selection.value).top + by)
    },

    deleteRows() {
      if (!model.canBuild.value) return refuseBuilding()
      const rows = chosenRows()
      if (rows.size === 0) return
      const { top } = rangeOf(model.selection.value)
      edit(t('grid.did.deleteRows', { count: number(rows.size) }, rows.size), step => withoutRows(step, rows))
      select(Math.min(top, model.rowCount.value), Math.min(top, model.rowCount.value))
      model.say(t('grid.did.deleteRows', { count: number(rows.size) }, rows.size))
    },

    duplicateRows() {
      if (!model.canBuild.value) return refuseBuilding()
      const rows = [...chosenRows()]
      const last = rows.at(-1)
      if (last === undefined) return
      edit(t('grid.did.duplicateRows', { count: number(rows.length) }, rows.length), step =>
        withRowsAt(step, last + 1, copiesOf(rows.map(row => step.rows[row]!))),
      )
      model.say(t('grid.did.duplicateRows', { count: number(rows.length) }, rows.length))
    },

    enableRows(isEnabled) {
      if (!model.canBuild.value) return refuseBuilding()
      const rows = chosenRows()
      const label = t(isEnabled ? 'grid.did.enableRows' : 'grid.did.disableRows', { count: number(rows.size) }, rows.size)
      edit(label, step => withRowsEnabled(step, rows, isEnabled))
      model.say(label)
    },

    changeRow(row, change) {
      edit(t('grid.did.row', { row: number(row + 1) }), step => withRow(step, model.rowAt(row), change))
    },

    replace(cells, find, replacement) {
      const wanted = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi')
      let attention = 0
      const edits = cells.flatMap(({ row, column }): CellEdit[] => {
        if (!mayChange(column)) return []
        const at = model.rowAt(row)
        const before = model.cellOf(model.step.value?.rows[at], column)
        const spoken = model.editText(before, column)
        // As it is shown, else as it stands in the document.
        const from = wanted.test(spoken) ? spoken : before
        wanted.lastIndex = 0
        const typed = from.replace(wanted, () => replacement)
        if (typed === from) return []
        const { text, finding } = model.readOf(typed, column)
        if (finding?.severity === 'error') attention++
        return [{ row: at, side: column.side, index: column.index, text }]
      })
      if (edits.length === 0) return model.say(t('grid.said.nothingReplaced'))
      edit(t('grid.did.replace', { count: number(edits.length) }, edits.length), step => withCells(step, edits))
      const said = t('grid.did.replace', { count: number(edits.length) }, edits.length)
      model.say(attention > 0 ? [said, t('grid.attention', { count: number(attention) }, attention)].join(t('grid.said.join')) : said)
    },

    insertMissingRow({ fix }) {
      const operation = fix?.patch.find(one => one.op === 'add')
      if (!operation || !('value' in operation)) return
      if (!model.canBuild.value) return refuseBuilding()
      const row = { ...(operation.value as TableRow), id: newId('row') }
      edit(t('grid.did.missingRow'), step => withRowsAt(step, step.rows.length, [row]))
      const last = model.rowCount.value - 1
      const column = Math.max(
        0,
        model.columns.value.findIndex(({ side }) => side === 'then'),
      )
      model.selection.value = { active: { row: last, column }, anchor: { row: last, column }, reach: { row: last, column } }
      model.say(t('grid.said.missingRow', { row: number(last + 1) }))
    },

    undo() {
      const label = editor.undoLabel.value
      if (!editor.canUndo.value || label === undefined) return model.say(t('grid.said.nothingToUndo'))
      editor.undo()
      keepInside()
      model.say(t('grid.said.undone', { what: label }))
    },

    redo() {
      const label = editor.redoLabel.value
      if (!editor.canRedo.value || label === undefined) return model.say(t('grid.said.nothingToRedo'))
      editor.redo()
      keepInside()
      model.say(t('grid.said.redone', { what: label }))
    },
  }
  return actions

  /** Every cell of the range that may be changed and gets another text. */
  function cellEdits(range: GridRange, textOf: (column: GridColumn, row: number, place: number) => string | undefined): CellEdit[] {
    if (!refuse(undefined)) return []
    const edits: CellEdit[] = []
    const columns = columnsIn(range)
    for (let row = range.top; row <= Math.min(range.bottom, model.rowCount.value - 1); row++) {
      for (const [place, column] of columns.entries()) {
        const text = mayChange(column) ? textOf(column, row, range.left + place) : undefined
        if (text !== undefined) edits.push({ row: model.rowAt(row), side: column.side, index: column.index, text })
      }
    }
    return edits
  }

  function fill(range: GridRange, from: (row: number, column: number) => readonly [number | undefined, number | undefined]): void {
    const cells = cellEdits(range, (column, row, place) => {
      const [sourceRow, sourceColumn] = from(row, place)
      if (sourceRow === undefined || sourceColumn === undefined) return undefined
      const source = model.columns.value[sourceColumn]!
      const cell = model.cellOf(model.step.value?.rows[model.rowAt(sourceRow)], source)
      // Across columns a value is read anew: what it means hangs on the column.
      return source === column ? cell : model.readOf(model.editText(cell, source), column).text
    })
    if (cells.length === 0) return
    edit(t('grid.did.fill', { count: number(cells.length) }, cells.length), step => withCells(step, cells))
    model.say(t('grid.did.fill', { count: number(cells.length) }, cells.length))
  }

  function select(top: number, bottom: number): void {
    const { column } = model.selection.value.active
    const next: GridSelection = { active: { row: top, column }, anchor: { row: top, column }, reach: { row: bottom, column } }
    model.selection.value = next
  }

  function keepInside(): void {
    const { active } = model.selection.value
    if (active.row > model.rowCount.value) select(model.rowCount.value, model.rowCount.value)
  }

  /** False, with a word why, where nothing may be typed. */
  function refuse(column: GridColumn | undefined): boolean {
    if (!model.canType.value) model.say(t('grid.said.readOnly'))
    else if (column && !mayChange(column)) model.say(t('grid.said.valuesOnly'))
    else return true
    return false
  }

  function refuseBuilding(): void {
    model.say(t(model.canType.value ? 'grid.said.valuesOnly' : 'grid.said.readOnly'))
  }
}
