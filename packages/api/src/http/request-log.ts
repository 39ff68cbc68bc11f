import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

/** One line a request: what, how it went, how long. Never whom it was about: no query string, no body, no address. */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now()
    response.once('close', () => {
      const line = {
        method: request.method,
        path: request.baseUrl + request.path,
        status: response.statusCode,
        durationMs: Math.round(performance.now() - startedAt),
      }
      if (response.statusCode >= 500) logger.error(line, 'request')
      else logger.debug(line, 'request')
    })
    next()
  }
}
