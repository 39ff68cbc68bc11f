import type { FactType, Text } from '../policy/document.ts'
import type { Name } from '../scope.ts'
import type { Code } from '../steps.ts'

/** What is known about one side of a condition before it runs. `any`: behind a path, or a host operator's business. */
export interface Operand {
  readonly type: FactType | 'null' | 'object' | 'any'
  /** What a list holds. */
  readonly of?: Operand['type']
  /** The values that an enum admits. */
  readonly values?: readonly string[]
  readonly currency?: string
  /** Present for constants. */
  readonly constant?: unknown
}

/** The two sides as generated code can get at them. */
export interface EmitSides {
  readonly left: Name
  readonly right: { readonly name: Name } | { readonly constant: unknown }
}

export interface Emitted {
  /** A JavaScript expression: true or false. */
  readonly test: string
  /** The expression is false by itself when the left or right name is missing. */
  readonly isFalseWhenMissing: boolean
}

/**
 * One operator of the dialect: what it means for any two values (json-rules-engine's meaning, odd as it may be), which
 * types it makes sense for, its fast form over typed names, and how to say it.
 */
export interface Operator {
  readonly name: string
  evaluate(left: unknown, right: unknown): unknown
  /** What is wrong with these two sides in a typed document; undefined when nothing is. */
  check?(left: Operand, right: Operand): Text | undefined
  /** Undefined where only `evaluate` will do. */
  emit?(sides: EmitSides, code: Code): Emitted | undefined
  readonly words: Text
}

/** A decorator turns an operator into another one: `everyFact:greaterThan`. */
export interface Decorator {
  readonly name: string
  /** Only values that pass are given to `evaluate`; for the others the result is false. */
  accepts?(left: unknown): boolean
  evaluate(left: unknown, right: unknown, next: (left: unknown, right: unknown) => unknown): unknown
  /** The sides that the decorated operator gets to see. */
  sides?(left: Operand, right: Operand): { readonly left: Operand; readonly right: Operand } | Text
  readonly words: Text
}

/** Puts a decorator before an operator. */
export function decorate(decorator: Decorator, operator: Operator): Operator {
  const next = (left: unknown, right: unknown): unknown => operator.evaluate(left, right)
  return {
    name: `${decorator.name}:${operator.name}`,
    evaluate: (left, right) => (decorator.accepts?.(left) ?? true) && decorator.evaluate(left, right, next),
    check(left, right) {
      const sides = decorator.sides?.(left, right) ?? { left, right }
      return 'en' in sides ? sides : operator.check?.(sides.left, sides.right)
    },
    words: { en: `${decorator.words.en} ${operator.words.en}`, zh: `${decorator.words.zh}${operator.words.zh}` },
  }
}
