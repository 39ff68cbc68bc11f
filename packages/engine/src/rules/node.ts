import type { Name } from '../scope.ts'
import type { Operator } from '../operators/operator.ts'
import type { ConditionTrace } from '../policy/decision.ts'
import type { Value } from '../policy/document.ts'
import type { Frame } from '../frame.ts'
import { canonicalDecimal } from '../money.ts'
import { type PathReader, readPath } from './json-path.ts'
import type { Kleene } from './truth.ts'

/** A condition with all its names resolved. */
export type Node = GroupNode | NotNode | ReferenceNode | LeafNode

interface NodeBase {
  /** The trace of this condition where it was not looked at: the same in every decision, so it is made once. */
  skipped?: ConditionTrace
}
export interface GroupNode extends NodeBase {
  readonly kind: 'all' | 'any'
  readonly path: string
  readonly children: readonly Node[]
}
export interface NotNode extends NodeBase {
  readonly kind: 'not'
  readonly path: string
  readonly child: Node
}
export interface ReferenceNode extends NodeBase {
  readonly kind: 'reference'
  readonly path: string
  readonly condition: string
  readonly child: Node
}
export interface LeafNode extends NodeBase {
  readonly kind: 'leaf'
  readonly path: string
  readonly operator: Operator
  readonly operatorName: string
  readonly left: Read
  readonly right: Right
  /** What a missing value on either side makes of it. */
  readonly ifMissing: Kleene
}

export type Right = { readonly kind: 'constant'; readonly value: unknown } | ({ readonly kind: 'read' } & Read)

/** How a value is got from the frame. */
export interface Read {
  readonly name: Name
  readonly path?: PathReader
  /** Money is told equal by its decimals, written the same way. */
  readonly isExact: boolean
}

/** The working value, undefined when missing. */
export function readValue(read: Read, frame: Frame): Value | undefined {
  const { slot, isNumeric } = read.name
  let value: Value | undefined
  if (isNumeric) {
    const number = frame.numbers[slot]!
    if (Number.isNaN(number)) return undefined
    value = read.isExact ? canonicalDecimal((frame.values[slot] as string | undefined) ?? number) : number
  } else value = frame.values[slot]
  if (read.path === undefined) return value
  const found = readPath(value, read.path) as Value | undefined
  return found ?? undefined
}

export const readRight = (right: Right, frame: Frame): Value | undefined =>
  right.kind === 'constant' ? (right.value as Value) : readValue(right, frame)
