import { importFields, type ImportKind } from './fields.ts'
import type { Row, RowFlaw } from './reading/row.ts'

/** Records as they come through a door, laid out like rows of a file whose header are the names of the fields. */
export async function* recordRows(kind: ImportKind, records: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<readonly Row[]> {
  const keys = importFields(kind).map(({ key }) => key)
  let rows: Row[] = []
  let number = 0
  for await (const record of records) {
    number += 1
    rows.push({ number, ...layOut(record, keys) })
    if (rows.length === 1000) {
      yield rows
      rows = []
    }
  }
  if (rows.length > 0) yield rows
}

function layOut(record: unknown, keys: readonly string[]): { cells: string[]; flaw?: RowFlaw } {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return { cells: [], flaw: { kind: 'not-an-object', cell: 0 } }
  const cells = keys.map(() => '')
  for (const [key, value] of Object.entries(record)) {
    const index = keys.indexOf(key)
    if (index === -1) return { cells: [], flaw: { kind: 'unknown-field', cell: 0, name: key } }
    if (value === null || value === undefined) continue
    if (typeof value === 'object') return { cells: [], flaw: { kind: 'not-an-object', cell: index } }
    cells[index] = String(value)
    if (cells[index].includes('\0')) return { cells, flaw: { kind: 'control-character', cell: index } }
  }
  return { cells }
}
