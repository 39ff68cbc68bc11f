import { createServer as createHttpServer, type Server } from 'node:http'
import compression from 'compression'
import express, { type ErrorRequestHandler, type Express } from 'express'
import type { Sql } from '@surety/store'
import type { Logger } from 'pino'
import { createAuditCheck } from './audit-check.ts'
import { createSignInLimit } from './auth/sign-in.ts'
import type { Config } from './config.ts'
import { createContextFactory } from './context.ts'
import { createGraphqlDoor } from './graphql-door.ts'
import { serveConsole } from './http/console.ts'
import { healthDoors, type Probes } from './http/health.ts'
import { refuseForeignOrigins } from './http/own-origin.ts'
import { requestLog } from './http/request-log.ts'
import { securityHeaders } from './http/security-headers.ts'
import { ingestDoors } from './ingest/doors.ts'
import type { LiveHub } from './live/hub.ts'
import { attachmentDoors } from './papers/attachment-doors.ts'
import { paperDoors } from './papers/paper-doors.ts'

export interface Deps {
  readonly config: Config
  readonly sql: Sql
  /** A pool of its own for what machines bring, so that it never makes people wait. */
  readonly bulk: Sql
  readonly live: LiveHub
  readonly probes: Probes
  readonly logger: Logger
}

/** Everything that this program serves, on one port that the caller opens. */
export function createServer(deps: Deps): Server {
  const server = createHttpServer(createApp(deps))
  // A file of half a gigabyte over a slow line takes longer than node's five minutes.
  server.requestTimeout = 60 * 60_000
  return server
}

function createApp({ config, sql, bulk, live, probes, logger }: Deps): Express {
  const contextOf = createContextFactory({
    config,
    sql,
    live,
    signInLimit: createSignInLimit(),
    auditCheck: createAuditCheck(bulk, config.auditAnchorsFile),
  })
  const graphql = createGraphqlDoor({ logger, tellsSchema: config.environment !== 'production', contextOf })
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustProxy)
  app.use(securityHeaders())
  // Before the log: they are asked every second.
  app.use(healthDoors(probes))
  app.use(requestLog(logger))
  app.use(
    compression({
      filter: (request, response) => !isEventStream(response.getHeader('Content-Type')) && compression.filter(request, response),
    }),
  )
  app.use(refuseForeignOrigins())
  app.use(graphql.graphqlEndpoint, (request, response) => graphql(request, response))
  app.use('/v1', paperDoors({ sql, contextOf }))
  app.use('/v1', attachmentDoors({ sql, contextOf }))
  app.use('/v1', ingestDoors({ sql: bulk, prompt: sql, contextOf, logger }))
  app.use(serveConsole(config.consoleFolder))
  app.use(lastResort(logger))
  return app
}

// Compressed events wait in a buffer until there are enough of them.
function isEventStream(contentType: unknown): boolean {
  return String(contentType).startsWith('text/event-stream')
}

function lastResort(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error)
    const status = statusOf(error)
    if (status >= 500) logger.error({ err: error }, 'unexpected error')
    response
      .status(status)
      .json(
        status >= 500
          ? { code: 'INTERNAL_ERROR', message: 'Something went wrong on our side.' }
          : { code: 'BAD_REQUEST', message: 'The request can not be read.' },
      )
  }
}

function statusOf(error: unknown): number {
  const status = (error as { status?: unknown } | null)?.status
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}
