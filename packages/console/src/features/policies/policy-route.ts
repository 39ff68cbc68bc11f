import type { RouteLocationRaw } from 'vue-router'

/** The address of a policy version: ids have parts (`assessment/trade-credit`), and so has the address. */
export const policyRoute = (id: string, version: number | 'live' = 'live', tab?: string): RouteLocationRaw => ({
  name: 'policy-version',
  params: { id: id.split('/'), version: String(version), ...(tab && { tab }) },
})
