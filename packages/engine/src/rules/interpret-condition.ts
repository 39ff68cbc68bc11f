import type { Frame } from '../frame.ts'
import type { ConditionTrace, Truth } from '../policy/decision.ts'
import type { Value } from '../policy/document.ts'
import type { GroupNode, LeafNode, Node } from './node.ts'
import { readRight, readValue } from './node.ts'
import { truthOf } from './truth.ts'

/** Judges a condition the obvious way; the trace says what was seen on the way and, as its result, what it came to. */
export function interpretCondition(node: Node, frame: Frame): ConditionTrace {
  switch (node.kind) {
    case 'all':
    case 'any':
      return interpretGroup(node, frame)
    case 'not': {
      const inner = interpretCondition(node.child, frame)
      return { path: node.path, kind: 'not', result: NEGATED[inner.result], children: [inner] }
    }
    case 'reference': {
      const inner = interpretCondition(node.child, frame)
      return { path: node.path, kind: 'reference', result: inner.result, condition: node.condition, children: [inner] }
    }
    case 'leaf':
      return interpretLeaf(node, frame)
  }
}

const NEGATED: Readonly<Record<Truth, Truth>> = { true: 'false', false: 'true', unknown: 'unknown', skipped: 'skipped' }

/** `all` is settled by the first that is false, `any` by the first that is true; an unknown part leaves both open. */
function interpretGroup({ kind, path, children: parts }: GroupNode, frame: Frame): ConditionTrace {
  const settling = kind === 'all' ? 'false' : 'true'
  let result: Truth = kind === 'all' || parts.length === 0 ? 'true' : 'false'
  let isSettled = false
  // Of its size from the start: arrays that grow are most of what a traced decision would throw away.
  const children = new Array<ConditionTrace>(parts.length)
  for (let i = 0; i < parts.length; i++) {
    if (isSettled) {
      children[i] = skipped(parts[i]!)
      continue
    }
    const inner = interpretCondition(parts[i]!, frame)
    children[i] = inner
    if (inner.result === settling) {
      result = settling
      isSettled = true
    } else if (inner.result === 'unknown') result = 'unknown'
  }
  return { path, kind, result, children }
}

function interpretLeaf(node: LeafNode, frame: Frame): ConditionTrace {
  const seen = readValue(node.left, frame)
  const compared = readRight(node.right, frame)
  const result =
    seen === undefined || compared === undefined ? truthOf(node.ifMissing) : node.operator.evaluate(seen, compared) ? 'true' : 'false'
  return {
    path: node.path,
    kind: 'leaf',
    result,
    fact: node.left.name.name,
    operator: node.operatorName,
    seen: seen ?? null,
    compared: compared ?? null,
  }
}

function skipped(node: Node): ConditionTrace {
  node.skipped ??= makeSkipped(node)
  return node.skipped
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
      return {
        ...base,
        fact: node.left.name.name,
        operator: node.operatorName,
        ...(node.right.kind === 'constant' ? { compared: node.right.value as Value } : {}),
      }
  }
}
