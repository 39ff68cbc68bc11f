import type { Request } from 'express'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { Refused } from './problem.ts'

export interface Upload {
  readonly fileName: string
  readonly content: AsyncIterable<Uint8Array>
}

/** The file of a request, as it streams in: the body itself with its name in `X-File-Name`, or the first file of a form. */
export function uploadOf(request: Request): Promise<Upload> {
  return request.is('multipart/form-data') ? formFile(request) : Promise.resolve({ fileName: headerName(request), content: request })
}

function headerName(request: Request): string {
  const raw = request.get('x-file-name')
  if (!raw) throw new Refused(400, 'FILE_NAME_MISSING', { en: 'Name the file in X-File-Name, percent-encoded.', zh: '请在 X-File-Name 中以百分号编码提供文件名。' })
  return cleanName(decoded(raw))
}

function formFile(request: Request): Promise<Upload> {
  const { promise, resolve, reject } = Promise.withResolvers<Upload>()
  const form = new Busboy({ headers: request.headers as BusboyHeaders, limits: { files: 1, fields: 20, fieldSize: 1000 }, defParamCharset: 'utf8' } as ConstructorParameters<typeof Busboy>[0])
  form.on('file', (_field, content, fileName) => resolve({ fileName: cleanName(fileName ?? ''), content }))
  form.on('finish', () => reject(new Refused(400, 'FILE_MISSING', { en: 'The form holds no file.', zh: '表单中没有文件。' })))
  form.on('error', () => reject(new Refused(400, 'FORM_BROKEN', { en: 'The form can not be read to its end.', zh: '表单读取不完整。' })))
  request.on('error', () => form.destroy())
  request.pipe(form)
  return promise
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new Refused(400, 'FILE_NAME_BROKEN', { en: 'X-File-Name is not percent-encoded UTF-8.', zh: 'X-File-Name 不是百分号编码的 UTF-8。' })
  }
}

// The name is shown and never opened; still, nobody wants to read a path or a control character.
function cleanName(name: string): string {
  return name.split(/[/\\]/).at(-1)!.replaceAll(/\p{Cc}/gu, '').trim().slice(0, 200) || 'file'
}
