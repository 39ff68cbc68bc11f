import type { Event } from './almanac.ts'
import { deepClone } from './clone.ts'
import { Condition } from './condition.ts'
import { Emitter, type Listener } from './emitter.ts'
import type { Engine } from './engine.ts'

export interface RuleProperties {
  conditions: Record<string, any>
  event: Event
  name?: any
  priority?: number
  onSuccess?: Listener
  onFailure?: Listener
}

const ROOT_KEYS = ['all', 'any', 'not', 'condition'] as const

export function checkRoot(conditions: object): void {
  if (!ROOT_KEYS.some(key => Object.hasOwn(conditions, key))) {
    throw new Error('"conditions" root must contain a single instance of "all", "any", "not", or "condition"')
  }
}

/** A rule as json-rules-engine's users build it. */
export class Rule extends Emitter {
  name: any
  priority = 1
  declare conditions: Condition
  declare ruleEvent: Event
  declare event: Event
  declare engine: Engine

  constructor(options?: Partial<RuleProperties> | string) {
    super()
    const given = (typeof options === 'string' ? JSON.parse(options) : options) as Partial<RuleProperties> | undefined
    if (given?.conditions) this.setConditions(given.conditions)
    if (given?.onSuccess) this.on('success', given.onSuccess)
    if (given?.onFailure) this.on('failure', given.onFailure)
    if (given?.name || given?.name === 0) this.setName(given.name)
    this.setPriority(given?.priority || 1)
    this.setEvent(given?.event || { type: 'unknown' })
  }

  setPriority(priority: number | string): this {
    const parsed = Number.parseInt(priority as string, 10)
    if (parsed <= 0) throw new Error('Priority must be greater than zero')
    this.priority = parsed
    return this
  }

  setName(name: unknown): this {
    if (!name && name !== 0) throw new Error('Rule "name" must be defined')
    this.name = name
    return this
  }

  setConditions(conditions: Record<string, any>): this {
    checkRoot(conditions)
    this.conditions = new Condition(conditions)
    return this
  }

  setEvent(event: Event): this {
    if (!event) throw new Error('Rule: setEvent() requires event object')
    if (!Object.hasOwn(event, 'type')) throw new Error('Rule: setEvent() requires event object with "type" property')
    this.ruleEvent = { type: event.type, ...(event.params ? { params: event.params } : {}) }
    this.event = this.ruleEvent
    return this
  }

  getEvent(): Event {
    return this.ruleEvent
  }

  getPriority(): number {
    return this.priority
  }

  getConditions(): Condition {
    return this.conditions
  }

  getEngine(): Engine {
    return this.engine
  }

  setEngine(engine: Engine): this {
    this.engine = engine
    return this
  }

  /** Conditions in the order in which they are looked at: those of one priority together, the highest first. */
  prioritizeConditions(conditions: readonly Condition[]): Condition[][] {
    return groupByPriority(conditions, condition => condition.priority || this.engine.getFact(condition.fact!)?.priority || 1)
  }

  toJSON(): string
  toJSON<T extends boolean>(stringify: T): T extends true ? string : Record<string, any>
  toJSON(stringify: unknown = true): string | Record<string, any> {
    const props = { conditions: this.conditions.toJSON(false), priority: this.priority, event: this.ruleEvent, name: this.name }
    return stringify ? JSON.stringify(props) : props
  }
}

/** Highest first; those of one priority keep their order. */
export function groupByPriority<T>(items: readonly T[], priorityOf: (item: T) => number): T[][] {
  const groups = new Map<number, T[]>()
  for (const item of items) {
    const priority = priorityOf(item)
    const group = groups.get(priority)
    if (group) group.push(item)
    else groups.set(priority, [item])
  }
  return [...groups].sort(([a], [b]) => b - a).map(([, group]) => group)
}

/** Events are small and mostly flat: the general copy is kept for those that aren't. */
export function cloneEvent(event: Event): Event {
  const { type, params } = event
  if (typeof type !== 'object') {
    if (params === undefined) return { type }
    if (isFlat(params)) return { type, params: { ...params } }
  }
  return deepClone(event)
}

function isFlat(params: unknown): boolean {
  if (typeof params !== 'object' || params === null || Object.getPrototypeOf(params) !== Object.prototype) return false
  for (const key in params) if (typeof (params as Record<string, unknown>)[key] === 'object') return false
  return true
}
