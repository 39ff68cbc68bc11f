import type { RouteLocationRaw } from 'vue-router'

/** The address of a policy version: ids have parts (`assessment/trade-credit`), and so has the address. */
export const policyRoute = (
  id: string,
  version: number | 'live' | 'draft' = 'live',
  tab?: string,
  query: Readonly<Record<string, string>> = {},
): RouteLocationRaw => ({
  name: 'policy-version',
  params: { id: id.split('/'), version: String(version), ...(tab && { tab }) },
  query,
})

/** Two versions beside each other. */
export const diffRoute = (id: string, base: number, head: number | 'draft'): RouteLocationRaw => ({
  name: 'policy-diff',
  params: { id: id.split('/'), range: `${base}...${head}` },
})
