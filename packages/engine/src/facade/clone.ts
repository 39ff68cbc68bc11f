/** A deep copy that keeps prototypes; functions are shared. */
export function deepClone<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value) && isFlat(value)) return value.slice() as T
  return copy(value, new Map()) as T
}

/** A plain list of plain values needs no more than a copy of the list. */
function isFlat(values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value === 'object' && value !== null) return false
  }
  return Object.getPrototypeOf(values) === Array.prototype && Object.keys(values).length === values.length
}

function copy(source: object, seen: Map<object, object>): object {
  const known = seen.get(source)
  if (known) return known
  const target = empty(source)
  seen.set(source, target)
  if (source instanceof Map)
    for (const [key, value] of source) (target as Map<unknown, unknown>).set(copyValue(key, seen), copyValue(value, seen))
  else if (source instanceof Set) for (const value of source) (target as Set<unknown>).add(copyValue(value, seen))
  for (const key of Reflect.ownKeys(source)) {
    const property = Object.getOwnPropertyDescriptor(source, key)!
    if (!property.enumerable) continue
    // Defined, not assigned: a key such as __proto__ is data here.
    // And writable, whatever the source was: a copy of something frozen is there to be changed.
    Object.defineProperty(
      target,
      key,
      'value' in property ? { value: copyValue(property.value, seen), enumerable: true, writable: true, configurable: true } : property,
    )
  }
  return target
}

const copyValue = (value: unknown, seen: Map<object, object>): unknown =>
  typeof value === 'object' && value !== null ? copy(value, seen) : value

function empty(source: object): object {
  if (Array.isArray(source)) return new Array(source.length)
  if (source instanceof Date) return new Date(source.getTime())
  if (source instanceof RegExp) return new RegExp(source.source, source.flags)
  if (source instanceof Map) return new Map()
  if (source instanceof Set) return new Set()
  return Object.create(Object.getPrototypeOf(source) as object | null) as object
}
