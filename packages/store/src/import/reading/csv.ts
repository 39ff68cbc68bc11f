import { FileProblem, MAX_CELL_LENGTH, MAX_COLUMNS, type Row, type RowFlaw } from './row.ts'

// The first wins where two would do: a tab is rarely part of a text, a comma often.
export const DELIMITERS = ['\t', '|', ';', ','] as const

/** Reads rows out of pieces of text, as RFC 4180 has it; a quote inside an unquoted cell is a character like any other. */
export class CsvReader {
  readonly #delimiter: number
  #number = 0
  #cells: string[] = []
  #cell = ''
  #cellLength = 0
  #flaw: RowFlaw | undefined
  #state = CELL_START
  #quoteOpenedAt = 0
  #skipLineFeed = false

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0)
  }

  /** The rows that this piece completes. */
  push(text: string): Row[] {
    const rows: Row[] = []
    const delimiter = this.#delimiter
    let at = 0
    if (this.#skipLineFeed && text.length > 0) {
      this.#skipLineFeed = false
      if (text.charCodeAt(0) === LINE_FEED) at = 1
    }
    while (at < text.length) {
      if (this.#state === CELL_START) {
        if (text.charCodeAt(at) === QUOTE) {
          this.#state = QUOTED
          this.#quoteOpenedAt = this.#number + 1
          at += 1
        } else this.#state = UNQUOTED
      } else if (this.#state === QUOTED) {
        const quote = text.indexOf('"', at)
        this.#append(text, at, quote === -1 ? text.length : quote)
        if (quote === -1) break
        this.#state = QUOTE_SEEN
        at = quote + 1
      } else {
        const code = text.charCodeAt(at)
        if (this.#state === QUOTE_SEEN) {
          if (code === QUOTE) {
            this.#append('"', 0, 1)
            this.#state = QUOTED
            at += 1
            continue
          }
          if (code !== delimiter && code !== LINE_FEED && code !== CARRIAGE_RETURN) {
            if (code !== SPACE) this.#flaw ??= { kind: 'text-after-quote', cell: this.#cells.length }
            at += 1
            continue
          }
        }
        let end = at
        let stop = code
        while (stop !== delimiter && stop !== LINE_FEED && stop !== CARRIAGE_RETURN && ++end < text.length) stop = text.charCodeAt(end)
        this.#append(text, at, end)
        if (end >= text.length) break
        this.#endCell()
        at = end + 1
        if (stop === delimiter) continue
        rows.push(this.#endRow())
        if (stop === CARRIAGE_RETURN) {
          if (at === text.length) this.#skipLineFeed = true
          else if (text.charCodeAt(at) === LINE_FEED) at += 1
        }
      }
    }
    return rows
  }

  /** What is left when the text is over. */
  end(): Row[] {
    if (this.#state === QUOTED) {
      throw new FileProblem(
        'UNCLOSED_QUOTE',
        `The quote opened in row ${this.#quoteOpenedAt} never closes, so everything after it would be one cell; close it or double it.`,
        `第 ${this.#quoteOpenedAt} 行的引号没有结束，其后的内容会被当作一个单元格；请补上引号，或将其写成两个引号。`,
      )
    }
    if (this.#cells.length === 0 && this.#state === CELL_START) return []
    this.#endCell()
    return [this.#endRow()]
  }

  #append(text: string, from: number, to: number): void {
    if (to <= from) return
    this.#cellLength += to - from
    if (this.#cellLength > MAX_CELL_LENGTH) {
      this.#flaw = { kind: 'cell-too-long', cell: this.#cells.length, length: this.#cellLength }
      return
    }
    this.#cell = this.#cell === '' ? text.slice(from, to) : this.#cell + text.slice(from, to)
  }

  #endCell(): void {
    if (this.#cells.length === MAX_COLUMNS) {
      throw new FileProblem(
        'TOO_MANY_COLUMNS',
        `Row ${this.#number + 1} has more than ${MAX_COLUMNS} columns; is the delimiter right?`,
        `第 ${this.#number + 1} 行超过 ${MAX_COLUMNS} 列；分隔符是否正确？`,
      )
    }
    if (this.#cell.includes('\0')) this.#flaw ??= { kind: 'control-character', cell: this.#cells.length }
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#cellLength = 0
    this.#state = CELL_START
  }

  #endRow(): Row {
    this.#number += 1
    const row: Row = { number: this.#number, cells: this.#cells, ...(this.#flaw && { flaw: this.#flaw }) }
    this.#cells = []
    this.#flaw = undefined
    return row
  }
}

/** The delimiter under which the rows of a piece of text have the same number of cells, and more than one. */
export function detectDelimiter(text: string): string {
  const declared = /^sep=(.)\r?\n/i.exec(text)?.[1]
  if (declared) return declared
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const reader = new CsvReader(delimiter)
    let rows: Row[] = []
    try {
      rows = reader
        .push(text)
        .filter(({ cells }) => cells.some(cell => cell !== ''))
        .slice(0, 200)
      if (rows.length === 0) rows = reader.end()
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error
    }
    const widths = new Map<number, number>()
    for (const { cells } of rows) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1)
    for (const [width, count] of widths) {
      const score = width > 1 ? (count / rows.length) ** 2 * Math.log2(width) : 0
      if (score > best.score) best = { delimiter, score }
    }
  }
  return best.delimiter
}

const CELL_START = 0
const UNQUOTED = 1
const QUOTED = 2
const QUOTE_SEEN = 3

const QUOTE = 34
const SPACE = 32
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
