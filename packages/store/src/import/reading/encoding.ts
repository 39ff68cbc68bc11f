import { FileProblem } from './row.ts'
import type { SpooledFile } from './spool.ts'

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** The encoding that the whole file agrees with. windows-1252 is never guessed: any bytes are valid in it. */
export async function detectEncoding(file: SpooledFile): Promise<Encoding> {
  const head = Buffer.alloc(Math.min(64 * 1024, file.size))
  await file.handle.read(head, 0, head.length, 0)
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const utf16 = guessUtf16(head)
  if (utf16) return utf16
  const badUtf8 = await firstUndecodable(file, 'utf-8')
  if (!badUtf8) return 'utf-8'
  if ((await looksChinese(file)) && !(await firstUndecodable(file, 'gb18030'))) return 'gb18030'
  throw notDecodable('utf-8', badUtf8, true)
}

/** The file's text in pieces, byte order mark gone; throws where bytes don't fit the encoding. */
export async function* decodeText(file: SpooledFile, encoding: Encoding, end?: number): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let lines = 1
  let position = 0
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch {
      // The end of a preview cuts characters in two; the end of the file must not.
      if (!chunk && end !== undefined && end < file.size) return ''
      const good = chunk ? goodPrefix(chunk, encoding) : 0
      throw notDecodable(
        encoding,
        { byte: position + good, line: lines + countLines(chunk?.subarray(0, good) ?? Buffer.alloc(0), encoding) },
        false,
      )
    }
  }
  for await (const chunk of file.chunks({ ...(end !== undefined && { end }) })) {
    yield decode(chunk)
    position += chunk.length
    lines += countLines(chunk, encoding)
  }
  const rest = decode()
  if (rest) yield rest
}

interface Place {
  readonly byte: number
  readonly line: number
}

async function firstUndecodable(file: SpooledFile, encoding: Encoding): Promise<Place | undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let position = 0
  let line = 1
  for await (const chunk of file.chunks()) {
    try {
      decoder.decode(chunk, { stream: true })
    } catch {
      const good = goodPrefix(chunk, encoding)
      return { byte: position + good, line: line + countLines(chunk.subarray(0, good), encoding) }
    }
    position += chunk.length
    line += countLines(chunk, encoding)
  }
  try {
    decoder.decode()
  } catch {
    return { byte: position, line }
  }
}

// Halving: decoding is fast, and this happens once, on the way to an error.
function goodPrefix(chunk: Buffer, encoding: Encoding): number {
  let good = 0
  let bad = chunk.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    try {
      new TextDecoder(encoding, { fatal: true }).decode(chunk.subarray(0, middle), { stream: true })
      good = middle
    } catch {
      bad = middle
    }
  }
  return good
}

function countLines(bytes: Buffer, encoding: Encoding): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    if (!encoding.startsWith('utf-16') || bytes[encoding === 'utf-16le' ? at + 1 : at - 1] === 0) lines += 1
  }
  return lines
}

// Text in any language has ASCII digits, delimiters and line ends: in UTF-16 each of them carries a zero byte.
function guessUtf16(head: Buffer): Encoding | undefined {
  let even = 0
  let odd = 0
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  if (even + odd < head.length / 20) return undefined
  if (odd > even * 20) return 'utf-16le'
  if (even > odd * 20) return 'utf-16be'
  throw new FileProblem(
    'BINARY_FILE',
    'This is not text: it is full of zero bytes. Save it as .xlsx or CSV.',
    '这不是文本文件：其中有大量零字节。请另存为 .xlsx 或 CSV。',
  )
}

// Almost any bytes are valid GB18030, Western accents too. Chinese text keeps mostly to the two-byte
// characters of GB 2312; "ü" followed by a letter does not.
async function looksChinese(file: SpooledFile): Promise<boolean> {
  let common = 0
  let other = 0
  for await (const chunk of file.chunks({ end: 8 * 1024 * 1024 })) {
    for (let at = 0; at < chunk.length - 1; at += 1) {
      const lead = chunk[at]!
      if (lead < 0x80) continue
      const trail = chunk[at + 1]!
      if (lead >= 0xa1 && lead <= 0xf7 && trail >= 0xa1 && trail <= 0xfe) common += 1
      else other += 1
      at += 1
    }
  }
  return common > other
}

function notDecodable(encoding: Encoding, { byte, line }: Place, isGuess: boolean): FileProblem {
  const tried = isGuess ? 'UTF-8, UTF-16 or GB18030' : encoding.toUpperCase()
  const place = `byte ${byte + 1}, line ${line}`
  return new FileProblem(
    'WRONG_ENCODING',
    `The file is not ${tried} text: ${place} does not fit. Save it as UTF-8 or choose its encoding.`,
    `文件不是 ${isGuess ? 'UTF-8、UTF-16 或 GB18030' : tried} 编码：第 ${line} 行（第 ${byte + 1} 字节）无法解码。请另存为 UTF-8，或选择正确的编码。`,
  )
}
