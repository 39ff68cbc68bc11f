import { hash } from 'node:crypto'

/** A row as it waits to be applied: checked by itself, not yet against the book. */
export interface StagedRow {
  readonly rowNumber: number
  /** What tells the row's subject from others: a document's number; a customer's; customer and period of a statement. */
  readonly number: string
  readonly customerNumber: string
  readonly customerName?: string | undefined
  readonly onDay?: string | undefined
  readonly dueOn?: string | undefined
  readonly currency?: string | undefined
  readonly amount?: string | undefined
  readonly openAmount?: string | undefined
  readonly terms?: string | undefined
  readonly settledOn?: string | undefined
  readonly settledAmount?: string | undefined
  readonly isDisputed?: boolean | undefined
  readonly invoiceNumber?: string | undefined
  readonly appliedAmount?: string | undefined
  readonly appliedOn?: string | undefined
  readonly closedOn?: string | undefined
  readonly cancelledOn?: string | undefined
  readonly details?: Readonly<Record<string, string>> | undefined
  /** What makes the content; the name is not among it: spellings of a customer are no change of a document. */
  readonly content: readonly (string | boolean | undefined)[]
}

/** One line of `copy … from stdin`, columns in the order of the staging table. */
export function copyLine(row: StagedRow): string {
  return `${row.rowNumber}\t${text(row.number)}\t${text(row.customerNumber)}\t${text(row.customerName)}\t${row.onDay ?? NULL}\t${row.dueOn ?? NULL}\t${row.currency ?? NULL}\t${row.amount ?? NULL}\t${row.openAmount ?? NULL}\t${text(row.terms)}\t${row.settledOn ?? NULL}\t${row.settledAmount ?? NULL}\t${row.isDisputed ?? NULL}\t${text(row.invoiceNumber)}\t${row.appliedAmount ?? NULL}\t${row.appliedOn ?? NULL}\t${row.closedOn ?? NULL}\t${row.cancelledOn ?? NULL}\t${row.details ? text(JSON.stringify(row.details)) : NULL}\t\\\\x${hash('sha256', JSON.stringify(row.content), 'hex')}\n`
}

const NULL = '\\N'
const SPECIAL = /[\\\t\n\r]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function text(value: string | undefined): string {
  if (value === undefined) return NULL
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, character => ESCAPES[character]!) : value
}
