import { jsonPath } from '../rules/json-path.ts'
import { UndefinedFactError } from './errors.ts'
import { Fact, type DynamicFactCallback, type FactOptions } from './fact.ts'
import type { RuleResult } from './rule-result.ts'

export type PathResolver = (value: object, path: string) => unknown

export interface AlmanacOptions {
  allowUndefinedFacts?: boolean
  pathResolver?: PathResolver | undefined
}

export interface Event {
  type: string
  params?: Record<string, any>
}

type Outcome = 'success' | 'failure'

/** What one run knows: its facts, the values found so far, and what came of the rules. */
export class Almanac {
  factResultsCache = new Map<string, Promise<unknown>>()
  allowUndefinedFacts: boolean
  pathResolver: PathResolver
  events: Record<Outcome, Event[]> = { success: [], failure: [] }
  ruleResults: RuleResult[] = []
  #facts: Map<string, Fact> | undefined
  #fill: (() => Map<string, Fact>) | undefined

  constructor(options: AlmanacOptions = {}) {
    this.allowUndefinedFacts = Boolean(options.allowUndefinedFacts)
    this.pathResolver = options.pathResolver ?? defaultPathResolver
  }

  get factMap(): Map<string, Fact> {
    return (this.#facts ??= this.#fill?.() ?? new Map<string, Fact>())
  }

  /** Facts that are only put in place when someone looks: most runs never ask their almanac. */
  fillLater(fill: () => Map<string, Fact>): void {
    this.#fill = fill
  }

  addEvent(event: Event, outcome: Outcome): void {
    if (!outcome) throw new Error('outcome required: "success" | "failure"]')
    this.events[outcome].push(event)
  }

  getEvents(outcome?: Outcome | ''): Event[] {
    return outcome ? this.events[outcome] : [...this.events.success, ...this.events.failure]
  }

  addResult(ruleResult: RuleResult): void {
    this.ruleResults.push(ruleResult)
  }

  getResults(): RuleResult[] {
    return this.ruleResults
  }

  addFact<T>(fact: Fact<T>): this
  addFact<T>(id: string, valueCallback: DynamicFactCallback<T> | T, options?: FactOptions): this
  addFact(idOrFact: string | Fact, valueOrMethod?: unknown, options?: FactOptions): this {
    const fact = idOrFact instanceof Fact ? idOrFact : new Fact(idOrFact, valueOrMethod, options)
    this.factMap.set(fact.id, fact)
    if (fact.isConstant()) void this._setFactValue(fact, {}, fact.value)
    return this
  }

  addRuntimeFact(factId: string, value: unknown): void {
    this._addConstantFact(new Fact(factId, value))
  }

  factValue<T = any>(factId: string, params: Record<string, any> | null = {}, path?: string): Promise<T> {
    try {
      return Promise.resolve(this.lookUp(factId, params, path)) as Promise<T>
    } catch (error) {
      return Promise.reject(error)
    }
  }

  getValue(value: any): Promise<any> {
    if (value !== null && typeof value === 'object' && Object.hasOwn(value, 'fact')) {
      const { fact, params, path } = value as { fact: string; params?: Record<string, any>; path?: string }
      return this.factValue(fact, params, path)
    }
    return Promise.resolve(value)
  }

  /** The value of a fact, or a promise of it; constants need no waiting. */
  lookUp(factId: string, params: Record<string, any> | null | undefined, path: string | undefined): unknown {
    const fact = this._getFact(factId)
    if (fact === undefined) {
      if (this.allowUndefinedFacts) return undefined
      throw new UndefinedFactError(`Undefined fact: ${factId}`)
    }
    const value = fact.isConstant() ? fact.calculate(params ?? {}, this) : this.#dynamicValue(fact, params === undefined ? {} : params)
    if (!path) return value
    return isThenable(value) ? Promise.resolve(value).then(found => this.#follow(found, path)) : this.#follow(value, path)
  }

  _getFact(factId: string): Fact | undefined {
    return this.factMap.get(factId)
  }

  _addConstantFact(fact: Fact): void {
    this.factMap.set(fact.id, fact)
    void this._setFactValue(fact, {}, fact.value)
  }

  _setFactValue(fact: Fact, params: unknown, value: unknown): Promise<unknown> {
    const cacheKey = fact.getCacheKey(params)
    const promise = Promise.resolve(value)
    if (cacheKey) this.factResultsCache.set(cacheKey, promise)
    return promise
  }

  #dynamicValue(fact: Fact, params: Record<string, any> | null): Promise<unknown> {
    const cacheKey = fact.getCacheKey(params)
    const cached = cacheKey === undefined ? undefined : this.factResultsCache.get(cacheKey)
    return cached ?? this._setFactValue(fact, params, fact.calculate(params!, this))
  }

  #follow(value: unknown, path: string): unknown {
    return typeof value === 'object' && value !== null ? this.pathResolver(value, path) : value
  }
}

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  value !== null && (typeof value === 'object' || typeof value === 'function') && typeof (value as { then?: unknown }).then === 'function'

export const defaultPathResolver: PathResolver = (value, path) => jsonPath(path)(value)
