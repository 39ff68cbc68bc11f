import { Almanac, defaultPathResolver, type Event, isThenable, type PathResolver } from './almanac.ts'
import { Condition } from './condition.ts'
import { Emitter } from './emitter.ts'
import { UndefinedFactError } from './errors.ts'
import { isGiven } from './given.ts'
import { type DynamicFactCallback, Fact, type FactOptions } from './fact.ts'
import type { Operator, OperatorDecorator, OperatorDecoratorEvaluator, OperatorEvaluator } from './operator.ts'
import { OperatorMap } from './operator-map.ts'
import { type FactOperand, FactRegistry, type FactSource, planConditions, type PlanRoot } from './plan.ts'
import { checkRoot, cloneEvent, groupByPriority, Rule, type RuleProperties } from './rule.ts'
import { RuleResult } from './rule-result.ts'

export interface EngineOptions {
  allowUndefinedFacts?: boolean
  allowUndefinedConditions?: boolean
  replaceFactsInEventParams?: boolean
  pathResolver?: PathResolver
}

export interface RunOptions {
  almanac?: Almanac
}

export interface EngineResult {
  events: Event[]
  failureEvents: Event[]
  almanac: Almanac
  results: RuleResult[]
  failureResults: RuleResult[]
}

type Status = 'READY' | 'RUNNING' | 'FINISHED'

/** json-rules-engine's engine: change the import and keep the rest. */
export class Engine extends Emitter {
  rules: Rule[] = []
  facts = new Map<string, Fact<any>>()
  conditions = new Map<string, Condition>()
  operators = new OperatorMap()
  status: Status = 'READY'
  prioritizedRules: Rule[][] | null = null
  allowUndefinedFacts: boolean
  allowUndefinedConditions: boolean
  replaceFactsInEventParams: boolean
  pathResolver: PathResolver | undefined
  #plan: Plan | undefined
  readonly #runs = new Set<Run>()

  constructor(rules: readonly (RuleProperties | Rule)[] = [], options: EngineOptions = {}) {
    super()
    this.allowUndefinedFacts = options.allowUndefinedFacts || false
    this.allowUndefinedConditions = options.allowUndefinedConditions || false
    this.replaceFactsInEventParams = options.replaceFactsInEventParams || false
    this.pathResolver = options.pathResolver
    for (const rule of rules) this.addRule(rule)
  }

  addRule(properties: RuleProperties | Rule): this {
    if (!properties) throw new Error('Engine: addRule() requires options')
    if (!(properties instanceof Rule)) {
      if (!Object.hasOwn(properties, 'event')) throw new Error('Engine: addRule() argument requires "event" property')
      if (!Object.hasOwn(properties, 'conditions')) throw new Error('Engine: addRule() argument requires "conditions" property')
    }
    const rule = properties instanceof Rule ? properties : new Rule(properties)
    rule.setEngine(this)
    this.rules.push(rule)
    this.prioritizedRules = null
    return this
  }

  updateRule(rule: Rule): void {
    const index = this.rules.findIndex(known => known.name === rule.name)
    if (index < 0) throw new Error('Engine: updateRule() rule not found')
    this.rules.splice(index, 1)
    this.addRule(rule)
  }

  removeRule(ruleOrName: Rule | string): boolean {
    const before = this.rules.length
    if (ruleOrName instanceof Rule) {
      const index = this.rules.indexOf(ruleOrName)
      if (index >= 0) this.rules.splice(index, 1)
    } else this.rules = this.rules.filter(rule => rule.name !== ruleOrName)
    const isRemoved = this.rules.length !== before
    if (isRemoved) this.prioritizedRules = null
    return isRemoved
  }

  setCondition(name: string, conditions: Record<string, any>): this {
    if (!name) throw new Error('Engine: setCondition() requires name')
    if (!conditions) throw new Error('Engine: setCondition() requires conditions')
    checkRoot(conditions)
    this.conditions.set(name, new Condition(conditions))
    return this
  }

