import type { Frame } from '../frame.ts'
import type { Emitted } from '../operators/operator.ts'
import type { Code } from '../steps.ts'
import type { LeafNode, Node } from './node.ts'
import { readRight, readValue } from './node.ts'
import { FALSE, TRUE, type Kleene } from './truth.ts'

/** A condition as a closure: what `interpretCondition` says, without saying why. */
export interface CompiledCondition {
  (frame: Frame): Kleene
}

export function compileCondition(node: Node): CompiledCondition {
  switch (node.kind) {
    case 'all':
    case 'any': {
      const children = node.children.map(compileCondition)
      return node.kind === 'all' ? allOf(children) : anyOf(children)
    }
    case 'not': {
      const child = compileCondition(node.child)
      return frame => (TRUE - child(frame)) as Kleene
    }
    case 'reference':
      return compileCondition(node.child)
    case 'leaf':
      return compileLeaf(node)
  }
}

function allOf(children: readonly CompiledCondition[]): CompiledCondition {
  return frame => {
    let value: Kleene = TRUE
    for (const child of children) {
      const inner = child(frame)
      if (inner === FALSE) return FALSE
      if (inner < value) value = inner
    }
    return value
  }
}

function anyOf(children: readonly CompiledCondition[]): CompiledCondition {
  if (children.length === 0) return () => TRUE
  return frame => {
    let value: Kleene = FALSE
    for (const child of children) {
      const inner = child(frame)
      if (inner === TRUE) return TRUE
      if (inner > value) value = inner
    }
    return value
  }
}

function compileLeaf({ left, right, operator, ifMissing }: LeafNode): CompiledCondition {
  const { evaluate } = operator
  if (right.kind === 'constant' && left.name.isNumeric && left.path === undefined && !left.isExact) {
    const { slot } = left.name
    const { value } = right
    return frame => {
      const number = frame.numbers[slot]!
      return number !== number ? ifMissing : evaluate(number, value) ? TRUE : FALSE
    }
  }
  return frame => {
    const seen = readValue(left, frame)
    const compared = readRight(right, frame)
    return seen === undefined || compared === undefined ? ifMissing : evaluate(seen, compared) ? TRUE : FALSE
  }
}

/** Which end of the unknown an expression is written for. */
export type Bound = 'surely' | 'possibly'

/**
 * A condition as source. `surely` is true when the condition is true; `possibly` is true when it is true or unknown.
 * Kleene's logic is monotone, so the two together say all three values, and complete rows only pay for the first.
 */
export function emitCondition(node: Node, bound: Bound, code: Code): string {
  switch (node.kind) {
    case 'all':
      return node.children.length === 0 ? 'true' : `(${node.children.map(child => emitCondition(child, bound, code)).join(' && ')})`
    case 'any':
      return node.children.length === 0 ? 'true' : `(${node.children.map(child => emitCondition(child, bound, code)).join(' || ')})`
    case 'not':
      return `!${emitCondition(node.child, bound === 'surely' ? 'possibly' : 'surely', code)}`
    case 'reference':
      return emitCondition(node.child, bound, code)
    case 'leaf':
      return emitLeaf(node, bound, code)
  }
}

// A guess that goes wrong costs the processor more than a handful of comparisons it need not have made.
const MAX_STRAIGHT_LEAVES = 8

/**
 * A condition over names that are all there as 1 or 0 without a jump, for loops that meet every case in no order at all;
 * undefined where it is too long for that, or more than comparisons.
 */
export function emitStraight(node: Node, code: Code): string | undefined {
  return countLeaves(node) <= MAX_STRAIGHT_LEAVES ? straight(node, code) : undefined
}

function straight(node: Node, code: Code): string | undefined {
  switch (node.kind) {
    case 'all':
    case 'any': {
      const parts = node.children.map(child => straight(child, code))
      if (parts.includes(undefined)) return undefined
      return parts.length === 0 ? '1' : `(${parts.join(node.kind === 'all' ? ' & ' : ' | ')})`
    }
    case 'not': {
      const part = straight(node.child, code)
      return part && `(${part} ^ 1)`
    }
    case 'reference':
      return straight(node.child, code)
    case 'leaf': {
      const emitted = emitTest(node, code)
      return emitted && `(${emitted.test})`
    }
  }
}

function countLeaves(node: Node): number {
  if (node.kind === 'leaf') return 1
  return 'children' in node ? node.children.reduce((sum, child) => sum + countLeaves(child), 0) : countLeaves(node.child)
}

function emitLeaf(node: LeafNode, bound: Bound, code: Code): string {
  const emitted = emitTest(node, code)
  if (!emitted) {
    const names = namesOf(node)
    const call = `${code.constant(compileLeaf(node))}(${code.frame(names)})`
    return bound === 'surely' ? `(${call} === ${TRUE})` : `(${call} !== ${FALSE})`
  }
  const countsMissing = node.ifMissing === TRUE || (bound === 'possibly' && node.ifMissing !== FALSE)
  const present = namesOf(node).map(name => code.present(name))
  if (countsMissing) return `(${present.map(test => `!${test}`).join(' || ')} || ${emitted.test})`
  return emitted.isFalseWhenMissing ? `(${emitted.test})` : `(${present.join(' && ')} && ${emitted.test})`
}

function emitTest({ left, right, operator }: LeafNode, code: Code): Emitted | undefined {
  if (left.path !== undefined || left.isExact || (right.kind === 'read' && right.path !== undefined)) return undefined
  return operator.emit?.({ left: left.name, right: right.kind === 'constant' ? { constant: right.value } : { name: right.name } }, code)
}

const namesOf = ({ left, right }: LeafNode): string[] =>
  right.kind === 'read' && right.name !== left.name ? [left.name.name, right.name.name] : [left.name.name]
