import { pointer, type Condition, type TopCondition } from '@surety/engine'
import { keysOf } from '../draft/patch.ts'

/** How a group of conditions is bracketed: all hold, any holds, none holds. `none` is the dialect's `not`, over one condition or over an `any`. */
export type Bracket = 'all' | 'any' | 'none'

/** A condition as the tree shows it. */
export type TreeNode = GroupNode | LeafNode

export interface GroupNode {
  readonly kind: Bracket
  /** Of the condition that the bracket stands for. */
  readonly path: string
  readonly condition: Condition
  readonly children: readonly TreeNode[]
}

export interface LeafNode {
  readonly kind: 'leaf' | 'reference'
  readonly path: string
  readonly condition: Condition
}

export const isGroup = (node: TreeNode): node is GroupNode => node.kind !== 'leaf' && node.kind !== 'reference'

export function treeOf(condition: Condition, path: string): TreeNode {
  if ('condition' in condition) return { kind: 'reference', path, condition }
  if ('fact' in condition) return { kind: 'leaf', path, condition }
  const { list, at } = insideOf(condition, path)
  return {
    kind: bracketOf(condition)!,
    path,
    condition,
    children: list.map((child, index) => treeOf(child, at === undefined ? pointer(path, 'not') : pointer(at, index))),
  }
}

/** The tree line by line, as arrow keys walk it. */
export function linesOf(node: TreeNode, isOpen: (path: string) => boolean): readonly TreeNode[] {
  return isGroup(node) && isOpen(node.path) ? [node, ...node.children.flatMap(child => linesOf(child, isOpen))] : [node]
}

function bracketOf(condition: Condition): Bracket | undefined {
  if ('all' in condition) return 'all'
  if ('any' in condition) return 'any'
  return 'not' in condition ? 'none' : undefined
}

/** How many brackets deep the tree goes. */
export function depthOf(node: TreeNode): number {
  return isGroup(node) ? 1 + Math.max(0, ...node.children.map(depthOf)) : 0
}

/** How many conditions it asks. */
export const sizeOf = (node: TreeNode): number => (isGroup(node) ? node.children.reduce((sum, child) => sum + sizeOf(child), 0) : 1)

// ── edits: each takes the root of a rule and a path below it, and gives back a root ──────────────

/** Puts other conditions in the place of one: none takes it away, several stand beside each other. */
function replaceNode(root: TopCondition, path: string, change: (node: Condition) => readonly Condition[]): TopCondition {
  const keys = keysOf(path)
  return asRoot(walk(root, 0))

  function walk(node: Condition, depth: number): readonly Condition[] {
    if (depth >= keys.length) return change(node)
    if ('not' in node && keys[depth] === 'not') {
      const inner = walk(node.not, depth + 1)
      if (inner.length === 0) return []
      return [{ ...node, not: inner.length === 1 ? inner[0]! : { any: inner } }]
    }
    const key = keys[depth] as 'all' | 'any'
    const list = (node as unknown as Record<string, readonly Condition[]>)[key]
    const index = Number(keys[depth + 1])
    const child = list?.[index]
    if (!list || !child) return [node]
    return [{ ...node, [key]: list.toSpliced(index, 1, ...walk(child, depth + 2)) }]
  }
}

/** As the root of a rule may stand: a condition that asks of a fact needs a bracket around it. */
export function asRoot(conditions: readonly Condition[]): TopCondition {
  const [only] = conditions
  return conditions.length === 1 && only && !('fact' in only) ? only : { all: conditions }
}

const inBracket = (kind: Bracket, conditions: readonly Condition[]): TopCondition =>
  kind === 'none'
    ? { not: conditions.length === 1 ? conditions[0]! : { any: conditions } }
    : ({ [kind]: conditions } as unknown as TopCondition)

export const wrap = (root: TopCondition, path: string, kind: Bracket): TopCondition =>
  replaceNode(root, path, node => [inBracket(kind, [node])])

/** Takes a bracket away; what it held stands where it stood. */
export const unwrap = (root: TopCondition, path: string): TopCondition =>
  replaceNode(root, path, node => (bracketOf(node) ? insideOf(node, '').list : [node]))

/** `not` around it, or taken away where there is one. Nothing is turned into its opposite: `not (x ≥ 5)` is not `x < 5` where x is missing. */
export const negate = (root: TopCondition, path: string): TopCondition =>
  replaceNode(root, path, node => ['not' in node && Object.keys(node).length === 1 ? node.not : { not: node }])