  removeCondition(name: string): boolean {
    return this.conditions.delete(name)
  }

  addOperator(operator: Operator): void
  addOperator<A, B>(operatorName: string, callback: OperatorEvaluator<A, B>): void
  addOperator(operatorOrName: Operator | string, evaluator?: OperatorEvaluator): void {
    this.operators.addOperator(operatorOrName, evaluator)
  }

  removeOperator(operatorOrName: Operator | string): boolean {
    return this.operators.removeOperator(operatorOrName)
  }

  addOperatorDecorator(decorator: OperatorDecorator): void
  addOperatorDecorator<A, B, NextA, NextB>(decoratorName: string, callback: OperatorDecoratorEvaluator<A, B, NextA, NextB>): void
  addOperatorDecorator(decoratorOrName: OperatorDecorator | string, evaluator?: OperatorDecoratorEvaluator): void {
    this.operators.addOperatorDecorator(decoratorOrName, evaluator)
  }

  removeOperatorDecorator(decoratorOrName: OperatorDecorator | string): boolean {
    return this.operators.removeOperatorDecorator(decoratorOrName)
  }

  addFact<T>(fact: Fact<T>): this
  addFact<T>(id: string, valueCallback: DynamicFactCallback<T> | T, options?: FactOptions): this
  addFact(idOrFact: string | Fact, valueOrMethod?: unknown, options?: FactOptions): this {
    const fact = idOrFact instanceof Fact ? idOrFact : new Fact(idOrFact, valueOrMethod, options)
    this.facts.set(fact.id, fact)
    return this
  }

  removeFact(factOrId: string | Fact): boolean {
    return this.facts.delete(factOrId instanceof Fact ? factOrId.id : factOrId)
  }

  getFact<T = any>(factId: string): Fact<T> | undefined {
    return this.facts.get(factId)
  }

  prioritizeRules(): Rule[][] {
    this.prioritizedRules ??= groupByPriority(this.rules, rule => rule.priority)
    return this.prioritizedRules
  }

  /** Ends the runs that are under way after the rules of the priority they are at; runs that begin later are not concerned. */
  stop(): this {
    this.status = 'FINISHED'
    for (const run of this.#runs) run.isStopped = true
    return this
  }

  async run(runtimeFacts: Record<string, any> = {}, runOptions: RunOptions = {}): Promise<EngineResult> {
    this.status = 'RUNNING'
    const run: Run = { isStopped: false }
    this.#runs.add(run)
    try {
      const constants = runOptions.almanac || this.replaceFactsInEventParams ? undefined : this.#readConstants(runtimeFacts)
      const almanac = constants ? this.#lateAlmanac(runtimeFacts) : this.#fillAlmanac(runOptions.almanac, runtimeFacts)
      // Listeners that are added right after this call still hear of everything.
      await Promise.resolve()
      const plan = this.#currentPlan()
      if (constants?.plan === plan && this.isSilent && this.rules.every(isSilent)) this.#runAtOnce(plan, constants, almanac)
      else await this.#runInTurns(plan, run, almanac)
      return conclude(almanac)
    } finally {
      this.#runs.delete(run)
      if (this.#runs.size === 0) this.status = 'FINISHED'
    }
  }

  /** All facts are at hand and nobody listens in between: one pass, without waiting. */
  #runAtOnce(plan: Plan, facts: FactSource, almanac: Almanac): void {
    for (const set of plan.sets) {
      for (const { rule, root } of set) {
        const judged = root.evaluate(facts) as { readonly conditions: Condition; readonly result: unknown }
        const event = cloneEvent(rule.ruleEvent)
        almanac.addResult(new RuleResult(judged.conditions, event, rule.priority, rule.name, judged.result))
        almanac.events[judged.result ? 'success' : 'failure'].push(event)
      }
    }
  }

  async #runInTurns(plan: Plan, run: Run, almanac: Almanac): Promise<void> {
    const facts = almanacSource(almanac)
    for (const set of plan.sets) {
      if (run.isStopped) return
      // Rules of one priority are evaluated side by side and heard of in the order of their definition.
      const evaluations = set.map(planned => this.#evaluate(planned, facts, almanac))
      for (const evaluation of evaluations) evaluation.catch(() => undefined)
      const heard: Promise<unknown>[] = []
      for (const evaluation of evaluations) {
        const ruleResult = await evaluation
        almanac.addResult(ruleResult)
        almanac.addEvent(ruleResult.event, ruleResult.result ? 'success' : 'failure')
        const listening = this.#tell(ruleResult, almanac)
        listening.catch(() => undefined)
        heard.push(listening)
      }
      await Promise.all(heard)
    }
  }

  async #evaluate({ rule, root }: PlannedRule, facts: FactSource, almanac: Almanac): Promise<RuleResult> {
    const { conditions, result } = await root.evaluate(facts)
    const ruleResult = new RuleResult(conditions, cloneEvent(rule.ruleEvent), rule.priority, rule.name, result)
    if (this.replaceFactsInEventParams) await ruleResult.resolveEventParams(almanac)
    await rule.emitAsync(result ? 'success' : 'failure', ruleResult.event, almanac, ruleResult)
    return ruleResult
  }

