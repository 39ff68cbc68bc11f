import { Router, type Request, type RequestHandler, type Response } from 'express'
import { asActor, attachFile, ATTACHMENT_TYPES, findAttachment, readBlob } from '@surety/store'
import { callerOf, type CallerDeps } from '../ingest/caller.ts'
import { uploadOf } from '../ingest/file-upload.ts'
import { PROBLEMS, Refused, sendProblem } from '../ingest/problem.ts'

/** Files that people put beside a matter, and take away again. */
export function attachmentDoors(deps: CallerDeps): Router {
  const router = Router()
  router.post(
    '/approvals/:id/attachments',
    answered(async (request, response) => {
      const { actor } = await callerOf(deps, request, response, 'task.read')
      // A file is somebody's word; a machine has none to give.
      if (actor.kind !== 'user') throw PROBLEMS.notAllowed()
      const { fileName, content } = await uploadOf(request)
      const result = await asActor(deps.sql, actor, tx =>
        attachFile(tx, { approvalId: rowIdOf(request), fileName, mediaType: mediaTypeOf(request, fileName), content }),
      )
      if (result.kind === 'invalid') {
        const { code, message } = result.issues[0]!
        throw new Refused(code === 'FILE_TOO_LARGE' ? 413 : 415, code, message)
      }
      if (result.kind !== 'ok') throw PROBLEMS.notFound()
      const { id, fileName: name, size, mediaType } = result.value
      response.status(201).json({ id, fileName: name, size, mediaType })
    }),
  )
  router.get(
    '/attachments/:id',
    answered(async (request, response) => {
      const { actor } = await callerOf(deps, request, response, 'task.read')
      await asActor(deps.sql, actor, async tx => {
        const found = await findAttachment(tx, rowIdOf(request))
        if (!found) throw PROBLEMS.notFound()
        // Never shown in the page's own origin, whatever it says it is.
        response.set('Cache-Control', 'no-store').attachment(found.fileName).type('application/octet-stream')
        for await (const piece of readBlob(tx, found.sha256)) response.write(piece)
      })
      response.end()
    }),
  )
  return router
}

/** As the body says; a file of a form is what its name says. */
function mediaTypeOf(request: Request, fileName: string): string {
  if (!request.is('multipart/form-data')) return (request.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  const end = fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()
  return Object.keys(ATTACHMENT_TYPES).find(type => ATTACHMENT_TYPES[type]!.includes(end)) ?? 'application/octet-stream'
}

function rowIdOf(request: Request): string {
  const id = String(request.params['id'])
  if (!/^\d{1,18}$/.test(id)) throw PROBLEMS.notFound()
  return id
}

function answered(door: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request, response, next) =>
    void door(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return response.destroyed ? undefined : next(error)
      if (!request.complete) response.set('Connection', 'close')
      if (error instanceof Refused) sendProblem(response, error.problem)
      else next(error)
    })
}
