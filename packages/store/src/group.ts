/** Rows by what they belong to, in their order; every one of `keys` is there, with an empty list when nothing belongs to it. */
export function groupBy<T>(keys: readonly string[], items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>(keys.map(key => [key, []]))
  for (const item of items) groups.get(keyOf(item))?.push(item)
  return groups
}
