import type { Scope } from '../features/session/session.ts'

export interface Place {
  /** Name of the route; a place without one is not offered. */
  readonly route: string
  readonly icon: string
  /** Message key. */
  readonly label: string
  readonly scope?: Scope
  readonly counter?: 'tasks' | 'applications' | 'imports' | 'holds'
  /** Second key of the shortcut `G …`. */
  readonly key: string
}

/** The rail, in groups. */
export const PLACES: readonly (readonly Place[])[] = [
  [
    { route: 'home', icon: 'i-lucide-house', label: 'nav.home', key: 'h' },
    { route: 'tasks', icon: 'i-lucide-square-check', label: 'nav.tasks', scope: 'task.read', counter: 'tasks', key: 't' },
    {
      route: 'applications',
      icon: 'i-lucide-file-pen-line',
      label: 'nav.applications',
      scope: 'application.read',
      counter: 'applications',
      key: 'p',
    },
  ],
  [{ route: 'policies', icon: 'i-lucide-scale', label: 'nav.policies', scope: 'policy.read', key: 'o' }],
  [
    { route: 'customers', icon: 'i-lucide-building-2', label: 'nav.customers', scope: 'customer.read', key: 'c' },
    { route: 'holds', icon: 'i-lucide-hand', label: 'nav.holds', scope: 'hold.read', counter: 'holds', key: 'd' },
    { route: 'securities', icon: 'i-lucide-shield-check', label: 'nav.securities', scope: 'customer.read', key: 'u' },
    { route: 'portfolio', icon: 'i-lucide-chart-pie', label: 'nav.portfolio', scope: 'portfolio.read', key: 'f' },
    { route: 'alerts', icon: 'i-lucide-bell', label: 'nav.alerts', scope: 'alert.read', key: 'w' },
    { route: 'imports', icon: 'i-lucide-upload', label: 'nav.imports', scope: 'import.read', counter: 'imports', key: 'i' },
  ],
  [
    { route: 'audit', icon: 'i-lucide-receipt-text', label: 'nav.audit', scope: 'audit.read', key: 'a' },
    { route: 'settings', icon: 'i-lucide-sliders-horizontal', label: 'nav.settings', key: 's' },
  ],
]
