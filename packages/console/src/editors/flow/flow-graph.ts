import type { Policy, Step } from '@surety/engine'

export interface FlowEdge {
  readonly from: string
  readonly to: string
  /** The outputs that flow along it. */
  readonly names: readonly string[]
}

export const START = ':facts'
export const END = ':decision'

/** Which step needs what another writes. Steps that need none begin at the facts; those that nobody needs end in the decision. */
export function flowOf(policy: Policy): readonly FlowEdge[] {
  const outputs = new Set(Object.keys(policy.outputs))
  const nodes = policy.steps.map(step => ({ step, writes: writesOf(step), reads: readsOf(step, policy, outputs) }))
  const edges: FlowEdge[] = []
  for (const [at, node] of nodes.entries()) {
    const sources = nodes
      .filter((other, index) => index !== at)
      .map(other => ({ from: other.step.id, names: [...other.writes].filter(name => node.reads.has(name)) }))
      .filter(({ names }) => names.length > 0)
    edges.push(...sources.map(({ from, names }) => ({ from, to: node.step.id, names })))
    if (sources.length === 0) edges.push({ from: START, to: node.step.id, names: [] })
  }
  const feeding = new Set(edges.map(({ from }) => from))
  for (const { step } of nodes) if (!feeding.has(step.id)) edges.push({ from: step.id, to: END, names: [] })
  if (nodes.length === 0) edges.push({ from: START, to: END, names: [] })
  return edges
}

export function writesOf(step: Step): ReadonlySet<string> {
  switch (step.kind) {
    case 'rules':
      return new Set(step.rules.flatMap(rule => Object.keys(rule.event.params?.set ?? {})))
    case 'table':
      return new Set(step.outputs.map(({ name }) => name).filter(name => name !== 'outcome'))
    case 'scorecard':
      return new Set([step.output])
    case 'formula':
      return new Set(step.expressions.map(({ output }) => output))
    case 'decision':
      return new Set(Object.values(step.outputs))
  }
}

function readsOf(step: Step, policy: Policy, outputs: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>()
  const take = (name: unknown): unknown => typeof name === 'string' && outputs.has(name) && names.add(name)
  const expression = (text: string): void => text.match(/[\p{L}_][\p{L}\p{N}_]*/gu)?.forEach(take)
  const condition = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(condition)
    if (typeof value !== 'object' || value === null) return
    for (const [key, item] of Object.entries(value)) {
      if (key === 'fact') take(item)
      else if (key === 'condition' && typeof item === 'string') condition(policy.conditions?.[item])
      else condition(item)
    }
  }
  switch (step.kind) {
    case 'rules':
      condition(step.rules.map(({ conditions, event }) => [conditions, event.params]))
      break
    case 'table':
      for (const { expression: text } of step.inputs) expression(text)
      for (const { when, then } of step.rows) [...when, ...then].forEach(expression)
      break
    case 'scorecard':
      for (const one of step.characteristics) expression(one.expression)
      break
    case 'formula':
      for (const one of step.expressions) expression(one.expression)
      break
    case 'decision':
      Object.keys(step.facts ?? {}).forEach(take)
  }
  // A formula step may build on its own results; that is no edge.
  for (const name of writesOf(step)) names.delete(name)
  return names
}
