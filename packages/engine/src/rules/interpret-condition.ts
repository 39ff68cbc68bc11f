import type { Frame } from '../frame.ts'
import type { ConditionTrace } from '../policy/decision.ts'
import type { GroupNode, LeafNode, Node } from './node.ts'
import { readRight, readValue } from './node.ts'
import { FALSE, TRUE, UNKNOWN, truthOf, type Kleene } from './truth.ts'

/** A condition judged the obvious way, with what was seen on the way. */
export interface Judgement {
  readonly value: Kleene
  readonly trace: ConditionTrace
}

export function interpretCondition(node: Node, frame: Frame): Judgement {
  switch (node.kind) {
    case 'all':
    case 'any':
      return interpretGroup(node, frame)
    case 'not': {
      const inner = interpretCondition(node.child, frame)
      const value = (TRUE - inner.value) as Kleene
      return { value, trace: { path: node.path, kind: 'not', result: truthOf(value), children: [inner.trace] } }
    }
    case 'reference': {
      const inner = interpretCondition(node.child, frame)
      return { value: inner.value, trace: { path: node.path, kind: 'reference', result: inner.trace.result, condition: node.condition, children: [inner.trace] } }
    }
    case 'leaf':
      return interpretLeaf(node, frame)
  }
}

function interpretGroup(node: GroupNode, frame: Frame): Judgement {
  const settling = node.kind === 'all' ? FALSE : TRUE
  let value: Kleene = node.kind === 'all' || node.children.length === 0 ? TRUE : FALSE
  let isSettled = false
  const children: ConditionTrace[] = []
  for (const child of node.children) {
    if (isSettled) {
      children.push(skipped(child))
      continue
    }
    const inner = interpretCondition(child, frame)
    children.push(inner.trace)
    if (node.kind === 'all' ? inner.value < value : inner.value > value) value = inner.value
    isSettled = value === settling
  }
  return { value, trace: { path: node.path, kind: node.kind, result: truthOf(value), children } }
}

function interpretLeaf(node: LeafNode, frame: Frame): Judgement {
  const seen = readValue(node.left, frame)
  const compared = readRight(node.right, frame)
  const value = seen === undefined || compared === undefined ? node.ifMissing : node.operator.evaluate(seen, compared) ? TRUE : FALSE
  return {
    value,
    trace: {
      path: node.path,
      kind: 'leaf',
      result: truthOf(value),
      fact: node.left.name.name,
      operator: node.operatorName,
      seen: seen ?? null,
      compared: compared ?? null,
    },
  }
}

const skippedTraces = new WeakMap<Node, ConditionTrace>()

/** What was not looked at is the same in every decision, so it is made once. */
function skipped(node: Node): ConditionTrace {
  let trace = skippedTraces.get(node)
  if (!trace) {
    trace = makeSkipped(node)
    skippedTraces.set(node, trace)
  }
  return trace
}

function makeSkipped(node: Node): ConditionTrace {
  const base = { path: node.path, kind: node.kind, result: 'skipped' } as const
  switch (node.kind) {
    case 'all':
    case 'any':
      return { ...base, children: node.children.map(skipped) }
    case 'not':
      return { ...base, children: [skipped(node.child)] }
    case 'reference':
      return { ...base, condition: node.condition, children: [skipped(node.child)] }
    case 'leaf':
      return { ...base, fact: node.left.name.name, operator: node.operatorName, ...(node.right.kind === 'constant' ? { compared: node.right.value as never } : {}) }
  }
}

export { UNKNOWN }
