import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'
import { keysOf } from '../draft/patch.ts'

const PARSE_MS = 500

/** Where in the text the value of a JSON pointer stands. */
export function placeOfPointer(state: EditorState, path: string): { readonly from: number; readonly to: number } | undefined {
  // A long text is read bit by bit; a place far down needs all of it.
  const tree = ensureSyntaxTree(state, state.doc.length, PARSE_MS) ?? syntaxTree(state)
  let node: SyntaxNode | null = tree.topNode.firstChild
  for (const key of keysOf(path)) {
    if (!node) return undefined
    node = node.name === 'Array' ? (itemsOf(node)[Number(key)] ?? null) : (propertyOf(state, node, key)?.lastChild ?? null)
  }
  return node ? { from: node.from, to: node.to } : undefined
}

/** The keys on the way from the root to a place in the text. */
export function keysAt(state: EditorState, position: number): readonly (string | number)[] {
  const keys: (string | number)[] = []
  for (let node: SyntaxNode | null = syntaxTree(state).resolveInner(position, -1); node; node = node.parent) {
    if (node.parent?.name === 'Property' && node.name !== 'PropertyName') keys.unshift(nameOf(state, node.parent))
    if (node.parent?.name === 'Array') keys.unshift(itemsOf(node.parent).findIndex(item => item.from === node.from))
  }
  return keys
}

const itemsOf = (node: SyntaxNode): SyntaxNode[] => childrenOf(node).filter(({ name }) => !['[', ']', ','].includes(name))

function propertyOf(state: EditorState, node: SyntaxNode, key: string): SyntaxNode | undefined {
  return childrenOf(node).find(child => child.name === 'Property' && nameOf(state, child) === key)
}

function nameOf(state: EditorState, property: SyntaxNode): string {
  const name = property.getChild('PropertyName')
  if (!name) return ''
  try {
    return JSON.parse(state.sliceDoc(name.from, name.to)) as string
  } catch {
    return ''
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child)
  return children
}