  async #tell(ruleResult: RuleResult, almanac: Almanac): Promise<void> {
    await this.emitAsync(ruleResult.result ? 'success' : 'failure', ruleResult.event, almanac, ruleResult)
    if (ruleResult.result) await this.emitAsync(ruleResult.event.type, ruleResult.event.params, almanac, ruleResult)
  }

  /** The values of all facts that the rules name, if none of them has to be asked or waited for. */
  #readConstants(runtimeFacts: Record<string, any>): ConstantFacts | undefined {
    let plan: Plan
    try {
      plan = this.#currentPlan()
    } catch {
      return undefined
    }
    const { names } = plan
    const values = new Array<unknown>(names.length)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      let value: unknown = MISSING
      if (isGiven(runtimeFacts, name)) {
        value = runtimeFacts[name]
        if (value instanceof Fact) return undefined
      } else {
        const fact = this.facts.get(name)
        if (fact !== undefined) {
          if (!fact.isConstant()) return undefined
          value = fact.value
        }
      }
      if (typeof value === 'function' || (typeof value === 'object' && isThenable(value))) return undefined
      values[i] = value
    }
    return new ConstantFacts(plan, values, this.allowUndefinedFacts, this.pathResolver ?? defaultPathResolver)
  }

  #lateAlmanac(runtimeFacts: Record<string, any>): Almanac {
    const almanac = new Almanac(this)
    const given = { ...runtimeFacts }
    const facts = this.facts
    almanac.fillLater(() => {
      const map = new Map<string, Fact>(facts)
      for (const [id, value] of Object.entries(given)) map.set(id, value instanceof Fact ? value : new Fact(id, value))
      return map
    })
    return almanac
  }

  #fillAlmanac(given: Almanac | undefined, runtimeFacts: Record<string, any>): Almanac {
    const almanac = given ?? new Almanac(this)
    for (const fact of this.facts.values()) almanac.addFact(fact)
    for (const id in runtimeFacts) {
      const value: unknown = runtimeFacts[id]
      almanac.addFact(value instanceof Fact ? value : new Fact(id, value))
    }
    return almanac
  }

  #currentPlan(): Plan {
    if (!this.#plan || !isCurrent(this.#plan, this)) this.#plan = makePlan(this)
    return this.#plan
  }
}

interface Run {
  isStopped: boolean
}

interface PlannedRule {
  readonly rule: Rule
  readonly root: PlanRoot
}

