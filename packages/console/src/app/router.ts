import type { Client } from '@urql/vue'
import { createRouter, createWebHistory, type Router } from 'vue-router'
import { loadSession, useSession } from '../features/session/session.ts'
import { i18n } from '../i18n/index.ts'
import { ROUTES } from './routes.ts'

export function createConsoleRouter(client: Client): Router {
  const router = createRouter({ history: createWebHistory(), routes: ROUTES })
  const { viewer } = useSession()

  router.beforeEach(async to => {
    await loadSession(client)
    if (!to.meta.isPublic && !viewer.value) return { name: 'sign-in', query: to.path === '/' ? {} : { next: to.fullPath } }
    if (to.name === 'sign-in' && viewer.value) return nextOf(to.query['next'])
    return true
  })

  router.afterEach(to => {
    const { global } = i18n
    document.title = to.meta.title ? `${global.t(to.meta.title)} · Surety` : 'Surety'
  })

  return router
}

/** Where to go after signing in: an address of ours, never of anybody else. */
export function nextOf(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}
