import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl'
import { Readable } from 'node:stream'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { FileProblem, MAX_CELL_LENGTH, MAX_COLUMNS, type Row, type RowFlaw } from './row.ts'
import type { SpooledFile } from './spool.ts'

/** A workbook whose parts were found and are of a sane size. */
export interface Workbook {
  /** Names of the visible sheets, in order. */
  readonly sheets: readonly string[]
  rows(sheet: string): AsyncIterable<readonly Row[]>
}

/** Opens a workbook; refuses what is truncated, encrypted, no workbook, or would unpack to something monstrous. */
export async function openWorkbook(file: SpooledFile): Promise<Workbook> {
  const { zip, entries } = await openArchive(file)
  const read = (name: string, max: number): AsyncIterable<string> => readPart(zip, entries, name, max)
  if (entries.has('EncryptedPackage')) throw encrypted()
  if (!entries.has('xl/workbook.xml')) {
    throw new FileProblem(
      'NOT_A_WORKBOOK',
      'This is a zip archive, but not an Excel workbook; unpack it and import the file inside.',
      '这是压缩包，不是 Excel 工作簿；请解压后导入其中的文件。',
    )
  }
  const { sheets, is1904 } = await readSheetList(read)
  if (sheets.length === 0) throw new FileProblem('NO_SHEET', 'The workbook has no visible sheet.', '工作簿中没有可见的工作表。')
  return {
    sheets: sheets.map(({ name }) => name),
    async *rows(name) {
      const sheet = sheets.find(candidate => candidate.name === name)
      if (!sheet) {
        throw new FileProblem(
          'NO_SUCH_SHEET',
          `The workbook has no sheet ${JSON.stringify(name)}; it has ${sheets.map(each => each.name).join(', ')}.`,
          `工作簿中没有工作表“${name}”；现有：${sheets.map(each => each.name).join('、')}。`,
        )
      }
      const strings = entries.has('xl/sharedStrings.xml') ? await readSharedStrings(read) : []
      const dateStyles = entries.has('xl/styles.xml') ? await readDateStyles(read) : new Set<number>()
      yield* readSheet(read(sheet.path, MAX_SHEET_BYTES), { strings, dateStyles, is1904 })
    },
  }
}

const MAX_SHEET_BYTES = 4 * 1024 ** 3
const MAX_STRINGS_BYTES = 512 * 1024 ** 2
const MAX_PART_BYTES = 32 * 1024 ** 2
// Sheets shrink ten- to fiftyfold; what shrinks more was made to hurt.
const MAX_RATIO = 200
const MAX_ENTRIES = 10_000

type ReadPart = (name: string, max: number) => AsyncIterable<string>

async function openArchive(file: SpooledFile): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  const entries = new Map<string, Entry>()
  try {
    const zip = await fromRandomAccessReaderPromise(new SpoolReader(file), file.size, {
      lazyEntries: true,
      autoClose: false,
      validateEntrySizes: true,
    })
    if (zip.entryCount > MAX_ENTRIES) throw tooLarge(`${zip.entryCount} parts`, `${zip.entryCount} 个部件`)
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw encrypted()
      entries.set(entry.fileName.replace(/^\/+/, ''), entry)
    }
    return { zip, entries }
  } catch (error) {
    if (error instanceof FileProblem) throw error
    throw truncated(error)
  }
}

// The spooled file has no name and is read from several places at once.
class SpoolReader extends RandomAccessReader {
  readonly #file: SpooledFile
  constructor(file: SpooledFile) {
    super()
    this.#file = file
  }
  override _readStreamForRange(start: number, end: number): Readable {
    const { handle } = this.#file
    async function* pieces(): AsyncIterable<Buffer> {
      for (let position = start; position < end;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(64 * 1024, end - position)), 0, undefined, position)
        if (bytesRead === 0) return
        position += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    }
    return Readable.from(pieces(), { objectMode: false })
  }
  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}

async function* readPart(zip: ZipFile, entries: ReadonlyMap<string, Entry>, name: string, max: number): AsyncIterable<string> {
  const entry = entries.get(name)
  if (!entry) throw truncated(`part ${name} is missing`)
  const { compressedSize, uncompressedSize } = entry
  if (uncompressedSize > max)
    throw tooLarge(`${name} unpacks to ${megabytes(uncompressedSize)} MB`, `${name} 解压后达 ${megabytes(uncompressedSize)} MB`)
  if (uncompressedSize > 16 * 1024 ** 2 && uncompressedSize > compressedSize * MAX_RATIO) {
    const ratio = Math.round(uncompressedSize / Math.max(1, compressedSize))
    throw tooLarge(`${name} unpacks to ${ratio} times its size`, `${name} 解压后膨胀 ${ratio} 倍`)
  }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    // Sizes are checked while reading too: the directory of a hostile archive lies.
    for await (const chunk of await zip.openReadStreamPromise(entry)) yield decoder.decode(chunk as Buffer, { stream: true })
    decoder.decode()
  } catch (error) {
    if (error instanceof FileProblem) throw error
    if (error instanceof Error && error.message.startsWith('too many bytes'))
      throw tooLarge(`${name} holds more than it says`, `${name} 的内容超出其声明的大小`)
    throw truncated(error)
  }
}

