import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'

/** A sheet to be written; every cell is text, as it stands. */
export interface WrittenSheet {
  readonly name: string
  readonly rows: readonly (readonly string[])[]
  /** Of columns, in characters. */
  readonly widths: readonly number[]
  /** So many rows on top, in bold, and so many columns on the left stay in view. */
  readonly head?: { readonly rows: number; readonly columns: number }
  readonly isHidden?: boolean
}

/** A sheet as it was read. Numbers and booleans are text, as they are written in FEEL. */
export interface ReadSheet {
  readonly name: string
  /** By row and column, both from 0; missing ones are empty. */
  cell(row: number, column: number): ReadCellValue | undefined
  readonly rowCount: number
  readonly columnCount: number
  /** Ranges of merged cells, such as `B3:B5`. */
  readonly merged: readonly string[]
}

export interface ReadCellValue {
  readonly text: string
  readonly isNumber: boolean
}

export class WorkbookUnreadable extends Error {
  readonly code: 'NOT_A_WORKBOOK' | 'WORKBOOK_TOO_LARGE'
  constructor(code: WorkbookUnreadable['code'], options?: ErrorOptions) {
    super(code === 'NOT_A_WORKBOOK' ? 'The file is no XLSX workbook.' : `A workbook may unpack to ${MOST_BYTES / 1e6} MB at most.`, options)
    this.code = code
  }
}

// A small file can unpack to anything.
const MOST_BYTES = 100_000_000

export function writeWorkbook(sheets: readonly WrittenSheet[]): Uint8Array {
  const files: Record<string, string> = {
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${sheets.map((_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE_RELATIONS}"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.map(({ name, isHidden }, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}"${isHidden ? ' state="hidden"' : ''} r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE_RELATIONS}">${sheets.map((_, at) => `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`).join('')}<Relationship Id="rId${sheets.length + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': STYLES,
  }
  for (const [at, sheet] of sheets.entries()) files[`xl/worksheets/sheet${at + 1}.xml`] = sheetXml(sheet)
  // The same policy is the same file, whenever it is written.
  const mtime = new Date(2000, 0, 1)
  return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, [strToU8(text), { mtime }]])))
}

