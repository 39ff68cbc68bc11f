import { hashPolicy, type Policy, type TableStep } from '@surety/engine'
import writeWorkbook, { type Row, type Sheet } from 'write-excel-file/node'

/** A policy's tables as a workbook: a sheet of settings, and a sheet for each table with the ids of rows and columns. */
export async function policyWorkbook(policy: Policy, file: string): Promise<readonly string[]> {
  const tables = policy.steps.filter((step): step is TableStep => step.kind === 'table')
  const names = sheetNames(tables)
  const sheets: Sheet<never>[] = [
    { sheet: 'Settings', data: settings(policy, tables, names), columns: [{ width: 24 }, { width: 32 }, { width: 24 }, { width: 40 }] },
    ...tables.map((table, at) => ({
      sheet: names[at]!,
      data: tableRows(table),
      stickyRowsCount: 2,
      stickyColumnsCount: 1,
      columns: [{ width: 16 }, ...[...table.inputs, ...table.outputs].map(() => ({ width: 22 })), { width: 40 }],
    })),
  ]
  await writeWorkbook(sheets as never).toFile(file)
  return sheets.map(({ sheet }) => sheet!)
}

function settings(policy: Policy, tables: readonly TableStep[], names: readonly string[]): Row[] {
  return [
    heading('policy', 'value'),
    line('id', policy.id),
    line('title (en)', policy.title.en),
    line('title (zh)', policy.title.zh),
    line('hash', hashPolicy(policy)),
    line('kind', policy.kind ?? ''),
    line('whenUnknown', policy.whenUnknown ?? 'refer'),
    [],
    heading('table', 'sheet', 'hit policy', 'title (en)', 'title (zh)'),
    ...tables.map(({ id, hitPolicy, aggregation = '', title }, at) =>
      line(id, names[at]!, `${hitPolicy}${aggregation && ` ${aggregation}`}`, title?.en ?? '', title?.zh ?? ''),
    ),
    [],
    heading('table', 'column', 'side', 'expression or output', 'type', 'allowed values', 'order of priority', 'default'),
    ...tables.flatMap(table => [
      ...table.inputs.map(({ id, expression, type = '', allowedValues = '' }) =>
        line(table.id, id, 'input', expression, type, allowedValues),
      ),
      ...table.outputs.map(({ id, name, type = '', values = [], default: fallback = '' }) =>
        line(table.id, id, 'output', name, type, '', values.join(', '), fallback),
      ),
    ]),
    [],
    heading('name', 'role', 'type', 'unit or currency', 'least', 'greatest', 'values', 'label (en)', 'label (zh)'),
    ...(['facts', 'outputs'] as const).flatMap(role =>
      Object.entries(policy[role]).map(([name, { type, of, unit, currency, min, max, values = [], label }]) =>
        line(
          name,
          role === 'facts' ? 'fact' : 'output',
          of ? `${type} of ${of}` : type,
          currency ?? unit ?? '',
          min === undefined ? '' : String(min),
          max === undefined ? '' : String(max),
          values.map(item => (typeof item === 'string' ? item : item.value)).join(', '),
          label?.en ?? '',
          label?.zh ?? '',
        ),
      ),
    ),
  ]
}

/** Labels on top, then what columns are about, then a row a row. Cells are FEEL, so all of them are text. */
function tableRows({ inputs, outputs, rows }: TableStep): Row[] {
  return [
    heading(
      'row',
      ...inputs.map(({ label, expression }) => label?.en ?? expression),
      ...outputs.map(({ label, name }) => label?.en ?? name),
      'comment',
    ),
    line('', ...inputs.map(({ id }) => id), ...outputs.map(({ id }) => id), ''),
    ...rows.map(row =>
      line(
        row.enabled === false ? `${row.id} (off)` : row.id,
        ...inputs.map((_, at) => row.when[at] ?? '-'),
        ...outputs.map((_, at) => row.then[at] ?? ''),
        row.comment ?? '',
      ),
    ),
  ]
}

const line = (...cells: readonly string[]): Row => cells.map(value => (value === '' ? null : { value, type: String, wrap: true }))

const heading = (...cells: readonly string[]): Row => cells.map(value => ({ value, type: String, fontWeight: 'bold' }))

/** Excel allows 31 characters, without a few of them, and no name twice whatever its case. */
function sheetNames(tables: readonly TableStep[]): readonly string[] {
  const taken = new Set(['settings'])
  return tables.map(({ id }) => {
    const base = id.replaceAll(/[[\]:*?/\\']/g, '-').slice(0, 28)
    let name = base
    for (let more = 2; taken.has(name.toLowerCase()); more++) name = `${base}~${more}`
    taken.add(name.toLowerCase())
    return name
  })
}
