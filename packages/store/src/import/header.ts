import { createHash } from 'node:crypto'
import { foldHeader, IMPORT_KINDS, importFields } from './fields.ts'
import type { Row } from './reading/row.ts'

/** The header row: where it is, and its names made distinct. */
export interface Header {
  readonly rowNumber: number
  readonly columns: readonly string[]
}

/** Finds the header among the first rows: the one that reads most like our fields; else the first that has no figures in it. */
export function findHeader(rows: readonly Row[]): Header | undefined {
  const candidates = rows.slice(0, 30)
  const scored = candidates.map(row => ({ row, score: row.cells.filter(cell => KNOWN_HEADERS.has(foldHeader(cell))).length }))
  const best = scored.reduce<(typeof scored)[number] | undefined>((top, each) => (each.score > (top?.score ?? 0) ? each : top), undefined)
  const found = best?.row ?? candidates.find(({ cells }) => looksLikeHeader(cells))
  return found && { rowNumber: found.number, columns: distinct(found.cells) }
}

/** Recognises a file with the same columns again, whatever it is called. */
export function headerHash(columns: readonly string[]): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(columns.map(foldHeader)))
    .digest()
}

function looksLikeHeader(cells: readonly string[]): boolean {
  const filled = cells.filter(cell => cell.trim() !== '')
  return filled.length >= Math.max(2, cells.length / 2) && filled.every(cell => !/^[-+]?[\d.,/: ]+$/.test(cell.trim()))
}

function distinct(cells: readonly string[]): string[] {
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const name = cell.trim().replace(/\s+/g, ' ').slice(0, 100) || `#${index + 1}`
    let column = name
    for (let copy = 2; taken.has(column); copy += 1) column = `${name} (${copy})`
    taken.add(column)
    return column
  })
}

const KNOWN_HEADERS: ReadonlySet<string> = new Set(IMPORT_KINDS.flatMap(kind => importFields(kind).flatMap(({ synonyms }) => synonyms)))
