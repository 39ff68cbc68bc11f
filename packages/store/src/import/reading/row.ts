/** A row as it stands in a file: its number as a spreadsheet shows it (the first is 1) and its cells as text. */
export interface Row {
  readonly number: number
  readonly cells: readonly string[]
  readonly flaw?: RowFlaw
}

/** What makes a row unreadable though the file around it is fine. */
export type RowFlaw =
  | { readonly kind: 'cell-too-long'; readonly cell: number; readonly length: number }
  | { readonly kind: 'text-after-quote'; readonly cell: number }
  | { readonly kind: 'control-character'; readonly cell: number }

/** Characters that a cell may have: as many as a spreadsheet allows. Longer cells make their row wrong, not the program large. */
export const MAX_CELL_LENGTH = 32_767

/** Columns that a file may have. */
export const MAX_COLUMNS = 1000

/** Why a file can't be read at all. */
export class FileProblem extends Error {
  readonly code: string
  readonly text: { readonly en: string; readonly zh: string }
  constructor(code: string, en: string, zh: string, options?: ErrorOptions) {
    super(en, options)
    this.code = code
    this.text = { en, zh }
  }
}