interface Plan {
  readonly sets: readonly (readonly PlannedRule[])[]
  /** Facts that conditions name. */
  readonly names: readonly string[]
  /** What the plan was made from, to tell when it is stale. */
  readonly rules: readonly { readonly rule: Rule; readonly conditions: Condition; readonly priority: number }[]
  readonly conditions: readonly (readonly [string, Condition | undefined])[]
  readonly priorities: readonly (readonly [string, number])[]
  readonly operatorsVersion: number
  readonly allowUndefinedConditions: boolean
}

function makePlan(engine: Engine): Plan {
  const registry = new FactRegistry()
  const conditions = new Map<string, Condition | undefined>()
  const priorities = new Map<string, number>()
  const context = {
    allowUndefinedConditions: engine.allowUndefinedConditions,
    operator: (name: string) => engine.operators.get(name),
    condition(name: string) {
      const found = engine.conditions.get(name)
      conditions.set(name, found)
      return found
    },
    factPriority(name: string) {
      const priority = engine.facts.get(name)?.priority || 1
      priorities.set(name, priority)
      return priority
    },
  }
  const planned = new Map(engine.rules.map(rule => [rule, { rule, root: planConditions(rule.conditions, registry, context) }]))
  return {
    sets: groupByPriority(engine.rules, rule => rule.priority).map(set => set.map(rule => planned.get(rule)!)),
    names: registry.names,
    rules: engine.rules.map(rule => ({ rule, conditions: rule.conditions, priority: rule.priority })),
    conditions: [...conditions],
    priorities: [...priorities],
    operatorsVersion: engine.operators.version,
    allowUndefinedConditions: engine.allowUndefinedConditions,
  }
}

function isCurrent(plan: Plan, engine: Engine): boolean {
  const { rules } = engine
  if (
    plan.rules.length !== rules.length ||
    plan.operatorsVersion !== engine.operators.version ||
    plan.allowUndefinedConditions !== engine.allowUndefinedConditions
  )
    return false
  for (let i = 0; i < rules.length; i++) {
    const known = plan.rules[i]!
    const rule = rules[i]!
    if (known.rule !== rule || known.conditions !== rule.conditions || known.priority !== rule.priority) return false
  }
  for (const [name, condition] of plan.conditions) if (engine.conditions.get(name) !== condition) return false
  for (const [name, priority] of plan.priorities) if ((engine.facts.get(name)?.priority || 1) !== priority) return false
  return true
}

const MISSING = Symbol('missing')

class ConstantFacts implements FactSource {
  readonly plan: Plan
  readonly #values: readonly unknown[]
  readonly #allowsUndefined: boolean
  readonly #resolve: PathResolver

  constructor(plan: Plan, values: readonly unknown[], allowsUndefined: boolean, resolve: PathResolver) {
    this.plan = plan
    this.#values = values
    this.#allowsUndefined = allowsUndefined
    this.#resolve = resolve
  }

  read(operand: FactOperand): unknown {
    const value = this.#values[operand.index]
    if (value === MISSING) {
      if (this.#allowsUndefined) return undefined
      throw new UndefinedFactError(`Undefined fact: ${operand.fact}`)
    }
    return operand.path && typeof value === 'object' && value !== null ? this.#resolve(value, operand.path) : value
  }
}

/** The host's almanac is asked the way json-rules-engine asks it; our own can answer without a promise. */
function almanacSource(almanac: Almanac): FactSource {
  const isOurs =
    almanac instanceof Almanac && almanac.factValue === Almanac.prototype.factValue && almanac._getFact === Almanac.prototype._getFact
  return {
    read: ({ fact, params, path }) => (isOurs ? almanac.lookUp(fact, params, path) : almanac.factValue(fact, params, path)),
  }
}

const isSilent = (rule: Rule): boolean => rule.isSilent

function conclude(almanac: Almanac): EngineResult {
  const results: RuleResult[] = []
  const failureResults: RuleResult[] = []
  for (const ruleResult of almanac.getResults()) (ruleResult.result ? results : failureResults).push(ruleResult)
  return { almanac, results, failureResults, events: almanac.getEvents('success'), failureEvents: almanac.getEvents('failure') }
}
