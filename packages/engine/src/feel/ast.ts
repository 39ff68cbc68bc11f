/** The syntax tree of the FEEL that we compile; `from` and `to` are offsets into the source text. */

interface Span {
  readonly from: number
  readonly to: number
}

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>='
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '**'

export type Expression =
  | (Span & { readonly kind: 'number'; readonly text: string })
  | (Span & { readonly kind: 'string'; readonly value: string })
  | (Span & { readonly kind: 'boolean'; readonly value: boolean })
  | (Span & { readonly kind: 'null' })
  | (Span & { readonly kind: 'temporal'; readonly text: string })
  | (Span & { readonly kind: 'name'; readonly name: string })
  /** `?`: the value that a unary test is about. */
  | (Span & { readonly kind: 'input' })
  | (Span & { readonly kind: 'negate'; readonly operand: Expression })
  | (Span & { readonly kind: 'arithmetic'; readonly operator: ArithmeticOperator; readonly left: Expression; readonly right: Expression })
  | (Span & { readonly kind: 'compare'; readonly operator: Comparator; readonly left: Expression; readonly right: Expression })
  | (Span & { readonly kind: 'between'; readonly value: Expression; readonly low: Expression; readonly high: Expression })
  | (Span & { readonly kind: 'in'; readonly value: Expression; readonly tests: readonly UnaryTest[] })
  | (Span & { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression })
  | (Span & { readonly kind: 'if'; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression })
  | (Span & { readonly kind: 'list'; readonly items: readonly Expression[] })
  | (Span & { readonly kind: 'context'; readonly entries: readonly (readonly [key: string, value: Expression])[] })
  | RangeExpression
  | (Span & { readonly kind: 'path'; readonly target: Expression; readonly key: string })
  | (Span & { readonly kind: 'filter'; readonly target: Expression; readonly filter: Expression })
  | (Span & { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[]; readonly names?: readonly string[] })
  | (Span & { readonly kind: 'for'; readonly variables: readonly LoopVariable[]; readonly body: Expression })
  | (Span & {
      readonly kind: 'quantified'
      readonly every: boolean
      readonly variables: readonly LoopVariable[]
      readonly body: Expression
    })

export interface LoopVariable {
  readonly name: string
  readonly from: Expression
  /** `1..10` instead of a list. */
  readonly to?: Expression
}

type RangeExpression = Span & {
  readonly kind: 'range'
  readonly low: Expression
  readonly high: Expression
  readonly lowIncluded: boolean
  readonly highIncluded: boolean
}

export type UnaryTest =
  | (Span & { readonly kind: 'compare'; readonly operator: Comparator; readonly operand: Expression })
  /** Equal to it, in it when it is a list or a range. */
  | (Span & { readonly kind: 'value'; readonly operand: Expression })
  /** Speaks of `?`, or is a comparison by itself: holds when true. */
  | (Span & { readonly kind: 'condition'; readonly condition: Expression })

/** The content of a cell; tests are alternatives. No tests and not negated is `-`: anything. */
export interface UnaryTests {
  readonly negated: boolean
  readonly tests: readonly UnaryTest[]
}

export function visit(node: Expression, see: (node: Expression) => void): void {
  see(node)
  for (const child of childrenOf(node)) visit(child, see)
}

export function operandOf(test: UnaryTest): Expression {
  return test.kind === 'condition' ? test.condition : test.operand
}

export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'null':
    case 'temporal':
    case 'name':
    case 'input':
      return []
    case 'negate':
      return [node.operand]
    case 'arithmetic':
    case 'compare':
    case 'and':
    case 'or':
      return [node.left, node.right]
    case 'between':
      return [node.value, node.low, node.high]
    case 'in':
      return [node.value, ...node.tests.map(operandOf)]
    case 'if':
      return [node.condition, node.then, node.otherwise]
    case 'list':
      return node.items
    case 'context':
      return node.entries.map(([, value]) => value)
    case 'range':
      return [node.low, node.high]
    case 'path':
      return [node.target]
    case 'filter':
      return [node.target, node.filter]
    case 'call':
      return node.arguments
    case 'for':
    case 'quantified':
      return [...node.variables.flatMap(({ from, to }) => (to ? [from, to] : [from])), node.body]
  }
}
