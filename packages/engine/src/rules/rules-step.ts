import type { Frame } from '../frame.ts'
import type { RuleTrace } from '../policy/decision.ts'
import type { Rule, RulesStep } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { BoundStep, Code, StepContext, StepKind } from '../steps.ts'
import { createConditionBinder } from './bind-condition.ts'
import { compileCondition, emitCondition, emitStraight } from './compile-condition.ts'
import { bindEffects, type Effects } from './effects.ts'
import { interpretCondition } from './interpret-condition.ts'
import type { Node } from './node.ts'
import { TRUE, UNKNOWN } from './truth.ts'

/** Rules in json-rules-engine's dialect, over typed facts and with three-valued logic. */
export const rules: StepKind<RulesStep> = { kind: 'rules', bind: bindRules }

interface BoundRule {
  readonly id: string
  readonly path: string
  readonly priority: number
  readonly condition: Node
  readonly effects: Effects
}

function bindRules(step: RulesStep, context: StepContext): BoundStep {
  const binder = createConditionBinder(context)
  const reads = new Set<string>()
  const writes = new Set<string>()
  const ids = new Set<string>()
  const bound: BoundRule[] = []
  for (const [index, rule] of step.rules.entries()) {
    const path = pointer(context.path, 'rules', index)
    if (ids.has(rule.id))
      context.report('DUPLICATE_ID', 'error', pointer(path, 'id'), {
        en: `Another rule of this step is called "${rule.id}".`,
        zh: `本步骤中已有规则“${rule.id}”。`,
      })
    ids.add(rule.id)
    const boundRule = rule.enabled === false ? undefined : bindRule(rule, path)
    if (boundRule) bound.push(boundRule)
  }
  function bindRule(rule: Rule, path: string): BoundRule | undefined {
    const condition = binder.bind(rule.conditions, pointer(path, 'conditions'))
    const effects = bindEffects(rule, step.id, path, context)
    for (const name of effects.reads) reads.add(name)
    for (const name of effects.writes) writes.add(name)
    return condition && { id: rule.id, path, priority: rule.priority ?? 1, condition, effects }
  }
  for (const name of binder.reads) reads.add(name)

  // Array sorting is stable: rules of one priority keep the order of the document.
  const ordered = bound.toSorted((a, b) => b.priority - a.priority)
  const isFirstOnly = step.mode === 'first'

  return {
    reads: [...reads],
    writes: [...writes],

    interpret(frame) {
      const traces: RuleTrace[] = []
      for (const rule of ordered) {
        const condition = interpretCondition(rule.condition, frame)
        traces.push({ id: rule.id, path: rule.path, result: condition.result, condition })
        if (condition.result === 'unknown') frame.isUnknown = true
        if (condition.result !== 'true') continue
        rule.effects.apply(frame)
        if (isFirstOnly) break
      }
      return { kind: 'rules', id: step.id, path: context.path, wrote: {}, rules: traces }
    },

    compile() {
      const compiled = ordered.map(rule => ({ judge: compileCondition(rule.condition), apply: rule.effects.apply }))
      return (frame: Frame) => {
        for (const { judge, apply } of compiled) {
          const value = judge(frame)
          if (value === TRUE) {
            apply(frame)
            if (isFirstOnly) return
          } else if (value === UNKNOWN) frame.isUnknown = true
        }
      }
    },

    emit(code) {
      for (let start = 0; start < ordered.length; start += RULES_PER_PART) {
        const part = ordered.slice(start, start + RULES_PER_PART)
        code.part(() => emitRules(part, isFirstOnly, code))
      }
    },
  }
}

// About 10 kB of bytecode; V8 gives up optimising at 60.
const RULES_PER_PART = 40

/** Complete rows take a branch of their own, which does not ask for every rule whether it is unknown. */
function emitRules(part: readonly BoundRule[], isFirstOnly: boolean, code: Code): void {
  const names = new Set(part.flatMap(rule => [...namesIn(rule.condition)]))
  const isIncomplete = code.isIncomplete([...names])
  const fire = (rule: BoundRule): string =>
    `if (${emitCondition(rule.condition, 'surely', code)}) { ${emitEffects(rule, code)}${isFirstOnly ? ` ${code.stop}` : ''} }`
  if (isIncomplete !== 'false') {
    code.line(`if (${isIncomplete}) {`)
    for (const rule of part) code.line(`${fire(rule)} else if (${emitCondition(rule.condition, 'possibly', code)}) { ${code.unknown} }`)
    code.line('} else {')
  } else code.line('{')
  for (const rule of part) {
    const straight = code.keepsHits && !isFirstOnly && !rule.effects.isFelt ? emitStraight(rule.condition, code) : undefined
    code.line(straight === undefined ? fire(rule) : code.hitIf(rule.path, straight))
  }
  code.line('}')
}

function* namesIn(node: Node): Iterable<string> {
  if (node.kind === 'leaf') {
    yield node.left.name.name
    if (node.right.kind === 'read') yield node.right.name.name
  } else if ('children' in node) {
    for (const child of node.children) yield* namesIn(child)
  } else yield* namesIn(node.child)
}

function emitEffects(rule: BoundRule, code: Code): string {
  if (code.keepsHits) return `${code.hit(rule.path)} ${rule.effects.emit(code)}`
  return `${code.constant(rule.effects.apply)}(${code.frame(rule.effects.reads)});`
}
