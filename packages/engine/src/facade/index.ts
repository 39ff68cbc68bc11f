import { Engine, type EngineOptions } from './engine.ts'
import type { Rule, RuleProperties } from './rule.ts'

/** Makes an engine, as json-rules-engine's default export does. */
export default function createEngine(rules: readonly (RuleProperties | Rule)[] = [], options: EngineOptions = {}): Engine {
  return new Engine(rules, options)
}

export { Engine, type EngineOptions, type EngineResult, type RunOptions } from './engine.ts'
export { Almanac, type AlmanacOptions, type Event, type PathResolver } from './almanac.ts'
export { Condition } from './condition.ts'
export { RulesInvalid, UndefinedFactError } from './errors.ts'
export { Fact, type DynamicFactCallback, type FactOptions } from './fact.ts'
export { Operator, OperatorDecorator, defaultOperators, type OperatorDecoratorEvaluator, type OperatorEvaluator } from './operator.ts'
export { Rule, type RuleProperties } from './rule.ts'
export { RuleResult } from './rule-result.ts'
export { compileRules, type RuleSet, type RuleSetOptions, type RuleSetResult } from './rule-set.ts'
