import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { AGEING_BUCKETS } from '@surety/credit'
import type { AccountStatement } from '@surety/store'
import PdfDocument from 'pdfkit'
import type { StatementWords } from './statement-words.ts'
import { unwrapWoff } from './unwrap-woff.ts'

const require = createRequire(import.meta.url)
// Noto Sans SC, SIL Open Font License 1.1: Latin and simplified Chinese in one; only what is used of it goes into a file.
const fonts = new Map<string, Buffer>()

const PAGE = { width: 595.28, height: 841.89, margin: 48 }
const BOTTOM = PAGE.height - 64
const LINE = 17
/** Left edges and widths of the columns; the last two are figures. */
const COLUMNS = [
  { x: 48, width: 66 },
  { x: 118, width: 78 },
  { x: 200, width: 120 },
  { x: 324, width: 66 },
  { x: 390, width: 76 },
  { x: 470, width: 77 },
] as const
const INK = '#171B24'
const FAINT = '#4A5262'
const RULE = '#C9CED8'

/** A statement on A4, a page or more for each currency. */
export async function statementPdf(statements: readonly AccountStatement[], words: StatementWords): Promise<Buffer> {
  const pdf = new PdfDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    autoFirstPage: false,
    lang: words.language,
    info: { Title: words.title, Creator: 'Surety', Producer: 'Surety' },
  })
  const pieces: Buffer[] = []
  pdf.on('data', (piece: Buffer) => pieces.push(piece))
  const ended = once(pdf, 'end')
  pdf.registerFont('regular', font(400)).registerFont('strong', font(600))
  if (statements.length === 0) {
    pdf.addPage()
    say(pdf, words.title, 48, 56, { size: 18, font: 'strong' })
    say(pdf, words.nothing, 48, 96)
  }
  for (const statement of statements) write(pdf, statement, words)
  const { start, count } = pdf.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page)
    say(pdf, words.page(page + 1, count), 48, PAGE.height - 40, { size: 8, colour: FAINT, width: PAGE.width - 96, align: 'right' })
  }
  pdf.end()
  await ended
  return Buffer.concat(pieces)
}

type Pdf = InstanceType<typeof PdfDocument>

function write(pdf: Pdf, statement: AccountStatement, words: StatementWords): void {
  const { customer, currency, from, asOf, opening, closing, charged, paid, lines, ageing } = statement
  const money = (amount: string): string => grouped(amount)
  pdf.addPage()
  say(pdf, words.title, 48, 48, { size: 18, font: 'strong' })
  say(pdf, words.period(from, asOf), 48, 76, { colour: FAINT })
  say(pdf, customer.name, 48, 100, { size: 12, font: 'strong', width: 340 })
  say(pdf, `${words.number} ${customer.number}`, 48, 118, { colour: FAINT })
  say(pdf, `${words.closing} ${currency}`, 360, 100, { colour: FAINT, width: 187, align: 'right' })
  say(pdf, money(closing), 360, 114, { size: 14, font: 'strong', width: 187, align: 'right' })
  let y = 156
  const heading = (): void => {
    for (const [index, column] of words.columns.entries()) cell(pdf, index, column, y, { font: 'strong', size: 8.5, colour: FAINT })
    y += LINE - 2
    rule(pdf, y - 4)
  }
  const room = (): void => {
    if (y <= BOTTOM) return
    pdf.addPage()
    y = 56
    heading()
  }
  const row = (cells: readonly (string | null)[], style: Style = {}): void => {
    room()
    for (const [index, text] of cells.entries()) if (text !== null) cell(pdf, index, text, y, style)
    y += LINE
  }
  heading()
  row([from, words.opening, null, null, null, money(opening)], { font: 'strong' })
  for (const { on, kind, number, dueOn, amount, balance } of lines)
    row([on, words.kinds[kind], number, dueOn, money(amount), money(balance)])
  if (lines.length === 0) row([null, words.nothing], { colour: FAINT })
  rule(pdf, y - 4)
  row([asOf, words.closing, null, null, null, money(closing)], { font: 'strong' })
  y += 8
  row([words.charged, null, null, null, money(charged)])
  row([words.paid, null, null, null, money(paid)])
  if (!ageing) return
  y += 14
  // The table of ages stays together.
  if (y + 3 * LINE > BOTTOM) {
    pdf.addPage()
    y = 56
  }
  say(pdf, words.ageing, 48, y, { font: 'strong' })
  y += LINE + 2
  const columns = [
    ...AGEING_BUCKETS.map(bucket => [words.buckets[bucket], ageing.buckets[bucket].amount] as const),
    [words.total, ageing.total] as const,
  ]
  const width = (PAGE.width - 96) / columns.length
  for (const [index, [label, amount]] of columns.entries()) {
    say(pdf, label, 48 + index * width, y, { size: 8, colour: FAINT, width: width - 6, align: 'right' })
    say(pdf, money(amount), 48 + index * width, y + 13, {
      width: width - 6,
      align: 'right',
      font: index === columns.length - 1 ? 'strong' : 'regular',
    })
  }
  y += 2 * LINE + 4
  if (Number(ageing.unapplied) !== 0) say(pdf, `${words.unapplied} ${money(ageing.unapplied)}`, 48, y, { colour: FAINT })
}

interface Style {
  readonly size?: number
  readonly font?: 'regular' | 'strong'
  readonly colour?: string
  readonly width?: number
  readonly align?: 'left' | 'right'
}

function cell(pdf: Pdf, index: number, text: string, y: number, style: Style): void {
  const { x, width } = COLUMNS[index]!
  say(pdf, text, x, y, { ...style, width, align: index > 3 ? 'right' : 'left' })
}

function say(
  pdf: Pdf,
  text: string,
  x: number,
  y: number,
  { size = 9, font: name = 'regular', colour = INK, width, align = 'left' }: Style = {},
): void {
  pdf.font(name).fontSize(size).fillColor(colour)
  pdf.text(text, x, y, {
    lineBreak: false,
    align,
    ...(width !== undefined && { width, height: size * 1.6, ellipsis: true, lineBreak: true }),
  })
}

function rule(pdf: Pdf, y: number): void {
  pdf
    .moveTo(48, y)
    .lineTo(PAGE.width - 48, y)
    .lineWidth(0.5)
    .strokeColor(RULE)
    .stroke()
}

function grouped(amount: string): string {
  const [whole = '', decimals] = amount.replace('-', '').split('.')
  const figure = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',') + (decimals === undefined ? '' : `.${decimals}`)
  return amount.startsWith('-') ? `−${figure}` : figure
}

function font(weight: 400 | 600): Buffer {
  const name = `@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff`
  const known = fonts.get(name) ?? unwrapWoff(readFileSync(require.resolve(name)))
  fonts.set(name, known)
  return known
}
