import { existsSync, readFileSync } from 'node:fs'
import { isCurrency } from '@surety/credit'
import {
  asActor,
  EXTRACT_TYPES,
  listFindings,
  reconcileExtract,
  reconcileLedger,
  SYSTEM,
  type ExtractItem,
  type ReconciliationFinding,
} from '@surety/store'
import { dayOption, EXIT, textOption, UsageError, type Command } from '../command.ts'
import { findSegment } from '../segment.ts'
import { table } from '../table.ts'

const COLUMNS = ['type', 'number', 'customerNumber', 'currency', 'openAmount'] as const

export const reconcileCommand: Command = {
  name: 'reconcile',
  summary: 'Hold the open items of another system against the book, or the ledger against its documents; the report is kept.',
  describe: command =>
    command
      .option('--extract <file>', `CSV with the columns ${COLUMNS.join(', ')}; without it, the ledger against its documents`)
      .option('--source <name>', 'the books that the extract comes from', 'file')
      .option('--segment <code>', 'business segment that it is about')
      .option('--as-of <day>', 'the day of the extract (default: today)'),
  async run(session, _, options) {
    const file = textOption(options, 'extract')
    const items = file === undefined ? undefined : readExtract(file)
    const asOf = dayOption(options, 'asOf')
    const { report, findings } = await asActor(session.sql, SYSTEM, async tx => {
      const segment = await findSegment(tx, textOption(options, 'segment'))
      const made =
        items === undefined
          ? await reconcileLedger(tx, segment.id)
          : await reconcileExtract(tx, { segmentId: segment.id, source: textOption(options, 'source') ?? 'file', asOf, items })
      return { report: made, findings: (await listFindings(tx, made.id, { first: 500 })).edges.map(({ node }) => node) }
    })
    session.answer({ ...report, findings }, () => [
      `report ${report.id}: ${Object.entries(report.counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
      ...(report.totals.length === 0
        ? []
        : table(
            ['', 'currency', 'ours', 'theirs', 'difference'],
            report.totals.map(total => [total.type ?? '', total.currency, total.ours, total.theirs, total.difference]),
          )),
      ...findings.map(describeFinding),
      ...(report.findingCount > findings.length ? [`… ${report.findingCount} in all`] : []),
    ])
    return report.findingCount > 0 ? EXIT.findings : EXIT.ok
  },
}

function describeFinding({
  kind,
  customerNumber,
  documentType,
  documentNumber,
  category,
  currency,
  ours,
  theirs,
}: ReconciliationFinding): string {
  const what = documentNumber === null ? `balance of ${category}` : `${documentType} ${documentNumber}`
  return `${kind}: ${what} of customer ${customerNumber}, ${currency} ours ${ours ?? 'none'}, theirs ${theirs ?? 'none'}`
}

function readExtract(file: string): ExtractItem[] {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  const [header = '', ...lines] = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  const columns = cellsOf(header)
  const missing = COLUMNS.filter(column => !columns.includes(column))
  if (missing.length > 0)
    throw new UsageError(`${file} lacks the columns ${missing.join(', ')}; its first line should be ${COLUMNS.join(',')}.`)
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [toItem(cellsOf(line), columns, `${file}, line ${index + 2}`)]))
}

function toItem(cells: readonly string[], columns: readonly string[], place: string): ExtractItem {
  const cell = (name: (typeof COLUMNS)[number]): string => cells[columns.indexOf(name)] ?? ''
  const type = EXTRACT_TYPES.find(known => known === cell('type'))
  if (!type) throw new UsageError(`${place}: type is ${JSON.stringify(cell('type'))}; it should be one of ${EXTRACT_TYPES.join(', ')}.`)
  if (!isCurrency(cell('currency')))
    throw new UsageError(`${place}: currency is ${JSON.stringify(cell('currency'))}; write an ISO 4217 code such as CNY.`)
  if (!/^\d{1,15}(\.\d{1,4})?$/.test(cell('openAmount')))
    throw new UsageError(`${place}: openAmount is ${JSON.stringify(cell('openAmount'))}; write it as 1250.00.`)
  if (cell('number') === '' || cell('customerNumber') === '') throw new UsageError(`${place}: number and customerNumber may not be empty.`)
  return {
    type,
    number: cell('number'),
    customerNumber: cell('customerNumber'),
    currency: cell('currency'),
    openAmount: cell('openAmount'),
  }
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    (quoted?.replaceAll('""', '"') ?? bare ?? '').trim(),
  )
}
