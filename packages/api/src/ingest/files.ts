import type { Request, Response } from 'express'
import { asActor, createImport, errorsCsv, findImport, IMPORT_KINDS, requestImport, type Import, type ImportKind } from '@surety/store'
import { callerOf, targetSegment, type CallerDeps } from './caller.ts'
import { uploadOf } from './file-upload.ts'
import { PROBLEMS, Refused } from './problem.ts'

const MAX_FILE_BYTES = 512 * 1024 * 1024

/** Takes a file in as it streams and asks the workflow to read it; nothing remains of one that breaks off. */
export async function takeFile(deps: CallerDeps, request: Request, response: Response): Promise<void> {
  const caller = await callerOf(deps, request, response, 'import.write')
  const segmentId = targetSegment(caller, parameter(request, 'segment'))
  const kind = kindOf(parameter(request, 'kind'))
  const source = parameter(request, 'source')
  const { fileName, content } = await uploadOf(request)
  const created = await asActor(deps.sql, { ...caller.actor, segments: [segmentId] }, async tx => {
    const taken = await createImport(tx, {
      fileName,
      segmentId,
      content,
      maxBytes: MAX_FILE_BYTES,
      ...(kind && { kind }),
      ...(source && { source }),
    })
    await requestImport(tx, taken, 'stage')
    return taken
  })
  response.status(201).location(`/v1/imports/${created.id}`).json(summaryOf(created))
}

export async function sendImport(deps: CallerDeps, request: Request, response: Response): Promise<void> {
  const { actor } = await callerOf(deps, request, response, 'import.read')
  const found = await asActor(deps.sql, actor, tx => findImport(tx, String(request.params['id'])))
  if (!found) throw PROBLEMS.notFound()
  response.json(summaryOf(found))
}

/** The row errors as a file for a spreadsheet, in the language asked for. */
export async function sendErrors(deps: CallerDeps, request: Request, response: Response): Promise<void> {
  const { actor } = await callerOf(deps, request, response, 'import.read')
  const language =
    request.query['language'] === 'en' ||
    (request.query['language'] === undefined && request.acceptsLanguages('zh-CN', 'zh', 'en') === 'en')
      ? 'en'
      : 'zh-CN'
  await asActor(deps.sql, actor, async tx => {
    const found = await findImport(tx, String(request.params['id']))
    if (!found) throw PROBLEMS.notFound()
    response.set('Cache-Control', 'no-store').attachment(`import-${found.id}-errors.csv`).type('text/csv; charset=utf-8')
    for await (const part of errorsCsv(tx, found.id, language)) {
      if (response.destroyed) return
      if (!response.write(part)) await drained(response)
    }
  })
  response.end()
}

/** What machines are told of an import. */
function summaryOf({ id, status, kind, segmentId, fileName, rowsTotal, rowsDone, counts, error, version }: Import): object {
  return { id, status, kind, segment: String(segmentId), fileName, rowsTotal, rowsDone, counts, error, version }
}

/** A parameter of the address, or the header of the same name. */
export function parameter(request: Request, name: 'segment' | 'kind' | 'source'): string | undefined {
  const value = request.query[name] ?? request.get(`x-${name}`)
  const text = typeof value === 'string' ? value.replaceAll(/\p{Cc}/gu, '').slice(0, 100) : ''
  return text === '' ? undefined : text
}

function kindOf(asked: string | undefined): ImportKind | undefined {
  if (asked === undefined) return undefined
  const kind = IMPORT_KINDS.find(known => known === asked.toLowerCase().replaceAll('-', '_'))
  if (kind) return kind
  throw new Refused(400, 'UNKNOWN_KIND', {
    en: `kind=${asked} is not one of ${IMPORT_KINDS.join(', ')}.`,
    zh: `kind=${asked} 不在 ${IMPORT_KINDS.join('、')} 之中。`,
  })
}

// A reader that went away never drains.
async function drained(response: Response): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  response.once('drain', resolve).once('close', resolve)
  await promise
}