async function readSheetList(read: ReadPart): Promise<{ sheets: { name: string; path: string }[]; is1904: boolean }> {
  const targets = new Map<string, string>()
  await parseXml(read('xl/_rels/workbook.xml.rels', MAX_PART_BYTES), {
    open: ({ name, attributes }) => {
      if (local(name) === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '')
    },
  })
  const sheets: { name: string; path: string }[] = []
  let is1904 = false
  await parseXml(read('xl/workbook.xml', MAX_PART_BYTES), {
    open: ({ name, attributes }) => {
      if (local(name) === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '')
      if (local(name) !== 'sheet' || (attributes['state'] ?? 'visible') !== 'visible') return
      const relation = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''
      const target = targets.get(relation)
      // Chart sheets have no rows.
      if (target?.includes('worksheets/'))
        sheets.push({ name: attributes['name'] ?? '', path: target.startsWith('/') ? target.slice(1) : `xl/${target}` })
    },
  })
  return { sheets, is1904 }
}

async function readSharedStrings(read: ReadPart): Promise<string[]> {
  const strings: string[] = []
  let string = ''
  let isText = false
  let phonetic = 0
  await parseXml(read('xl/sharedStrings.xml', MAX_STRINGS_BYTES), {
    open: ({ name }) => {
      if (local(name) === 'si') string = ''
      else if (local(name) === 'rPh') phonetic += 1
      else if (local(name) === 't') isText = phonetic === 0
    },
    text: text => {
      // One character more than allowed is kept, so that the cell that uses it is told to be too long.
      if (isText && string.length <= MAX_CELL_LENGTH) string += text.slice(0, MAX_CELL_LENGTH + 1)
    },
    close: ({ name }) => {
      if (local(name) === 'si') strings.push(string)
      else if (local(name) === 'rPh') phonetic -= 1
      else if (local(name) === 't') isText = false
    },
  })
  return strings
}

async function readDateStyles(read: ReadPart): Promise<Set<number>> {
  const dateFormats = new Set([
    14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56, 57, 58,
  ])
  const dateStyles = new Set<number>()
  let isCellStyles = false
  let index = 0
  await parseXml(read('xl/styles.xml', MAX_PART_BYTES), {
    open: ({ name, attributes }) => {
      const tag = local(name)
      if (tag === 'numFmt' && isDateFormat(attributes['formatCode'] ?? '')) dateFormats.add(Number(attributes['numFmtId']))
      else if (tag === 'cellXfs') isCellStyles = true
      else if (tag === 'xf' && isCellStyles) {
        if (dateFormats.has(Number(attributes['numFmtId']))) dateStyles.add(index)
        index += 1
      }
    },
    close: ({ name }) => {
      if (local(name) === 'cellXfs') isCellStyles = false
    },
  })
  return dateStyles
}

function isDateFormat(code: string): boolean {
  return /[dy年月日]/i.test(code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, ''))
}

interface SheetContext {
  readonly strings: readonly string[]
  readonly dateStyles: ReadonlySet<number>
  readonly is1904: boolean
}

async function* readSheet(text: AsyncIterable<string>, context: SheetContext): AsyncIterable<readonly Row[]> {
  let rows: Row[] = []
  let number = 0
  let cells: string[] = []
  let flaw: RowFlaw | undefined
  let column = -1
  let type = 'n'
  let style = 0
  let value = ''
  let length = 0
  let isValue = false
  const handlers: XmlHandlers = {
    open: ({ name, attributes }) => {
      const tag = local(name)
      if (tag === 'row') {
        number = Number(attributes['r'] ?? number + 1)
        cells = []
        flaw = undefined
        column = -1
      } else if (tag === 'c') {
        column = attributes['r'] ? columnIndex(attributes['r']) : column + 1
        type = attributes['t'] ?? 'n'
        style = Number(attributes['s'] ?? 0)
        value = ''
        length = 0
      } else if (tag === 'v' || tag === 't') isValue = true
    },
    text: piece => {
      if (!isValue) return
      length += piece.length
      if (length <= MAX_CELL_LENGTH) value += piece
    },
    close: ({ name }) => {
      const tag = local(name)
      if (tag === 'v' || tag === 't') isValue = false
      else if (tag === 'c') {
        if (column >= MAX_COLUMNS)
          throw new FileProblem(
            'TOO_MANY_COLUMNS',
            `Row ${number} has more than ${MAX_COLUMNS} columns.`,
            `第 ${number} 行超过 ${MAX_COLUMNS} 列。`,
          )
        while (cells.length < column) cells.push('')
        const cell = cellText(type, value, style, context)
        if (length > MAX_CELL_LENGTH || cell.length > MAX_CELL_LENGTH)
          flaw = { kind: 'cell-too-long', cell: column, length: Math.max(length, cell.length) }
        cells[column] = cell
      } else if (tag === 'row') rows.push({ number, cells, ...(flaw && { flaw }) })
    },
  }
  const parser = createParser(handlers)
  for await (const piece of text) {
    feed(parser, piece)
    if (rows.length >= 500) {
      yield rows
      rows = []
    }
  }
  finish(parser)
  if (rows.length > 0) yield rows
}

