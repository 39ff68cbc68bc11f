import { FileProblem } from './row.ts'
import type { SpooledFile } from './spool.ts'

/** What a file is by its first bytes; its name is not asked, because people rename files. */
export async function fileKind(file: SpooledFile): Promise<'csv' | 'xlsx'> {
  if (file.size === 0) throw new FileProblem('EMPTY_FILE', 'The file is empty.', '文件为空。')
  const head = Buffer.alloc(Math.min(64, file.size))
  await file.handle.read(head, 0, head.length, 0)
  const starts = (...bytes: number[]): boolean => bytes.every((byte, index) => head[index] === byte)
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0x50, 0x4b, 0x05, 0x06)) return 'xlsx'
  if (starts(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) {
    throw new FileProblem(
      'ENCRYPTED_OR_OLD_EXCEL',
      'This is a password-protected workbook or an old .xls file; remove the password or save it as .xlsx or CSV.',
      '这是受密码保护的工作簿或旧版 .xls 文件；请移除密码，或另存为 .xlsx 或 CSV。',
    )
  }
  const text = head.toString('latin1').trimStart().toLowerCase()
  const other = OTHER_KINDS.find(({ start }) => text.startsWith(start))
  if (other) {
    throw new FileProblem(
      'NOT_A_TABLE',
      `This is ${other.en}, not a table; save it as .xlsx or CSV.`,
      `这是${other.zh}，不是表格；请另存为 .xlsx 或 CSV。`,
    )
  }
  return 'csv'
}

const OTHER_KINDS = [
  { start: '%pdf', en: 'a PDF', zh: ' PDF 文件' },
  { start: '<!doctype html', en: 'a web page', zh: '网页' },
  { start: '<html', en: 'a web page', zh: '网页' },
  { start: '<?xml', en: 'an XML document', zh: ' XML 文档' },
  { start: '{\\rtf', en: 'a text document', zh: '文本文档' },
  { start: '\x89png', en: 'a picture', zh: '图片' },
  { start: '\xff\xd8\xff', en: 'a picture', zh: '图片' },
  { start: '\x1f\x8b', en: 'a gzip archive', zh: ' gzip 压缩包' },
  { start: 'rar!', en: 'a RAR archive', zh: ' RAR 压缩包' },
  { start: "7z\xbc\xaf'", en: 'a 7-Zip archive', zh: ' 7-Zip 压缩包' },
] as const
