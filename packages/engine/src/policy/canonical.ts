import { sha256 } from './sha256.ts'

/** The canonical form of a JSON value (RFC 8785): keys in UTF-16 order, no white space, numbers as ECMAScript writes them. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical JSON form.`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'object') {
    const members: string[] = []
    for (const key of Object.keys(value).sort(byCodeUnit)) {
      const member = (value as Record<string, unknown>)[key]
      if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`)
    }
    return `{${members.join(',')}}`
  }
  throw new TypeError(`A ${typeof value} has no canonical JSON form.`)
}

/** The identity of a policy version: SHA-256 of its canonical form. `$schema` is a help for editors and does not count. */
export function hashPolicy(policy: object): string {
  const { $schema: _, ...content } = policy as Record<string, unknown>
  return sha256(canonicalJson(content))
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
