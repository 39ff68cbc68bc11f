/** A cell by what is seen: rows as filtered, columns as shown. Row −1 is the header. */
export interface GridCell {
  readonly row: number
  readonly column: number
}

/** One range of cells with the one that is typed into. */
export interface GridSelection {
  readonly active: GridCell
  /** The corner that stays while the range grows; opposite of `reach`. */
  readonly anchor: GridCell
  readonly reach: GridCell
}

export interface GridRange {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export interface GridSize {
  readonly rows: number
  readonly columns: number
  /** Rows that a page moves by. */
  readonly page: number
}

export type Direction = 'up' | 'down' | 'left' | 'right'
export type Stride = 'one' | 'page' | 'data' | 'row' | 'all'

export const atCell = (row: number, column: number): GridSelection => {
  const cell = { row, column }
  return { active: cell, anchor: cell, reach: cell }
}

export function rangeOf({ anchor, reach }: GridSelection): GridRange {
  return {
    top: Math.max(0, Math.min(anchor.row, reach.row)),
    bottom: Math.max(0, Math.max(anchor.row, reach.row)),
    left: Math.min(anchor.column, reach.column),
    right: Math.max(anchor.column, reach.column),
  }
}

export const isSingle = ({ anchor, reach }: GridSelection): boolean => anchor.row === reach.row && anchor.column === reach.column

/** Where a key leads. `isFilled` tells where data are, for jumps to their edge. */
export function moved(
  { active, anchor, reach }: GridSelection,
  direction: Direction,
  stride: Stride,
  isExtending: boolean,
  size: GridSize,
  isFilled: (cell: GridCell) => boolean,
): GridSelection {
  const from = isExtending ? reach : active
  const to = target(from, direction, stride, size, isFilled, isExtending ? 0 : -1)
  return isExtending ? { active, anchor, reach: to } : atCell(to.row, to.column)
}

/** The next cell of a range for Enter and Tab, round and round; outside a range, the neighbour. */
export function stepped(selection: GridSelection, direction: Direction, size: GridSize): GridSelection {
  if (isSingle(selection)) return moved(selection, direction, 'one', false, size, () => true)
  const { top, bottom, left, right } = rangeOf(selection)
  const { active } = selection
  const height = bottom - top + 1
  const width = right - left + 1
  const isVertical = direction === 'up' || direction === 'down'
  const place = isVertical ? (active.column - left) * height + (active.row - top) : (active.row - top) * width + (active.column - left)
  const count = height * width
  const next = (place + (direction === 'down' || direction === 'right' ? 1 : -1) + count) % count
  const cell = isVertical
    ? { row: top + (next % height), column: left + Math.floor(next / height) }
    : { row: top + Math.floor(next / width), column: left + (next % width) }
  return { ...selection, active: cell }
}

function target(
  from: GridCell,
  direction: Direction,
  stride: Stride,
  size: GridSize,
  isFilled: (cell: GridCell) => boolean,
  firstRow: number,
): GridCell {
  const lastRow = size.rows - 1
  const lastColumn = size.columns - 1
  const within = ({ row, column }: GridCell): GridCell => ({
    row: Math.min(lastRow, Math.max(firstRow, row)),
    column: Math.min(lastColumn, Math.max(0, column)),
  })
  const by = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] }[direction] as [number, number]
  switch (stride) {
    case 'one':
      return within({ row: from.row + by[0], column: from.column + by[1] })
    case 'page':
      return within({ row: Math.max(0, from.row + by[0] * size.page), column: from.column })
    case 'row':
      return within({ row: from.row, column: direction === 'left' ? 0 : lastColumn })
    case 'all':
      return direction === 'up' ? { row: 0, column: 0 } : { row: lastRow, column: lastColumn }
    case 'data': {
      const step = (cell: GridCell): GridCell => within({ row: Math.max(0, cell.row + by[0]), column: cell.column + by[1] })
      const isSame = (a: GridCell, b: GridCell): boolean => a.row === b.row && a.column === b.column
      let here = within(from)
      let next = step(here)
      if (isSame(here, next)) return here
      // Along what is filled to its last cell; over what is empty to the next filled one.
      const isAlong = here.row >= 0 && isFilled(here) && isFilled(next)
      while (!isSame(here, next) && (isAlong ? isFilled(next) : !isFilled(next))) {
        here = next
        next = step(here)
      }
      return isAlong ? here : next
    }
  }
}
