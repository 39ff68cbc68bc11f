import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { csvLine, CSV_TABLES, toCsv, type BookApplication, type CsvTable, type LedgerRecord } from '@surety/credit'

/** Files of a generated ledger in the shape that `import` reads: what a payment or credit note settles stands beside it. */
export interface CsvWriter {
  /** All records of one customer. */
  write(records: readonly LedgerRecord[]): Promise<void>
  /** Rows by file. */
  end(): Promise<Record<string, number>>
}

const APPLICATION_COLUMNS = ['invoice_id', 'applied_amount', 'applied_on'] as const

const COLUMNS: Partial<Record<CsvTable, readonly string[]>> = {
  customers: CSV_TABLES.customers,
  contacts: CSV_TABLES.contacts,
  orders: CSV_TABLES.orders,
  invoices: CSV_TABLES.invoices,
  'credit-notes': [...CSV_TABLES['credit-notes'], ...APPLICATION_COLUMNS],
  payments: [...CSV_TABLES.payments, 'cancelled_on', ...APPLICATION_COLUMNS],
  statements: CSV_TABLES.statements,
}

export function createCsvWriter(folder: string): CsvWriter {
  const files = new Map<string, { stream: WriteStream; lines: string; rows: number }>()
  for (const [table, columns] of Object.entries(COLUMNS))
    files.set(table, { stream: createWriteStream(join(folder, `${table}.csv`)), lines: `${csvLine(columns)}\n`, rows: 0 })
  const flush = async (file: { stream: WriteStream; lines: string }): Promise<void> => {
    const { lines } = file
    file.lines = ''
    if (!file.stream.write(lines)) await once(file.stream, 'drain')
  }
  return {
    async write(records) {
      const applications = standingApplications(records)
      const cancelledOn = new Map(
        records.flatMap(record =>
          record.kind === 'bill' && record.entry.dishonouredOn !== undefined
            ? [[record.entry.id, record.entry.dishonouredOn] as const]
            : [],
        ),
      )
      for (const record of records) {
        const row = toCsv(record)
        const file = row && files.get(row.table)
        if (!row || !file) continue
        const own = record.kind === 'payment' ? [...row.cells, cancelledOn.get(record.entry.billId ?? '') ?? ''] : row.cells
        const settles =
          row.table === 'payments' || row.table === 'credit-notes' ? (applications.get(row.cells[0]!) ?? [['', '', '']]) : [[]]
        for (const cells of settles) {
          file.lines += `${csvLine([...own, ...cells])}\n`
          file.rows += 1
        }
        if (file.lines.length > 256 * 1024) await flush(file)
      }
    },
    async end() {
      const rows: Record<string, number> = {}
      for (const [table, file] of files) {
        await flush(file)
        file.stream.end()
        await finished(file.stream)
        rows[`${table}.csv`] = file.rows
      }
      return rows
    },
  }
}

/** What each payment or credit note settles in the end: applications that were undone later are left out. */
function standingApplications(records: readonly LedgerRecord[]): Map<string, string[][]> {
  const undone = new Map<string, number>()
  const applications: BookApplication[] = []
  for (const record of records) {
    if (record.kind !== 'application') continue
    if (record.entry.amount.startsWith('-')) undone.set(pairOf(record.entry), (undone.get(pairOf(record.entry)) ?? 0) + 1)
    else applications.push(record.entry)
  }
  const standing = new Map<string, string[][]>()
  for (const application of applications) {
    const left = undone.get(pairOf(application)) ?? 0
    if (left > 0) {
      undone.set(pairOf(application), left - 1)
      continue
    }
    const of = standing.get(application.sourceId) ?? []
    of.push([application.documentId, application.amount, application.date])
    standing.set(application.sourceId, of)
  }
  return standing
}

function pairOf({ sourceId, documentId }: BookApplication): string {
  return `${sourceId} ${documentId}`
}
