import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { env } from 'node:process'

const root = resolve(import.meta.dirname, '../../../..')
const folder = resolve(root, env['SURETY_SHARED_DATA'] ?? '../shared/data')

/** Public data sets that are not part of the repository. */
export function hasSharedData(name: string): boolean {
  return existsSync(resolve(folder, name))
}

export function readShared(path: string): string {
  return readFileSync(resolve(folder, path), 'utf8')
}

/** Rows of a CSV file by column name; quotes may hold commas. */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = text.trimEnd().split(/\r?\n/).map(splitLine)
  return rows.map(cells => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])))
}

function splitLine(line: string): readonly string[] {
  const cells: string[] = []
  let at = 0
  for (;;) {
    if (line[at] === '"') {
      let cell = ''
      for (at++; line[at] !== '"' || line[at + 1] === '"'; at++) {
        if (line[at] === '"') at++
        cell += line[at] ?? ''
      }
      cells.push(cell)
      at++
    } else {
      const end = line.indexOf(',', at)
      cells.push(line.slice(at, end < 0 ? undefined : end))
      at = end < 0 ? line.length : end
    }
    if (line[at] !== ',') return cells
    at++
  }
}
