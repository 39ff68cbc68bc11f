import type { DecisionStep, Value } from '../policy/document.ts'
import type { Decision } from '../policy/decision.ts'
import type { Frame } from '../frame.ts'
import { pointer } from '../policy/pointer.ts'
import type { BoundStep, StepContext, StepKind } from '../steps.ts'

/** Calls another policy; its outputs become ours. */
export const decision: StepKind<DecisionStep> = { kind: 'decision', bind: bindDecision }

function bindDecision(step: DecisionStep, context: StepContext): BoundStep {
  const callee = context.resolve(step.policy, step.version)
  if (!callee) {
    const version = step.version === undefined ? '' : ` @ ${step.version}`
    context.report('UNKNOWN_POLICY', 'error', '/policy', {
      en: `Policy "${step.policy}"${version} is not at hand.`,
      zh: `找不到策略“${step.policy}”${version}。`,
    })
    return { reads: [], writes: [], interpret: () => ({ kind: 'formula', id: step.id, path: context.path, wrote: {}, expressions: [] }) }
  }
  const given = new Map<string, string>()
  for (const fact of Object.keys(callee.policy.facts)) if (context.scope.find(fact)) given.set(fact, fact)
  for (const [ours, theirs] of Object.entries(step.facts ?? {})) {
    if (!context.scope.find(ours))
      context.report('UNKNOWN_FACT', 'error', pointer('', 'facts', ours), {
        en: `There is no fact or output named "${ours}".`,
        zh: `没有名为“${ours}”的事实或输出。`,
      })
    else if (!Object.hasOwn(callee.policy.facts, theirs))
      context.report('UNKNOWN_FACT', 'error', pointer('', 'facts', ours), {
        en: `Policy "${step.policy}" has no fact "${theirs}".`,
        zh: `策略“${step.policy}”没有事实“${theirs}”。`,
      })
    else given.set(theirs, ours)
  }
  const taken: [theirs: string, ours: string][] = []
  for (const [theirs, ours] of Object.entries(step.outputs)) {
    const place = pointer('', 'outputs', theirs)
    if (!Object.hasOwn(callee.policy.outputs, theirs) && theirs !== 'outcome')
      context.report('UNKNOWN_OUTPUT', 'error', place, {
        en: `Policy "${step.policy}" has no output "${theirs}".`,
        zh: `策略“${step.policy}”没有输出“${theirs}”。`,
      })
    else if (ours !== 'outcome' && context.scope.find(ours)?.role !== 'output')
      context.report('UNKNOWN_OUTPUT', 'error', place, { en: `There is no output named "${ours}".`, zh: `没有名为“${ours}”的输出。` })
    else taken.push([theirs, ours])
  }

  const call = (frame: Frame, trace: boolean): Decision => {
    const facts: Record<string, Value> = {}
    for (const [theirs, ours] of given) {
      const value = frame.present(context.scope.find(ours)!.slot)
      if (value !== null) Object.defineProperty(facts, theirs, { value, enumerable: true })
    }
    const made = callee.decide(facts, { trace })
    for (const [theirs, ours] of taken) {
      if (ours === 'outcome') frame.ask(made.outcome)
      else frame.write(ours, theirs === 'outcome' ? made.outcome : made.outputs[theirs])
    }
    const at = (path: string): string => context.path + pointer('', 'policy') + path
    for (const reason of made.reasons) frame.reasons.push({ ...reason, step: step.id, path: at(reason.path) })
    for (const reason of made.requirements) frame.requirements.push({ ...reason, step: step.id, path: at(reason.path) })
    if (made.missing.length > 0 && made.isUnknown) frame.isUnknown = true
    return made
  }
  return {
    reads: [...new Set(given.values())],
    writes: taken.map(([, ours]) => ours).filter(name => name !== 'outcome'),
    compile: () => frame => void call(frame, false),
    interpret: frame => ({ kind: 'decision', id: step.id, path: context.path, wrote: {}, decision: call(frame, true) }),
  }
}
