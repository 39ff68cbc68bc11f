import { Busboy, type BusboyFileStream, type BusboyHeaders } from '@fastify/busboy'
import type { Request } from 'express'
import { Refused } from './problem.ts'

export interface Upload {
  readonly fileName: string
  /** Ends with an error when the file breaks off. */
  readonly content: AsyncIterable<Uint8Array>
}

/** The file of a request, as it streams in: the body itself with its name in `X-File-Name`, or the first file of a form. */
export async function uploadOf(request: Request): Promise<Upload> {
  return request.is('multipart/form-data') ? formFile(request) : { fileName: headerName(request), content: whole(request) }
}

function headerName(request: Request): string {
  const raw = request.get('x-file-name')
  if (!raw)
    throw new Refused(400, 'FILE_NAME_MISSING', {
      en: 'Name the file in X-File-Name, percent-encoded.',
      zh: '请在 X-File-Name 中以百分号编码提供文件名。',
    })
  try {
    return cleanName(decodeURIComponent(raw))
  } catch {
    throw new Refused(400, 'FILE_NAME_BROKEN', {
      en: 'X-File-Name is not percent-encoded UTF-8.',
      zh: 'X-File-Name 不是百分号编码的 UTF-8。',
    })
  }
}

function formFile(request: Request): Promise<Upload> {
  const { promise, resolve, reject } = Promise.withResolvers<Upload>()
  let file: BusboyFileStream | undefined
  const breakOff = (): void => {
    const broken = new BrokenUpload()
    reject(broken)
    file?.destroy(broken)
  }
  const form = formReader(request, breakOff)
  form?.on('file', (_field, content, fileName) => {
    file = content
    // Somebody may have stopped reading; that it breaks off then is nobody's surprise.
    content.on('error', () => {})
    resolve({ fileName: cleanName(fileName ?? ''), content })
  })
  form?.on('finish', () => reject(new Refused(400, 'FILE_MISSING', { en: 'The form holds no file.', zh: '表单中没有文件。' })))
  form?.on('error', breakOff)
  request.once('close', () => !request.complete && breakOff())
  if (form) request.pipe(form)
  return promise
}

function formReader(request: Request, onBroken: () => void): InstanceType<typeof Busboy> | undefined {
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits: { files: 1, fields: 20, fieldSize: 1000 } })
  } catch {
    onBroken()
    return undefined
  }
}

async function* whole(request: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* request as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new BrokenUpload({ cause: error })
  }
}

class BrokenUpload extends Error {
  readonly code = 'UPLOAD_BROKEN'
  constructor(options?: ErrorOptions) {
    super('The upload broke off.', options)
  }
}

// The name is shown and never opened; still, nobody wants to read a path or a control character.
function cleanName(name: string): string {
  return (
    name
      .split(/[/\\]/)
      .at(-1)!
      .replaceAll(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 200) || 'file'
  )
}
