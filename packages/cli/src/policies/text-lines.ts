import { createReadStream } from 'node:fs'
import { UsageError } from '../command.ts'

export interface TextLine {
  /** Counted from one. */
  readonly number: number
  readonly text: string
}

/** Lines of a file, as many at once as have come, `-` for standard input; empty ones are left out but counted. */
export async function* textLines(file: string): AsyncIterable<readonly TextLine[]> {
  const stream = file === '-' ? process.stdin : createReadStream(file)
  stream.setEncoding('utf8')
  let number = 0
  let rest = ''
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      yield lines.flatMap(line => {
        number++
        const text = withoutMark(line, number)
        return text === '' ? [] : [{ number, text }]
      })
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UsageError(`There is no file ${file}.`)
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder; name a file.`)
    throw error
  }
  const last = withoutMark(rest, number + 1)
  if (last !== '') yield [{ number: number + 1, text: last }]
}

function withoutMark(line: string, number: number): string {
  return (number === 1 ? line.replace(/^\uFEFF/, '') : line).trim()
}
