const KEY = 'surety.policies.recent'
const MOST = 4

/** Policies that this browser has looked at, the last one first: a way back that costs one click. */
export function recentPolicies(): readonly string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(found) ? found.filter(one => typeof one === 'string') : []
  } catch {
    return []
  }
}

export function rememberPolicy(id: string): void {
  localStorage.setItem(KEY, JSON.stringify([id, ...recentPolicies().filter(one => one !== id)].slice(0, MOST)))
}
