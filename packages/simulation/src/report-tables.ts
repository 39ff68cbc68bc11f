import { OUTCOMES, type Tally } from '@surety/engine'
import type { SimulatedRecord } from './records.ts'
import type { Simulation } from './simulate.ts'

/** A part of the report as rows and columns, for spreadsheets. */
export interface ReportTable {
  readonly name: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

type Cell = string | number | null

/** The report, a table for each part. Names and headings are English: they are read by programs too. */
export function reportTables({ report, ...about }: Simulation): ReportTable[] {
  const tallyHeader = ['count', 'amount', 'known', 'bad', 'bad amount', 'bad rate']
  return [
    {
      name: 'about',
      header: ['name', 'value'],
      rows: [
        ['simulation', about.id],
        ['base', `${about.base.id} ${about.base.hash}`],
        ['challenger', `${about.challenger.id} ${about.challenger.hash}`],
        ['data', about.data.name],
        ['data sha256', about.data.sha256],
        ['rows', about.data.rows],
        ['facts without a column', about.unbound.join(', ')],
        ...about.unread.map(({ column, type, count, firstRow, example }): Cell[] => [
          `not read as ${type}`,
          `${column}: ${count}, first in row ${firstRow}: ${example}`,
        ]),
      ],
    },
    {
      name: 'swap set',
      header: ['base', 'challenger', ...tallyHeader, 'inferred', 'expected bad rate'],
      rows: report.cells.map(cell => [
        cell.base,
        cell.challenger,
        ...tallyCells(cell, cell.badRate),
        cell.isInferred ? 'yes' : 'no',
        cell.expectedBadRate ?? null,
      ]),
    },
    {
      name: 'outcomes',
      header: ['version', 'outcome', ...tallyHeader],
      rows: (['base', 'challenger'] as const).flatMap(version =>
        report[version].map((total): Cell[] => [version, total.outcome, ...tallyCells(total, total.badRate)]),
      ),
    },
    {
      name: 'movers',
      header: ['step', 'id', 'kind', ...tallyHeader],
      rows: report.movers.map(mover => [mover.step, mover.id, mover.kind, ...tallyCells(mover, rate(mover))]),
    },
    {
      name: 'rules',
      header: ['step', 'id', 'kind', 'base', 'challenger'],
      rows: report.hits.map(({ step, id, kind, base, challenger }) => [step, id, kind, base, challenger]),
    },
    {
      name: 'distributions',
      header: ['output', 'value', 'base', 'challenger'],
      rows: report.distributions.flatMap((one): Cell[][] =>
        one.kind === 'values'
          ? [
              ...one.values.map(({ value, base, challenger }): Cell[] => [one.output, value, base, challenger]),
              [one.output, '(missing)', one.missing.base, one.missing.challenger],
            ]
          : one.bins.map(({ from, to, base, challenger }): Cell[] => [one.output, `${from} – ${to}`, base, challenger]),
      ),
    },
    {
      name: 'segments',
      header: ['segment', 'count', 'amount', ...OUTCOMES.flatMap(one => [`base ${one}`, `challenger ${one}`]), 'swap in', 'swap out'],
      rows: report.segments.map(({ segment, total, base, challenger, swapIn, swapOut }) => [
        segment,
        total.count,
        total.amount ?? null,
        ...OUTCOMES.flatMap((_, place) => [base[place]!.count, challenger[place]!.count]),
        swapIn.count,
        swapOut.count,
      ]),
    },
  ]
}

/** Records as rows: what was decided, why it moved, and the row as it stood. */
export function recordTable(records: readonly SimulatedRecord[], columns: readonly string[]): ReportTable {
  return {
    name: 'records',
    header: ['row', 'base', 'challenger', 'first difference', ...columns],
    rows: records.map(({ row, base, challenger, firstDifference, data }) => [
      row,
      base,
      challenger,
      firstDifference ? `${firstDifference.step}/${firstDifference.id}` : '',
      ...columns.map((column): Cell => asCell(data[column])),
    ]),
  }
}

/** Text that a spreadsheet takes for a formula is kept text. */
export function tableAsCsv({ header, rows }: ReportTable): string {
  return [header, ...rows].map(row => `${row.map(cellAsCsv).join(',')}\r\n`).join('')
}

const rate = ({ known, bad }: Tally): number | null => (known ? bad! / known : null)

const tallyCells = ({ count, amount, known, bad, badAmount }: Tally, badRate: number | null): Cell[] => [
  count,
  amount ?? null,
  known ?? null,
  bad ?? null,
  badAmount ?? null,
  badRate,
]

const asCell = (value: unknown): Cell =>
  value === null || value === undefined
    ? null
    : typeof value === 'number'
      ? value
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)

function cellAsCsv(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const isNumber = /^-?\d+(\.\d+)?$/.test(cell)
  const text = !isNumber && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
