import type { GridColumn } from './grid-columns.ts'

/** The part of a table that is drawn. Bounds are first included, last excluded. */
export interface GridWindow {
  readonly firstRow: number
  readonly lastRow: number
  readonly firstColumn: number
  readonly lastColumn: number
}

export interface GridViewport {
  readonly scrollTop: number
  readonly scrollLeft: number
  readonly height: number
  readonly width: number
}

/** Rows are drawn in steps of so many, so that a wheel's notch redraws a few at once instead of one by one. */
const ROW_STEP = 4
const ROW_MARGIN = 4
const COLUMN_MARGIN_PX = 120

/** Which rows and columns are to be drawn for what is in view. Frozen columns are always drawn and not part of it. */
export function windowOf(
  { scrollTop, scrollLeft, height, width }: GridViewport,
  rowHeight: number,
  rowCount: number,
  columns: readonly GridColumn[],
  frozen: number,
): GridWindow {
  const top = Math.max(0, Math.floor(scrollTop / rowHeight) - ROW_MARGIN)
  const bottom = Math.ceil((scrollTop + height) / rowHeight) + ROW_MARGIN
  const firstRow = Math.min(top - (top % ROW_STEP), Math.max(0, rowCount - 1))
  const lastRow = Math.min(rowCount, bottom + ROW_STEP - (bottom % ROW_STEP))
  let firstColumn = frozen
  while (firstColumn < columns.length - 1 && columns[firstColumn]!.left + columns[firstColumn]!.width < scrollLeft - COLUMN_MARGIN_PX)
    firstColumn++
  let lastColumn = firstColumn
  while (lastColumn < columns.length && columns[lastColumn]!.left < scrollLeft + width + COLUMN_MARGIN_PX) lastColumn++
  return { firstRow, lastRow, firstColumn, lastColumn }
}

/** More rows than are ever drawn at once in a viewport of this height. */
export const poolSize = (height: number, rowHeight: number): number => Math.ceil(height / rowHeight) + 2 * (ROW_MARGIN + ROW_STEP)

export const isSameWindow = (a: GridWindow, b: GridWindow): boolean =>
  a.firstRow === b.firstRow && a.lastRow === b.lastRow && a.firstColumn === b.firstColumn && a.lastColumn === b.lastColumn
