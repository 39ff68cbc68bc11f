import { Router } from 'express'
import { keptFor } from '../kept.ts'

export interface Readiness {
  readonly ready: boolean
  readonly postgres: boolean
  readonly temporal: boolean
  readonly worker: boolean
  readonly migrations: boolean
}

/** The questions that readiness is made of; each answers within its own deadline and never throws. */
export interface Probes {
  readonly postgres: () => Promise<boolean>
  readonly migrations: () => Promise<boolean>
  readonly temporal: () => Promise<boolean>
  readonly worker: () => Promise<boolean>
}

/** `/healthz`: this process lives. `/readyz`: so does everything that it needs; looked up once a second at most. */
export function healthDoors(probes: Probes): Router {
  const router = Router()
  const readiness = keptFor(KEEP_MS, () => look(probes))
  router.get('/healthz', (_request, response) => void response.set('Cache-Control', 'no-store').json({ alive: true }))
  router.get('/readyz', async (_request, response) => {
    const state = await readiness()
    response
      .status(state.ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(state)
  })
  return router
}

const KEEP_MS = 1000
const DEADLINE_MS = 2000

async function look(probes: Probes): Promise<Readiness> {
  const [postgres, migrations, temporal, worker] = await Promise.all(
    [probes.postgres, probes.migrations, probes.temporal, probes.worker].map(inTime),
  )
  return {
    ready: Boolean(postgres && migrations && temporal && worker),
    postgres: Boolean(postgres),
    temporal: Boolean(temporal),
    worker: Boolean(worker),
    migrations: Boolean(migrations),
  }
}

async function inTime(probe: () => Promise<boolean>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, DEADLINE_MS, false)
  try {
    return await Promise.race([probe().catch(() => false), late])
  } finally {
    clearTimeout(timer)
  }
}
