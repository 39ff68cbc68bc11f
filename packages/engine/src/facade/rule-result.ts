import type { Almanac, Event } from './almanac.ts'
import type { Condition } from './condition.ts'

/** What came of one rule in one run. */
export class RuleResult {
  conditions: Condition
  event: Event
  priority: number
  name: any
  result: any

  constructor(conditions: Condition, event: Event, priority: number, name: unknown, result: unknown) {
    this.conditions = conditions
    this.event = event
    this.priority = priority
    this.name = name
    this.result = result
  }

  /** Puts the values of facts where the event's parameters name them. */
  async resolveEventParams(almanac: Almanac): Promise<void> {
    const { params } = this.event
    if (params === null || typeof params !== 'object') return
    await Promise.all(
      Object.keys(params).map(async key => {
        params[key] = await almanac.getValue(params[key])
      }),
    )
  }

  toJSON(): string
  toJSON<T extends boolean>(stringify: T): T extends true ? string : Record<string, any>
  toJSON(stringify: unknown = true): string | Record<string, any> {
    const props = {
      conditions: this.conditions.toJSON(false),
      event: this.event,
      priority: this.priority,
      name: this.name,
      result: this.result,
    }
    return stringify ? JSON.stringify(props) : props
  }
}
