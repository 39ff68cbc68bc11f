import type { Expression } from '../feel/ast.ts'
import { childrenOf } from '../feel/ast.ts'
import { knownNames, parseExpression } from '../feel/parse.ts'

/** A business knowledge model that is one expression. */
export interface Knowledge {
  readonly parameters: readonly string[]
  readonly body: string
}

/** Writes the bodies of called business knowledge models into an expression, for a policy has no functions of its own. */
export function inlineCalls(text: string, knowledge: ReadonlyMap<string, Knowledge>, names: readonly string[], depth = 0): string {
  const tree = treeOf(text, [...names, ...knowledge.keys()])
  if (!tree || depth > 20) return text
  return replaceNodes(text, tree, node => {
    if (node.kind !== 'call') return undefined
    const called = knowledge.get(node.name)
    if (!called) return undefined
    const values = new Map(
      called.parameters.map((parameter, at) => {
        const argument = node.names ? node.arguments[node.names.indexOf(parameter)] : node.arguments[at]
        return [parameter, argument ? inlineCalls(text.slice(argument.from, argument.to), knowledge, names, depth + 1) : 'null'] as const
      }),
    )
    const body = inlineCalls(called.body, knowledge, [...names, ...called.parameters], depth + 1)
    const bodyTree = treeOf(body, [...names, ...called.parameters])
    if (!bodyTree) return undefined
    return `(${replaceNodes(body, bodyTree, inner => (inner.kind === 'name' && values.has(inner.name) ? `(${values.get(inner.name)})` : undefined))})`
  })
}

/** The names that an expression asks for and that nothing known answers to. */
export function freeNames(text: string, names: readonly string[]): readonly string[] {
  const tree = treeOf(text, names)
  const found = new Set<string>()
  const visit = (node: Expression): void => {
    if (node.kind === 'name') found.add(node.name)
    childrenOf(node).forEach(visit)
  }
  if (tree) visit(tree)
  return [...found].filter(name => !names.includes(name))
}

function treeOf(text: string, names: readonly string[]): Expression | undefined {
  const parsed = parseExpression(text, knownNames(names))
  return parsed.kind === 'parsed' ? parsed.tree : undefined
}

function replaceNodes(text: string, tree: Expression, replace: (node: Expression) => string | undefined): string {
  const spans: { readonly from: number; readonly to: number; readonly by: string }[] = []
  const visit = (node: Expression): void => {
    const by = replace(node)
    if (by === undefined) childrenOf(node).forEach(visit)
    else spans.push({ from: node.from, to: node.to, by })
  }
  visit(tree)
  return spans.toSorted((a, b) => b.from - a.from).reduce((result, { from, to, by }) => result.slice(0, from) + by + result.slice(to), text)
}
