import type { Expression } from '../feel/ast.ts'
import { operandOf, visit } from '../feel/ast.ts'
import { cellProgram } from '../feel/program.ts'
import { pointer } from '../policy/pointer.ts'
import type { Reader } from './reader.ts'

/** An expression of the document. */
export interface FeelPlace {
  readonly path: string
  readonly text: string
  readonly reads: readonly string[]
  /** Roots of the syntax; none where the text is beyond what we compile. */
  readonly trees: readonly Expression[]
}

/** Every FEEL expression and cell of the steps that are switched on; each text of a column once. */
export function* feelPlaces(reader: Reader): Iterable<FeelPlace> {
  const expression = (text: string, path: string): FeelPlace => {
    const program = reader.expression(text)
    return { path, text, reads: program.reads, trees: program.tree ? [program.tree] : [] }
  }
  for (const [index, step] of reader.policy.steps.entries()) {
    if (step.enabled === false) continue
    const path = pointer('/steps', index)
    if (step.kind === 'formula')
      for (const [at, { expression: text }] of step.expressions.entries())
        yield expression(text, pointer(path, 'expressions', at, 'expression'))
    if (step.kind === 'scorecard')
      for (const [at, { expression: text }] of step.characteristics.entries())
        yield expression(text, pointer(path, 'characteristics', at, 'expression'))
    if (step.kind !== 'table') continue
    for (const [at, { expression: text }] of step.inputs.entries()) yield expression(text, pointer(path, 'inputs', at, 'expression'))
    for (const [at, { default: text }] of step.outputs.entries())
      if (text !== undefined) yield expression(text, pointer(path, 'outputs', at, 'default'))
    const seen = new Set<string>()
    for (const [at, row] of step.rows.entries()) {
      for (const [column, text] of row.when.entries()) {
        if (seen.has(`${column} ${text}`) || IS_PLAIN.test(text)) continue
        seen.add(`${column} ${text}`)
        const { tree, reads } = cellProgram(text, reader.vocabulary)
        yield { path: pointer(path, 'rows', at, 'when', column), text, reads, trees: tree ? tree.tests.map(operandOf) : [] }
      }
      for (const [column, text] of row.then.entries()) {
        if (seen.has(`> ${column} ${text}`) || IS_PLAIN.test(text)) continue
        seen.add(`> ${column} ${text}`)
        yield expression(text, pointer(path, 'rows', at, 'then', column))
      }
    }
  }
}

/** No names: nothing to find out. */
const IS_PLAIN = /^[-\d\s.,()[\]<>=]*$|^"[^"]*"$/

export function nodesOf(trees: readonly Expression[]): readonly Expression[] {
  const nodes: Expression[] = []
  for (const tree of trees) visit(tree, node => nodes.push(node))
  return nodes
}
