import type { Request, RequestHandler } from 'express'

/**
 * Refuses what another site makes a browser send. Programs that are not browsers name no origin; the
 * session cookie is SameSite=Lax besides, and GraphQL asks for a header that forms can not set.
 */
export function refuseForeignOrigins(): RequestHandler {
  return (request, response, next) => {
    if (SAFE_METHODS.has(request.method) || isOwn(request)) return next()
    response.status(403).json({ code: 'FOREIGN_ORIGIN', message: 'The request comes from another site.' })
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

function isOwn(request: Request): boolean {
  const site = request.get('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') return false
  const origin = request.get('origin')
  if (origin === undefined) return true
  // The scheme is left out: behind a proxy that ends TLS it differs without harm.
  return URL.canParse(origin) && new URL(origin).host === request.host
}
