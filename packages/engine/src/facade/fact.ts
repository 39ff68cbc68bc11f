import type { Almanac } from './almanac.ts'

export interface FactOptions {
  readonly cache?: boolean
  readonly priority?: number
}

export type DynamicFactCallback<T = unknown> = (params: Record<string, any>, almanac: Almanac) => T

/** A fact as json-rules-engine knows it: a constant, or a function that is asked when a condition needs it. */
export class Fact<T = unknown> {
  static readonly CONSTANT = 'CONSTANT'
  static readonly DYNAMIC = 'DYNAMIC'
  id: string
  priority: number
  options: FactOptions
  type: string
  declare value?: T
  declare calculationMethod?: DynamicFactCallback<T>
  cacheKeyMethod: (id: string, params: unknown) => unknown

  constructor(id: string, valueOrMethod?: T | DynamicFactCallback<T>, options?: FactOptions) {
    if (!id) throw new Error('factId required')
    this.id = id
    if (typeof valueOrMethod === 'function') {
      this.calculationMethod = valueOrMethod as DynamicFactCallback<T>
      this.type = Fact.DYNAMIC
    } else {
      this.value = valueOrMethod as T
      this.type = Fact.CONSTANT
    }
    this.priority = Number.parseInt(String(options?.priority || 1), 10)
    this.options = { cache: true, ...options }
    this.cacheKeyMethod = (factId, params) => ({ params, id: factId })
  }

  isConstant(): boolean {
    return this.type === Fact.CONSTANT
  }

  isDynamic(): boolean {
    return this.type === Fact.DYNAMIC
  }

  calculate(params: Record<string, any>, almanac: Almanac): T {
    if (Object.hasOwn(this, 'value')) return this.value as T
    return this.calculationMethod!(params, almanac)
  }

  /** Equal for equal parameters, in whatever order they were written; undefined when the fact isn't cached. */
  getCacheKey(params: unknown): string | undefined {
    return this.options.cache === true ? cacheKey(this.cacheKeyMethod(this.id, params), new Set()) : undefined
  }
}

function cacheKey(value: unknown, open: Set<object>): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function' || typeof value === 'symbol') return `#${identity(value as object)}`
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '0' : String(value)
  if (open.has(value)) return '↺'
  open.add(value)
  const inner = (item: unknown): string => cacheKey(item, open)
  let key: string
  if (Array.isArray(value)) key = `[${value.map(inner).join(',')}]`
  else if (value instanceof Date) key = `@${value.getTime()}`
  else if (value instanceof RegExp) key = String(value)
  else if (value instanceof Map) key = `{${[...value].map(([k, v]) => `${inner(k)}→${inner(v)}`).join(',')}}`
  else if (value instanceof Set) key = `<${[...value].map(inner).join(',')}>`
  else
    key = `{${Object.keys(value)
      .sort()
      .map(name => `${JSON.stringify(name)}:${inner((value as Record<string, unknown>)[name])}`)
      .join(',')}}`
  open.delete(value)
  return key
}

const identities = new WeakMap<object, number>()
let lastIdentity = 0

function identity(value: object): number | string {
  if (typeof value === 'symbol') return String(value)
  let id = identities.get(value)
  if (id === undefined) identities.set(value, (id = ++lastIdentity))
  return id
}