function cellText(type: string, value: string, style: number, { strings, dateStyles, is1904 }: SheetContext): string {
  if (type === 's') return strings[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'true' : 'false'
  if (type === 'd') return value
  if (type !== 'n' || value === '') return value
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  if (dateStyles.has(style) && number >= 1 && number < 2_958_466) return serialDate(number + (is1904 ? 1462 : 0))
  return plainNumber(number)
}

/** Date (and time, where there is one) of an Excel serial number of the 1900 system. */
export function serialDate(serial: number): string {
  // Excel believes in 29 February 1900: serials before it are one day off.
  const days = serial < 60 ? serial + 1 : serial
  const iso = new Date(Math.round((days - 25_569) * 86_400) * 1000).toISOString()
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 19)
}

// Excel itself keeps 15 digits; the rest of a double is noise.
function plainNumber(number: number): string {
  const text = String(Number(number.toPrecision(15)))
  if (!text.includes('e')) return text
  return Math.abs(number) >= 1 ? BigInt(Math.round(number)).toString() : number.toFixed(20).replace(/0+$/, '')
}

function columnIndex(reference: string): number {
  let index = 0
  for (let at = 0; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at)
    if (code < 65 || code > 90) break
    index = index * 26 + code - 64
  }
  return index - 1
}

interface XmlHandlers {
  readonly open: (tag: SaxesTagPlain) => void
  readonly text?: (text: string) => void
  readonly close?: (tag: SaxesTagPlain) => void
}

interface Parser {
  readonly saxes: SaxesParser<{ xmlns: false }>
  /** Characters since the last event: the parser keeps them all in memory until the next. */
  waiting: number
}

function createParser(handlers: XmlHandlers): Parser {
  const saxes = new SaxesParser({ xmlns: false })
  const parser: Parser = { saxes, waiting: 0 }
  saxes.on('opentag', tag => {
    parser.waiting = 0
    handlers.open(tag)
  })
  saxes.on('text', text => handlers.text?.(text))
  saxes.on('cdata', text => handlers.text?.(text))
  saxes.on('closetag', tag => {
    parser.waiting = 0
    handlers.close?.(tag)
  })
  saxes.on('doctype', () => {
    throw new FileProblem(
      'BROKEN_WORKBOOK',
      'The workbook declares a document type, which no spreadsheet program does.',
      '工作簿包含文档类型声明，正常的电子表格不会这样。',
    )
  })
  saxes.on('error', error => {
    throw truncated(error)
  })
  return parser
}

function feed(parser: Parser, text: string): void {
  parser.waiting += text.length
  parser.saxes.write(text)
  if (parser.waiting > 64 * 1024 ** 2) throw tooLarge('one cell is larger than 64 MB', '单个单元格超过 64 MB')
}

function finish(parser: Parser): void {
  parser.saxes.close()
}

async function parseXml(text: AsyncIterable<string>, handlers: XmlHandlers): Promise<void> {
  const parser = createParser(handlers)
  for await (const piece of text) feed(parser, piece)
  finish(parser)
}

function local(name: string): string {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}

function truncated(cause: unknown): FileProblem {
  return new FileProblem(
    'BROKEN_WORKBOOK',
    'The workbook is incomplete or damaged; was the upload or download cut off? Open it in Excel and save it again.',
    '工作簿不完整或已损坏，可能是传输中断；请用 Excel 打开并重新保存。',
    { cause },
  )
}

function encrypted(): FileProblem {
  return new FileProblem(
    'ENCRYPTED_WORKBOOK',
    'The workbook is protected by a password; remove it and save again.',
    '工作簿受密码保护；请移除密码后重新保存。',
  )
}

function tooLarge(en: string, zh: string): FileProblem {
  return new FileProblem(
    'ARCHIVE_TOO_LARGE',
    `The workbook is refused because ${en}; export it as CSV instead.`,
    `拒绝导入该工作簿：${zh}；请改为导出 CSV。`,
  )
}