export const setBracket = (root: TopCondition, path: string, kind: Bracket): TopCondition =>
  replaceNode(root, path, node => [bracketOf(node) ? { ...extrasOf(node), ...inBracket(kind, insideOf(node, '').list) } : node])

export const remove = (root: TopCondition, path: string): TopCondition => replaceNode(root, path, () => [])

export const duplicate = (root: TopCondition, path: string): TopCondition =>
  replaceNode(root, path, node => [node, withoutIds(structuredClone(node))])

export const insertAfter = (root: TopCondition, path: string, condition: Condition): TopCondition =>
  replaceNode(root, path, node => [node, condition])

export function insertInto(root: TopCondition, path: string, condition: Condition): TopCondition {
  return replaceNode(root, path, node => {
    const kind = bracketOf(node)
    return kind ? [{ ...extrasOf(node), ...inBracket(kind, [...insideOf(node, '').list, condition]) }] : [node, condition]
  })
}

export const change = (root: TopCondition, path: string, edit: (node: Condition) => Condition): TopCondition =>
  replaceNode(root, path, node => [edit(node)])

/** One place up or down among its siblings; from the edge of a bracket it steps out of it. */
export function move(root: TopCondition, path: string, by: -1 | 1): TopCondition {
  const tree = treeOf(root, '')
  const parent = parentOf(tree, path)
  if (!parent) return root
  const index = parent.children.findIndex(child => child.path === path)
  const node = parent.children[index]!.condition
  const list = parent.children.map(child => child.condition)
  const to = index + by
  if (to >= 0 && to < list.length) {
    const next = list.toSpliced(index, 1).toSpliced(to, 0, node)
    return change(root, parent.path, group => ({ ...extrasOf(group), ...inBracket(parent.kind, next) }))
  }
  if (!parentOf(tree, parent.path)) return root
  const rest = list.toSpliced(index, 1)
  const left = rest.length === 0 ? [] : [{ ...extrasOf(parent.condition), ...inBracket(parent.kind, rest) }]
  return replaceNode(root, parent.path, () => (by < 0 ? [node, ...left] : [...left, node]))
}

/** Whether it counts; a condition that counts says nothing about it. */
export function toggle(root: TopCondition, path: string): TopCondition {
  return change(root, path, node => {
    const { enabled, ...rest } = node
    return enabled === false ? rest : { ...rest, enabled: false }
  })
}

/** Where this very condition is now. */
export function pathOf(node: TreeNode, condition: Condition): string | undefined {
  if (node.condition === condition) return node.path
  if (!isGroup(node)) return undefined
  for (const child of node.children) {
    const found = pathOf(child, condition)
    if (found !== undefined) return found
  }
  return undefined
}

export function findNode(node: TreeNode, path: string): TreeNode | undefined {
  if (node.path === path) return node
  if (!isGroup(node)) return undefined
  for (const child of node.children) {
    const found = findNode(child, path)
    if (found) return found
  }
  return undefined
}

export function parentOf(tree: TreeNode, path: string): GroupNode | undefined {
  if (!isGroup(tree)) return undefined
  for (const child of tree.children) {
    if (child.path === path) return tree
    const found = parentOf(child, path)
    if (found) return found
  }
  return undefined
}

/** What a bracket holds, and under which list; without one, a `not` over a single condition. */
function insideOf(node: Condition, path: string): { readonly list: readonly Condition[]; readonly at: string | undefined } {
  if ('all' in node) return { list: node.all, at: pointer(path, 'all') }
  if ('any' in node) return { list: node.any, at: pointer(path, 'any') }
  if (!('not' in node)) return { list: [], at: undefined }
  // An `any` that says nothing of itself is one bracket with its `not`.
  return 'any' in node.not && Object.keys(node.not).length === 1
    ? { list: node.not.any, at: pointer(path, 'not', 'any') }
    : { list: [node.not], at: undefined }
}

/** What is said of a bracket besides what it holds. */
function extrasOf(node: Condition): object {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !['all', 'any', 'not'].includes(key)))
}

function withoutIds(node: Condition): Condition {
  const { id: _, ...rest } = node
  if ('all' in rest) return { ...rest, all: rest.all.map(withoutIds) }
  if ('any' in rest) return { ...rest, any: rest.any.map(withoutIds) }
  return 'not' in rest ? { ...rest, not: withoutIds(rest.not) } : rest
}
