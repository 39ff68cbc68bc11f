import { parsePolicy } from '../policy/parse.ts'
import type { Bin, Policy, ScorecardStep, Step, TableRow, TableStep, Text } from '../policy/document.ts'
import type { Finding, Severity } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { createCellReader } from '../table/cell-reader.ts'
import { DOCUMENT_SHEET, sheetNames } from './layout.ts'
import { addressOf, boundsOf, readWorkbook, type ReadSheet, WorkbookUnreadable } from './workbook.ts'

export interface ImportedWorkbook {
  /** None when the file holds no policy. */
  readonly policy: Policy | undefined
  /** What could not be taken over as it was; paths lead into the policy, messages name sheet and cell. */
  readonly findings: readonly Finding[]
}

/** Reads a workbook that `exportWorkbook` wrote and somebody edited: cells, rows and bins come from its sheets, all else from its document. */
export function importWorkbook(bytes: Uint8Array): ImportedWorkbook {
  const findings: Finding[] = []
  const say: Say = (code, severity, path, en, zh) => void findings.push({ code, severity, path, message: { en, zh } })
  let sheets: readonly ReadSheet[]
  try {
    sheets = readWorkbook(bytes)
  } catch (error) {
    if (!(error instanceof WorkbookUnreadable)) throw error
    const words: Text =
      error.code === 'NOT_A_WORKBOOK'
        ? { en: 'This is no XLSX workbook, or it is damaged or locked with a password.', zh: '这不是 XLSX 工作簿，或文件已损坏、已加密。' }
        : { en: 'The workbook unpacks to more than 100 MB.', zh: '工作簿解压后超过 100 MB。' }
    say(error.code, 'error', '', words.en, words.zh)
    return { policy: undefined, findings }
  }
  const document = documentOf(sheets)
  if (document === undefined) {
    say(
      'WORKBOOK_WITHOUT_DOCUMENT',
      'error',
      '',
      `The workbook has no sheet "${DOCUMENT_SHEET}", so it is not known which policy it belongs to. Export the policy as a workbook and edit that one, or copy the cells and paste them into the table.`,
      `工作簿中没有“${DOCUMENT_SHEET}”工作表，无法确定属于哪份策略。请先将策略导出为工作簿再编辑，或复制单元格后直接粘贴到决策表中。`,
    )
    return { policy: undefined, findings }
  }
  const parsed = parsePolicy(document)
  findings.push(...parsed.findings)
  if (!parsed.policy) return { policy: undefined, findings }
  const { policy } = parsed
  const names = sheetNames(policy)
  const steps = policy.steps.map((step, at): Step => {
    const name = names.get(at)
    if (name === undefined) return step
    const sheet = sheets.find(one => one.name.toLowerCase() === name.toLowerCase())
    const path = pointer('/steps', at)
    if (!sheet) {
      say(
        'SHEET_MISSING',
        'warning',
        path,
        `Sheet "${name}" is gone; "${step.id}" stays as it was exported.`,
        `缺少工作表“${name}”，“${step.id}”保持导出时的内容。`,
      )
      return step
    }
    if (step.kind === 'table') return tableOf(step, policy, sheet, path, say)
    return step.kind === 'scorecard' ? scorecardOf(step, sheet, path, say) : step
  })
  const isSame = steps.every((step, at) => step === policy.steps[at])
  return { policy: isSame ? policy : { ...policy, steps }, findings }
}

interface Say {
  (code: string, severity: Severity, path: string, en: string, zh: string): void
}

