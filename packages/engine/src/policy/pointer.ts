/** JSON pointers (RFC 6901). */
export function pointer(parent: string, ...keys: readonly (string | number)[]): string {
  let path = parent
  for (const key of keys) path += `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
  return path
}

/** The value that a pointer leads to, or undefined. */
export function resolvePointer(document: unknown, path: string): unknown {
  let value = document
  for (const part of path.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}
