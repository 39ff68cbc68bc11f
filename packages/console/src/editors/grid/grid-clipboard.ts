/** Cells as spreadsheets pass them on. */
export type Matrix = readonly (readonly string[])[]

/** Our own form beside text and HTML: what cells really hold, by type of column. */
export const CELLS_MIME = 'application/x-surety-cells+json'

export interface TypedCells {
  readonly types: readonly string[]
  readonly cells: Matrix
}

/** As Excel writes it: tabs, line ends, and quotes around what holds one of them. */
export function toTsv(cells: Matrix): string {
  return cells.map(row => row.map(cell => (/[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\r\n')
}

/** As Excel writes it. A quote begins a quoted cell only where the cell begins and a tab or a line's end follows its end. */
export function fromTsv(text: string): Matrix {
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  if (source === '') return [['']]
  const rows: string[][] = [[]]
  let at = 0
  for (;;) {
    const row = rows.at(-1)!
    const quoted = source[at] === '"' ? /^"((?:[^"]|"")*)"(?=\t|\n|$)/.exec(source.slice(at, at + 32_768)) : null
    let end: number
    if (quoted) {
      row.push(quoted[1]!.replaceAll('""', '"'))
      end = at + quoted[0].length
    } else {
      end = at
      while (end < source.length && source[end] !== '\t' && source[end] !== '\n') end++
      row.push(source.slice(at, end))
    }
    if (end >= source.length) return rows
    if (source[end] === '\n') rows.push([])
    at = end + 1
  }
}

export function toHtml(cells: Matrix): string {
  const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<table>${cells.map(row => `<tr>${row.map(cell => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('')}</table>`
}

/** The first table of an HTML fragment; undefined where there is none. Merged cells count once, as their first. */
export function fromHtml(html: string): Matrix | undefined {
  const table = new DOMParser().parseFromString(html, 'text/html').querySelector('table')
  if (!table) return undefined
  return [...table.rows].map(row =>
    [...row.cells].flatMap(cell => [cell.textContent.trim(), ...Array.from({ length: cell.colSpan - 1 }, () => '')]),
  )
}

export function toTyped(cells: TypedCells): string {
  return JSON.stringify(cells)
}

export function fromTyped(text: string): TypedCells | undefined {
  try {
    const { types, cells } = JSON.parse(text) as Partial<TypedCells>
    const isMatrix = Array.isArray(cells) && cells.every(row => Array.isArray(row) && row.every(cell => typeof cell === 'string'))
    return isMatrix && Array.isArray(types) ? { types, cells } : undefined
  } catch {
    return undefined
  }
}