export function readWorkbook(bytes: Uint8Array): readonly ReadSheet[] {
  const files = unzipped(bytes)
  const text = (path: string): string | undefined => files[path] && strFromU8(files[path]).replaceAll(/<(\/?)[A-Za-z]\w*:/g, '<$1')
  const workbook = text('xl/workbook.xml')
  if (workbook === undefined) throw new WorkbookUnreadable('NOT_A_WORKBOOK')
  const targets = new Map(
    [...(text('xl/_rels/workbook.xml.rels') ?? '').matchAll(/<Relationship\b[^>]*>/g)].map(([tag]) => [
      attribute(tag, 'Id'),
      attribute(tag, 'Target') ?? '',
    ]),
  )
  const shared = [...(text('xl/sharedStrings.xml') ?? '').matchAll(/<si\b[^>]*?(?:\/>|>([\s\S]*?)<\/si>)/g)].map(([, content = '']) =>
    plainText(content),
  )
  return [...workbook.matchAll(/<sheet\b[^>]*>/g)].map(([tag]) => {
    const target = targets.get(attribute(tag, 'r:id') ?? attribute(tag, 'id')) ?? ''
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`
    return readSheet(attribute(tag, 'name') ?? '', text(path) ?? '', shared)
  })
}

/** `C5` for row 4, column 2. */
export function addressOf(row: number, column: number): string {
  let letters = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return `${letters}${row + 1}`
}

/** First and last row and column of a range such as `B3:D5`. */
export function boundsOf(range: string): { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number } {
  const [from = 'A1', to = from] = range.split(':')
  const first = placeOf(from)
  const last = placeOf(to)
  return { top: first.row, left: first.column, bottom: last.row, right: last.column }
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE_RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
// Plain and bold; `@` keeps Excel from turning 1-2 into a date.
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf fontId="1" numFmtId="49" applyFont="1" applyNumberFormat="1"/></cellXfs></styleSheet>`

function sheetXml({ rows, widths, head }: WrittenSheet): string {
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" style="1" customWidth="1"/>`).join('')
  const pane =
    head &&
    `<sheetViews><sheetView workbookViewId="0"><pane${head.columns ? ` xSplit="${head.columns}"` : ''} ySplit="${head.rows}" topLeftCell="${addressOf(head.rows, head.columns)}" activePane="${head.columns ? 'bottomRight' : 'bottomLeft'}" state="frozen"/></sheetView></sheetViews>`
  const data = rows
    .map((cells, row) => {
      const style = row < (head?.rows ?? 0) ? 2 : 1
      const written = cells.map((text, column) =>
        text === ''
          ? ''
          : `<c r="${addressOf(row, column)}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
      )
      return `<row r="${row + 1}">${written.join('')}</row>`
    })
    .join('')
  return `${XML}<worksheet xmlns="${MAIN}">${pane ?? ''}<cols>${columns}</cols><sheetData>${data}</sheetData></worksheet>`
}

function unzipped(bytes: Uint8Array): Record<string, Uint8Array> {
  let size = 0
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/^xl\/(workbook|sharedStrings|_rels\/|worksheets\/)/.test(name)) return false
        size += originalSize
        if (size > MOST_BYTES) throw new WorkbookUnreadable('WORKBOOK_TOO_LARGE')
        return true
      },
    })
  } catch (error) {
    if (error instanceof WorkbookUnreadable) throw error
    throw new WorkbookUnreadable('NOT_A_WORKBOOK', { cause: error })
  }
}

function readSheet(name: string, xml: string, shared: readonly string[]): ReadSheet {
  const cells = new Map<string, ReadCellValue>()
  let rowCount = 0
  let columnCount = 0
  let next = { row: -1, column: -1 }
  for (const [, rowTag, cellTag, content] of xml.matchAll(/<row\b([^>]*)>|<c\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
    if (rowTag !== undefined) {
      const given = attribute(rowTag, 'r')
      next = { row: given === undefined ? next.row + 1 : Number(given) - 1, column: -1 }
      continue
    }
    const reference = attribute(cellTag!, 'r')
    const place: { row: number; column: number } = reference === undefined ? { row: next.row, column: next.column + 1 } : placeOf(reference)
    next = place
    const value = valueOf(attribute(cellTag!, 't') ?? 'n', content ?? '', shared)
    if (!value || value.text === '') continue
    cells.set(`${place.row}:${place.column}`, value)
    rowCount = Math.max(rowCount, place.row + 1)
    columnCount = Math.max(columnCount, place.column + 1)
  }
  return {
    name,
    rowCount,
    columnCount,
    merged: [...xml.matchAll(/<mergeCell\b[^>]*>/g)].flatMap(([tag]) => attribute(tag, 'ref') ?? []),
    cell: (row, column) => cells.get(`${row}:${column}`),
  }
}

function valueOf(type: string, content: string, shared: readonly string[]): ReadCellValue | undefined {
  if (type === 'inlineStr') return { text: plainText(content), isNumber: false }
  const raw = /<v\b[^>]*>([\s\S]*?)<\/v>/.exec(content)?.[1]
  if (raw === undefined) return undefined
  const text = unescaped(raw)
  switch (type) {
    case 's':
      return { text: shared[Number(text)] ?? '', isNumber: false }
    case 'b':
      return { text: text === '1' ? 'true' : 'false', isNumber: false }
    case 'n':
      return { text: decimalOf(text), isNumber: true }
    default:
      return { text, isNumber: false }
  }
}

/** `1E7` is 10000000, and 0.1 + 0.2 as a spreadsheet shows it. */
function decimalOf(text: string): string {
  const number = Number(text)
  if (!Number.isFinite(number)) return text
  const rounded = Number(number.toPrecision(15))
  return Math.abs(rounded) < 1e21 && Math.abs(rounded) >= 1e-6 ? String(rounded) : rounded === 0 ? '0' : text
}

/** What stands in `<t>`, without the readings of Han characters. */
const plainText = (xml: string): string =>
  [...xml.replaceAll(/<rPh\b[\s\S]*?<\/rPh>/g, '').matchAll(/<t\b[^>]*?(?:\/>|>([\s\S]*?)<\/t>)/g)]
    .map(([, text = '']) => unescaped(text))
    .join('')

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found ? unescaped(found[1] ?? found[2] ?? '') : undefined
}

function placeOf(reference: string): { readonly row: number; readonly column: number } {
  const [, letters = 'A', digits = '1'] = /^\$?([A-Z]+)\$?(\d+)$/.exec(reference) ?? []
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return { row: Number(digits) - 1, column: column - 1 }
}

// Characters that XML can't hold are written as Excel writes them.
const escaped = (text: string): string =>
  text
    .replaceAll(/_x[0-9A-Fa-f]{4}_/g, found => `_x005F${found}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    // oxlint-disable-next-line no-control-regex -- these are what is meant
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, code)

const code = (char: string): string => `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`

const unescaped = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/&#x([0-9A-Fa-f]+);/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
