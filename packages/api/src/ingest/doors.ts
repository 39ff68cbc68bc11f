import express, { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import { RECORD_KINDS, type Sql } from '@surety/store'
import type { CallerDeps } from './caller.ts'
import { createCheckDoor } from './credit-check.ts'
import { sendErrors, sendImport, takeFile } from './files.ts'
import { openApiDocument } from './openapi.ts'
import { PROBLEMS, Refused, sendProblem } from './problem.ts'
import { takeRates } from './exchange-rates.ts'
import { closeOrder } from './order-closing.ts'
import { takeBatch } from './record-batch.ts'
import { takeExtract } from './reconcile.ts'
import { createTurns, DELIVERIES } from './turns.ts'

export interface IngestDeps extends CallerDeps {
  /** For what somebody waits for, while deliveries have their own connections. */
  readonly prompt: Sql
  readonly logger: Logger
}

const MAX_RECORDS_BYTES = 32 * 1024 * 1024
const MAX_CHECK_BYTES = 64 * 1024

/** `/v1`: what machines bring. Everything else is GraphQL. */
export function ingestDoors(deps: IngestDeps): Router {
  const router = Router()
  const checks = createCheckDoor({ ...deps, sql: deps.prompt })
  // Each holds connections to the database for as long as it takes; the others are for people.
  const inTurn = createTurns(DELIVERIES, 16)
  router.get('/openapi.json', (_request, response) => void response.json(openApiDocument()))
  router.post(
    '/imports',
    answered((request, response) => inTurn(() => takeFile(deps, request, response))),
  )
  router.get(
    '/imports/:id',
    answered((request, response) => sendImport(deps, request, response)),
  )
  router.get(
    '/imports/:id/errors.csv',
    answered((request, response) => sendErrors(deps, request, response)),
  )
  router.post(
    '/credit-checks',
    express.raw({ type: () => true, limit: MAX_CHECK_BYTES }),
    answered((request, response) => checks.check(request, response)),
  )
  router.delete(
    '/credit-checks/:orderNumber',
    answered((request, response) => checks.cancel(request, response)),
  )
  for (const kind of RECORD_KINDS) {
    router.post(
      `/${kind}`,
      express.raw({ type: () => true, limit: MAX_RECORDS_BYTES }),
      answered((request, response) => inTurn(() => takeBatch(deps, kind, request, response))),
    )
  }
  for (const [verb, isClosed] of [
    ['close', true],
    ['reopen', false],
  ] as const) {
    router.post(
      `/orders/:number/${verb}`,
      express.raw({ type: () => true, limit: MAX_CHECK_BYTES }),
      answered((request, response) => inTurn(() => closeOrder(deps, isClosed, request, response))),
    )
  }
  for (const [path, take] of [
    ['reconciliations', takeExtract],
    ['exchange-rates', takeRates],
  ] as const) {
    router.post(
      `/${path}`,
      express.raw({ type: () => true, limit: MAX_RECORDS_BYTES }),
      answered((request, response) => inTurn(() => take(deps, request, response))),
    )
  }
  router.use((_request, response) => sendProblem(response, PROBLEMS.notFound().problem))
  router.use(refusals(deps.logger))
  return router
}

function answered(door: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request, response, next) => void door(request, response).catch(next)
}

function refusals(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // Whoever hung up is told nothing.
    if (response.headersSent || response.destroyed) return response.destroyed ? undefined : next(error)
    // What is still on its way is not read to its end.
    if (!request.complete) response.set('Connection', 'close')
    const { problem } = refusalOf(error)
    if (problem.status >= 500) logger.error({ err: error, path: request.path }, 'unexpected error')
    sendProblem(response, problem)
  }
}

function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown }
  if (code === 'BLOB_TOO_LARGE' || type === 'entity.too.large')
    return new Refused(413, 'TOO_LARGE', {
      en: 'This is larger than can be taken: 512 MB for a file, 32 MB for records.',
      zh: '超出上限：文件最大 512 MB，记录最大 32 MB。',
    })
  if (code === 'UPLOAD_BROKEN' || type === 'request.aborted' || type === 'encoding.unsupported')
    return new Refused(400, 'BODY_BROKEN', { en: 'The body can not be read to its end.', zh: '请求体读取不完整。' })
  return new Refused(500, 'INTERNAL_ERROR', { en: 'Something went wrong on our side.', zh: '系统内部出错。' })
}
