import { childrenOf, type Expression } from '../feel/ast.ts'
import type { Finding } from '../policy/finding.ts'
import { feelPlaces, nodesOf } from './feel-places.ts'
import { type Analysis, finding, labelOf, type Reader } from './reader.ts'

/** FEEL that does not mean what it says: units that don't go together, and `if` that takes "not known" for "no". */
export const expressions: Analysis = function* (reader) {
  for (const { path, trees } of feelPlaces(reader)) {
    for (const tree of trees) yield* unguarded(tree, new Set(), path, reader)
    for (const node of nodesOf(trees)) {
      if (node.kind === 'compare' || (node.kind === 'arithmetic' && (node.operator === '+' || node.operator === '-')))
        yield* units(node.left, node.right, path, reader)
    }
  }
}

/** Looks for `if` inside out; what an outer one has asked about being there needs no more asking. */
function* unguarded(node: Expression, asked: ReadonlySet<string>, path: string, reader: Reader): Iterable<Finding> {
  if (node.kind !== 'if') {
    for (const child of childrenOf(node)) yield* unguarded(child, asked, path, reader)
    return
  }
  const { condition, then, otherwise } = node
  const parts = nodesOf([condition])
  const guarded = new Set([...asked, ...parts.flatMap(guardedBy)])
  const names = new Set(parts.flatMap(part => (part.kind === 'name' ? [part.name] : [])))
  // What `else` needs itself leaves it without a value too.
  const needed = new Set(nodesOf([otherwise]).flatMap(part => (part.kind === 'name' ? [part.name] : [])))
  const trap = [...names].find(name => {
    const found = reader.scope.find(name)
    return found && !guarded.has(name) && !needed.has(name) && found.definition.default === undefined
  })
  if (trap !== undefined && otherwise.kind !== 'null') {
    yield finding(
      'IF_TAKES_ELSE',
      'warning',
      path,
      `Where ${labelOf(trap, reader).en} is missing, this "if" takes its else branch as though the answer were no. Ask for it first: "if ${trap} = null then null else if …".`,
      `当${labelOf(trap, reader).zh}缺失时，此“if”会走 else 分支，如同条件不成立。请先判断缺失：“if ${trap} = null then null else if …”。`,
    )
  }
  for (const part of [then, otherwise]) yield* unguarded(part, guarded, path, reader)
}

/** Names that the condition itself asks about being there. */
function guardedBy(node: Expression): readonly string[] {
  if (node.kind === 'compare') {
    const [name, other] =
      node.left.kind === 'name' ? [node.left.name, node.right] : node.right.kind === 'name' ? [node.right.name, node.left] : []
    return name !== undefined && other?.kind === 'null' ? [name] : []
  }
  if (node.kind === 'call' && node.name === 'is defined')
    return node.arguments.flatMap(argument => (argument.kind === 'name' ? [argument.name] : []))
  return []
}

function* units(left: Expression, right: Expression, path: string, reader: Reader): Iterable<Finding> {
  if (left.kind !== 'name' || right.kind !== 'name') return
  const a = reader.scope.find(left.name)?.definition.unit
  const b = reader.scope.find(right.name)?.definition.unit
  if (a === undefined || b === undefined || a === b) return
  yield finding(
    'UNIT_MISMATCH',
    'warning',
    path,
    `${labelOf(left.name, reader).en} is in ${a}, ${labelOf(right.name, reader).en} in ${b}.`,
    `${labelOf(left.name, reader).zh}的单位是 ${a}，而${labelOf(right.name, reader).zh}的单位是 ${b}。`,
  )
}
