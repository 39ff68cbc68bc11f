import { importFields, type ImportKind } from './fields.ts'
import type { Row } from './reading/row.ts'
import type { ImportMapping } from './suggest-mapping.ts'
import { separatorEvidence, type DecimalSeparator } from './values/amount.ts'
import { dateEvidence, type DateOrder } from './values/date.ts'

/** How a file writes dates and amounts, as far as its rows have told. */
export type Detected<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** Written so that it could be either, and nothing in the file decides: somebody has to say. */
  | { readonly kind: 'ambiguous'; readonly column: string; readonly example: string }

/** Gathers evidence row by row; all columns of a file are taken to be written by one program. */
export class ValueDetector {
  readonly #dateColumns: readonly (readonly [number, string])[]
  readonly #amountColumns: readonly (readonly [number, string])[]
  readonly #dates = { 'M/D/YYYY': 0, 'D/M/YYYY': 0, either: undefined as Example | undefined }
  readonly #amounts = { '.': 0, ',': 0, either: undefined as Example | undefined }

  constructor(kind: ImportKind, mapping: ImportMapping, columns: readonly string[]) {
    const columnsOf = (type: 'date' | 'amount'): (readonly [number, string])[] =>
      importFields(kind).flatMap(({ key, type: fieldType }) => {
        const column = fieldType === type ? mapping[key] : undefined
        return column === undefined ? [] : [[columns.indexOf(column), column] as const]
      })
    this.#dateColumns = columnsOf('date')
    this.#amountColumns = columnsOf('amount')
  }

  see({ cells }: Row): void {
    for (const [index, column] of this.#dateColumns) {
      const text = (cells[index] ?? '').trim()
      const evidence = text === '' ? undefined : dateEvidence(text)
      if (evidence === 'either') this.#dates.either ??= { column, example: text }
      else if (evidence) this.#dates[evidence] += 1
    }
    for (const [index, column] of this.#amountColumns) {
      const text = (cells[index] ?? '').trim()
      const evidence = text === '' ? undefined : separatorEvidence(text)
      if (evidence === 'either') this.#amounts.either ??= { column, example: text }
      else if (evidence) this.#amounts[evidence] += 1
    }
  }

  /** Nothing seen so far leaves a doubt. */
  get isSure(): boolean {
    return this.dateOrder().kind === 'known' && this.decimalSeparator().kind === 'known'
  }

  dateOrder(): Detected<DateOrder | undefined> {
    const { 'M/D/YYYY': monthFirst, 'D/M/YYYY': dayFirst, either } = this.#dates
    if (monthFirst !== dayFirst) return { kind: 'known', value: monthFirst > dayFirst ? 'M/D/YYYY' : 'D/M/YYYY' }
    return either ? { kind: 'ambiguous', ...either } : { kind: 'known', value: undefined }
  }

  decimalSeparator(): Detected<DecimalSeparator | undefined> {
    const { '.': point, ',': comma, either } = this.#amounts
    if (point !== comma) return { kind: 'known', value: point > comma ? '.' : ',' }
    return either ? { kind: 'ambiguous', ...either } : { kind: 'known', value: undefined }
  }
}

interface Example {
  readonly column: string
  readonly example: string
}
