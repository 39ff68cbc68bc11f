import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router } from 'express'

/** Serves the built console: hashed assets for ever, the page itself always fresh, and the page for every address that the console routes. */
export function serveConsole(folder: string): Router {
  const router = Router()
  const page = join(folder, 'index.html')
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false, fallthrough: false }))
  router.use(express.static(folder, { index: false, cacheControl: true, maxAge: 0 }))
  router.get(/.*/, (request, response, next) => {
    if (!request.accepts('html')) return next()
    if (!existsSync(page))
      return void response.status(503).type('text/plain').send('The console is not built: run `npm start`, or build packages/console.\n')
    response.set('Cache-Control', 'no-cache').sendFile(page)
  })
  return router
}
