import { mayGenerate } from '../compile/generate.ts'
import { type Event, type PathResolver, defaultPathResolver } from './almanac.ts'
import { deepClone } from './clone.ts'
import { Condition } from './condition.ts'
import { UndefinedFactError } from './errors.ts'
import { isGiven } from './given.ts'
import { OperatorMap } from './operator-map.ts'
import type { Operator, OperatorDecorator } from './operator.ts'
import { type FactOperand, FactRegistry, type FactSource, planConditions, type PlanRoot } from './plan.ts'
import { cloneEvent, groupByPriority, Rule, type RuleProperties } from './rule.ts'
import { type FastRules, generateRules, isFast } from './rule-code.ts'

export interface RuleSetOptions {
  /** Named conditions. */
  readonly conditions?: Readonly<Record<string, Record<string, any>>>
  readonly operators?: readonly Operator[]
  readonly decorators?: readonly OperatorDecorator[]
  readonly allowUndefinedFacts?: boolean
  readonly allowUndefinedConditions?: boolean
  readonly replaceFactsInEventParams?: boolean
  readonly pathResolver?: PathResolver
  /** False: no code is generated, as under a strict content security policy. Found out when absent. */
  readonly codegen?: boolean
}

export interface RuleSetResult {
  readonly events: Event[]
  readonly failureEvents: Event[]
}

/** Rules in json-rules-engine's dialect over constant facts: the same events in the same order, at once and fast. */
export interface RuleSet {
  /** Throws where json-rules-engine's `run` rejects. Events are shared between runs and frozen. */
  run(facts: Readonly<Record<string, unknown>>): RuleSetResult
}

interface SetRule {
  readonly rule: Rule
  readonly root: PlanRoot
  readonly event: Event
  readonly isFast: boolean
}

// About 15 kB of bytecode for rules of four conditions; V8 gives up optimising at 60.
const RULES_PER_FUNCTION = 50

// Lists of so many events had better have their size from the start than grow; cutting them short costs something too.
const LARGE = 100

/** Compiles bare rules. Throws what json-rules-engine throws for malformed ones, and `RulesInvalid`. */
export function compileRules(rules: readonly (RuleProperties | string)[], options: RuleSetOptions = {}): RuleSet {
  const planned = planRules(rules, options)
  const codegen = options.codegen ?? mayGenerate()
  const parts = compileParts(planned, options, codegen)
  const isLarge = planned.length > LARGE
  return {
    run(facts) {
      const events: Event[] = isLarge ? new Array<Event>(planned.length) : []
      const failureEvents: Event[] = isLarge ? new Array<Event>(planned.length) : []
      let at = 0
      for (let i = 0; i < parts.length; i++) at = parts[i]!(facts, events, failureEvents, at)
      if (isLarge) {
        events.length = at
        failureEvents.length = planned.length - at
      }
      return { events, failureEvents }
    },
  }
}

function planRules(rules: readonly (RuleProperties | string)[], options: RuleSetOptions): readonly SetRule[] {
  const operators = new OperatorMap()
  for (const operator of options.operators ?? []) operators.addOperator(operator)
  for (const decorator of options.decorators ?? []) operators.addOperatorDecorator(decorator)
  const conditions = new Map(Object.entries(options.conditions ?? {}).map(([name, condition]) => [name, new Condition(condition)]))
  const registry = new FactRegistry()
  const context = {
    condition: (name: string) => conditions.get(name),
    operator: (name: string) => operators.get(name),
    factPriority: () => 1,
    allowUndefinedConditions: options.allowUndefinedConditions ?? false,
  }
  const made = rules.map(properties => {
    if (typeof properties !== 'string') {
      if (!properties || !Object.hasOwn(properties, 'event')) throw new Error('Engine: addRule() argument requires "event" property')
      if (!Object.hasOwn(properties, 'conditions')) throw new Error('Engine: addRule() argument requires "conditions" property')
    }
    const rule = new Rule(properties)
    const root = planConditions(rule.conditions, registry, context)
    return { rule, root, event: deepFreeze(deepClone(rule.ruleEvent)), isFast: options.pathResolver === undefined && isFast(root.node) }
  })
  return groupByPriority(made, ({ rule }) => rule.priority).flat()
}

/** Neighbours that can be generated together, and those that can't. */
function partition(rules: readonly SetRule[]): readonly (readonly SetRule[])[] {
  const parts: SetRule[][] = []
  for (const rule of rules) {
    const last = parts.at(-1)
    if (last && last[0]!.isFast === rule.isFast && last.length < RULES_PER_FUNCTION) last.push(rule)
    else parts.push([rule])
  }
  return parts
}

type Part = FastRules

function compileParts(rules: readonly SetRule[], options: RuleSetOptions, codegen: boolean): readonly Part[] {
  let rulesBefore = 0
  return partition(rules).map(part => {
    const compiled = compilePart(part, options, codegen, rulesBefore)
    rulesBefore += part.length
    return compiled
  })
}

function compilePart(part: readonly SetRule[], options: RuleSetOptions, codegen: boolean, rulesBefore: number): Part {
  const careful = carefully(part, options, rulesBefore)
  if (!codegen || !part[0]!.isFast) return careful
  const fast = generateRules(
    part.map(member => ({ node: member.root.node, event: eventOf(member, options) })),
    rulesBefore,
  )
  return (facts, events, failureEvents, at) => {
    const after = fast(facts, events, failureEvents, at)
    return after < 0 ? careful(facts, events, failureEvents, at) : after
  }
}

/** The plan, step by step: whatever the values are. */
function carefully(part: readonly SetRule[], options: RuleSetOptions, rulesBefore: number): Part {
  const told = part.map(member => ({ root: member.root, event: eventOf(member, options) }))
  return (facts, events, failureEvents, at) => {
    const source = new GivenFacts(facts, options)
    let eventsAt = at
    let failuresAt = rulesBefore - at
    for (const { root, event } of told) {
      const judged = root.evaluate(source)
      if (judged instanceof Promise)
        throw new TypeError('A fact is a promise; rule sets take values. Use Engine for facts that have to be waited for.')
      const made = typeof event === 'function' ? event(facts) : event
      if (judged.result) events[eventsAt++] = made
      else failureEvents[failuresAt++] = made
    }
    return eventsAt
  }
}

function eventOf({ rule, event }: SetRule, options: RuleSetOptions): Event | ((facts: Readonly<Record<string, unknown>>) => Event) {
  const isReference = (value: unknown): value is { fact: string; path?: string } =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'fact')
  const { params } = event
  if (!options.replaceFactsInEventParams || typeof params !== 'object' || params === null || !Object.values(params).some(isReference))
    return event
  return facts => {
    const source = new GivenFacts(facts, options)
    const made = cloneEvent(rule.ruleEvent)
    for (const [key, value] of Object.entries(params))
      if (isReference(value)) made.params![key] = source.read({ fact: value.fact, path: value.path, params: undefined, index: 0 })
    return made
  }
}

class GivenFacts implements FactSource {
  readonly #facts: Readonly<Record<string, unknown>>
  readonly #options: RuleSetOptions

  constructor(facts: Readonly<Record<string, unknown>>, options: RuleSetOptions) {
    this.#facts = facts
    this.#options = options
  }

  read({ fact, path }: FactOperand): unknown {
    if (!isGiven(this.#facts, fact)) {
      if (this.#options.allowUndefinedFacts) return undefined
      throw new UndefinedFactError(`Undefined fact: ${fact}`)
    }
    const value = this.#facts[fact]
    return path && typeof value === 'object' && value !== null ? (this.#options.pathResolver ?? defaultPathResolver)(value, path) : value
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