function documentOf(sheets: readonly ReadSheet[]): unknown {
  const sheet = sheets.find(({ name }) => name === DOCUMENT_SHEET)
  if (!sheet) return undefined
  let text = ''
  for (let row = 0; row < sheet.rowCount; row++) text += sheet.cell(row, 0)?.text ?? ''
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Row 1 is for people, row 2 says what a column is; columns may have been moved about. */
function columnsOf(sheet: ReadSheet): ReadonlyMap<string, number> {
  const columns = new Map<string, number>()
  for (let column = 0; column < sheet.columnCount; column++) {
    const name = sheet.cell(1, column)?.text.trim()
    if (name) columns.set(name, column)
  }
  return columns
}

/** Text by cell, in which a merged range holds its value in each of its cells. */
function merging(
  sheet: ReadSheet,
  path: string,
  say: Say,
): (row: number, column: number) => { readonly text: string; readonly isNumber: boolean } {
  const origins = new Map<string, readonly [number, number]>()
  for (const range of sheet.merged) {
    const { top, left, bottom, right } = boundsOf(range)
    if (bottom < 2) continue
    say(
      'MERGED_CELLS',
      'warning',
      path,
      `Cells ${range} of sheet "${sheet.name}" are merged; each of them is read as "${sheet.cell(top, left)?.text ?? ''}".`,
      `工作表“${sheet.name}”的 ${range} 是合并单元格，其中每一格都按“${sheet.cell(top, left)?.text ?? ''}”读取。`,
    )
    // A whole column merged by mistake is no reason to fill a million cells.
    for (let row = Math.max(2, top); row <= Math.min(bottom, sheet.rowCount + 1000); row++)
      for (let column = left; column <= Math.min(right, sheet.columnCount); column++) origins.set(`${row}:${column}`, [top, left])
  }
  const empty = { text: '', isNumber: false }
  return (row, column) => {
    const [top, left] = origins.get(`${row}:${column}`) ?? [row, column]
    return sheet.cell(top, left) ?? empty
  }
}

function tableOf(step: TableStep, policy: Policy, sheet: ReadSheet, path: string, say: Say): TableStep {
  const columns = columnsOf(sheet)
  const cell = merging(sheet, path, say)
  const missing = [...step.inputs.map(({ id }) => `when:${id}`), ...step.outputs.map(({ id }) => `then:${id}`)].filter(
    name => !columns.has(name),
  )
  for (const name of missing)
    say(
      'COLUMN_MISSING',
      'warning',
      path,
      `Sheet "${sheet.name}" has no column "${name}" in row 2; its cells stay as they were exported.`,
      `工作表“${sheet.name}”第 2 行没有“${name}”列，该列保持导出时的内容。`,
    )
  const reader = createCellReader(policy, step)
  const byId = new Map(step.rows.map(row => [row.id, row]))
  const taken = new Set<string>()
  const idColumn = columns.get('#row')
  const onColumn = columns.get('#on')
  const commentColumn = columns.get('#comment')
  const rows: TableRow[] = []
  let unread = 0
  for (let at = 2; at < sheet.rowCount; at++) {
    const written = idColumn === undefined ? (step.rows[at - 2]?.id ?? '') : cell(at, idColumn).text
    const given = byId.has(written) ? written : written.trim()
    const isEmpty = [...columns].every(([name, column]) => name === '#row' || cell(at, column).text.trim() === '')
    if (isEmpty && given === '') continue
    const before = taken.has(given) ? undefined : byId.get(given)
    if (given !== '' && taken.has(given))
      say(
        'ROW_TWICE',
        'info',
        path,
        `Row "${given}" stands twice in sheet "${sheet.name}"; the one in line ${at + 1} becomes a row of its own.`,
        `工作表“${sheet.name}”中“${given}”行出现两次，第 ${at + 1} 行作为新行处理。`,
      )
    const id = given !== '' && !taken.has(given) ? given : freshId(at, taken, byId)
    taken.add(id)
    const read = (side: 'when' | 'then', index: number, name: string, old: string): string => {
      const column = columns.get(`${side}:${name}`)
      if (column === undefined) return old
      const { text, isNumber } = cell(at, column)
      if (text === old) return old
      const type =
        side === 'when'
          ? (step.inputs[index]!.type ?? policy.facts[step.inputs[index]!.expression]?.type)
          : policy.outputs[step.outputs[index]!.name]?.type
      const typed = isNumber && type === 'date' ? dayOf(Number(text)) : text
      const result = side === 'when' ? reader.input(index, typed) : reader.output(index, typed)
      if (result.finding?.severity === 'error') {
        unread++
        const { message, code } = result.finding
        const place = addressOf(at, column)
        const where = pointer(path, 'rows', rows.length, side, index)
        if (unread <= 100)
          say(code, 'error', where, `${sheet.name}!${place} "${text}": ${message.en}`, `${sheet.name}!${place}“${text}”：${message.zh}`)
      }
      return result.text
    }
    const when = step.inputs.map(({ id: name }, index) => read('when', index, name, before?.when[index] ?? '-'))
    const then = step.outputs.map(({ id: name }, index) => read('then', index, name, before?.then[index] ?? ''))
    const comment = commentColumn === undefined ? before?.comment : cell(at, commentColumn).text
    const isOff = onColumn === undefined ? before?.enabled === false : /^(no|off|false|否|停用|0)$/i.test(cell(at, onColumn).text.trim())
    rows.push(rowOf(before, id, when, then, comment, isOff))
  }
  if (unread > 100)
    say(
      'MORE_CELLS',
      'error',
      path,
      `${unread - 100} more cells of sheet "${sheet.name}" can't be read.`,
      `工作表“${sheet.name}”还有 ${unread - 100} 个单元格无法读取。`,
    )
  const isSame = rows.length === step.rows.length && rows.every((row, at) => row === step.rows[at])
  return isSame ? step : { ...step, rows }
}

/** The row as it was where nothing is different, to the byte. */
function rowOf(
  before: TableRow | undefined,
  id: string,
  when: readonly string[],
  then: readonly string[],
  comment: string | undefined,
  isOff: boolean,
): TableRow {
  const isSame =
    before !== undefined &&
    when.every((cell, at) => cell === before.when[at]) &&
    then.every((cell, at) => cell === before.then[at]) &&
    when.length === before.when.length &&
    then.length === before.then.length &&
    (comment ?? '') === (before.comment ?? '') &&
    isOff === (before.enabled === false)
  if (isSame) return before
  const { comment: _, enabled: __, ...rest } = before ?? {}
  return { ...rest, id, when, then, ...(isOff && { enabled: false }), ...(comment && { comment }) }
}

function scorecardOf(step: ScorecardStep, sheet: ReadSheet, path: string, say: Say): ScorecardStep {
  const columns = columnsOf(sheet)
  const cell = merging(sheet, path, say)
  const at = (name: string): number => columns.get(name) ?? -1
  if (['#characteristic', '#bin', 'points'].some(name => !columns.has(name))) {
    say(
      'COLUMN_MISSING',
      'warning',
      path,
      `Sheet "${sheet.name}" lacks "#characteristic", "#bin" or "points" in row 2; "${step.id}" stays as it was exported.`,
      `工作表“${sheet.name}”第 2 行缺少“#characteristic”“#bin”或“points”，“${step.id}”保持导出时的内容。`,
    )
    return step
  }
  const lines = new Map<string, number>()
  for (let row = 2; row < sheet.rowCount; row++)
    lines.set(`${cell(row, at('#characteristic')).text.trim()}\n${cell(row, at('#bin')).text.trim()}`, row)
  const characteristics = step.characteristics.map((one, index) => {
    const bins = one.bins.map((bin, place): Bin => {
      const row = lines.get(`${one.id}\n${bin.id}`)
      if (row === undefined) {
        say(
          'BIN_MISSING',
          'warning',
          pointer(path, 'characteristics', index, 'bins', place),
          `Sheet "${sheet.name}" has no line for bin "${bin.id}" of "${one.id}"; it stays. Bins are added and removed in the console.`,
          `工作表“${sheet.name}”没有“${one.id}”的分箱“${bin.id}”，该分箱保留。分箱请在控制台中增删。`,
        )
        return bin
      }
      return binOf(bin, row, pointer(path, 'characteristics', index, 'bins', place))
    })
    return bins.every((bin, place) => bin === one.bins[place]) ? one : { ...one, bins }
  })
  return characteristics.every((one, index) => one === step.characteristics[index]) ? step : { ...step, characteristics }

  function binOf(bin: Bin, row: number, place: string): Bin {
    let next = bin
    for (const key of ['from', 'to', 'points'] as const) {
      if (at(key) < 0) continue
      const text = cell(row, at(key)).text.trim()
      if (text === (bin[key] === undefined ? '' : String(bin[key]))) continue
      if (text === '' && key !== 'points') {
        const { [key]: _, ...rest } = next
        next = rest
      } else if (text !== '' && Number.isFinite(Number(text))) next = { ...next, [key]: Number(text) }
      else
        say(
          'NOT_A_NUMBER',
          'error',
          pointer(place, key),
          `${sheet.name}!${addressOf(row, at(key))} "${text}": a number is needed here.`,
          `${sheet.name}!${addressOf(row, at(key))}“${text}”：此处需要数字。`,
        )
    }
    return next
  }
}

function freshId(line: number, taken: ReadonlySet<string>, known: ReadonlyMap<string, unknown>): string {
  let id = `row-${line + 1}`
  while (taken.has(id) || known.has(id)) id += '-new'
  return id
}

/** A day as spreadsheets count them, from 1899-12-30. */
const dayOf = (serial: number): string => new Date(Math.round(serial * 86_400_000) + Date.UTC(1899, 11, 30)).toISOString().slice(0, 10)
