import type { Condition, LeafCondition, TopCondition } from '@surety/engine'
import { describe, expect, it } from 'vitest'
import * as edits from '../src/editors/tree/condition-edits.ts'

const leaf = (fact: string): LeafCondition => ({ fact, operator: 'equal', value: 1 })
const [a, b, c] = [leaf('a'), leaf('b'), leaf('c')]

describe('the tree of a rule', () => {
  it('shows a not over an any as one bracket: none of these', () => {
    const tree = edits.treeOf({ all: [a, { not: { any: [b, c] } }, { not: a }] }, '/conditions')
    expect(shape(tree)).toEqual([
      'all /conditions',
      [
        'leaf /conditions/all/0',
        ['none /conditions/all/1', ['leaf /conditions/all/1/not/any/0', 'leaf /conditions/all/1/not/any/1']],
        ['none /conditions/all/2', ['leaf /conditions/all/2/not']],
      ],
    ])
    expect([edits.depthOf(tree), edits.sizeOf(tree)]).toEqual([2, 4])
  })

  it.each<[string, TopCondition, TopCondition]>([
    ['wraps', edits.wrap({ all: [a, b] }, '/all/1', 'any'), { all: [a, { any: [b] }] }],
    ['unwraps', edits.unwrap({ all: [a, { any: [b, c] }] }, '/all/1'), { all: [a, b, c] }],
    ['unwraps the root into a bracket that a rule can stand on', edits.unwrap({ any: [a] }, ''), { all: [a] }],
    ['negates a condition', edits.negate({ all: [a] }, '/all/0'), { all: [{ not: a }] }],
    ['takes a negation away', edits.negate({ all: [{ not: a }] }, '/all/0'), { all: [a] }],
    ['negates the root and back', edits.negate(edits.negate({ any: [a, b] }, ''), ''), { any: [a, b] }],
    ['changes a bracket', edits.setBracket({ all: [a, b] }, '', 'none'), { not: { any: [a, b] } }],
    ['changes a bracket back', edits.setBracket({ not: { any: [a, b] } }, '', 'all'), { all: [a, b] }],
    ['keeps what is said of a bracket', edits.setBracket({ all: [a], comment: 'why' }, '', 'any'), { comment: 'why', any: [a] }],
    ['takes a condition away', edits.remove({ all: [a, b] }, '/all/0'), { all: [b] }],
    ['takes a negation away with what it negates', edits.remove({ all: [a, { not: b }] }, '/all/1/not'), { all: [a] }],
    ['makes a negation of two a bracket', edits.duplicate({ not: a }, '/not'), { not: { any: [a, a] } }],
    ['duplicates without the id', edits.duplicate({ all: [{ ...a, id: 'x' }] }, '/all/0'), { all: [{ ...a, id: 'x' }, a] }],
    ['inserts after', edits.insertAfter({ all: [a, b] }, '/all/0', c), { all: [a, c, b] }],
    ['inserts into a bracket', edits.insertInto({ all: [a, { not: b }] }, '/all/1', c), { all: [a, { not: { any: [b, c] } }] }],
    ['moves up', edits.move({ all: [a, b] }, '/all/1', -1), { all: [b, a] }],
    ['moves out of a bracket at its edge', edits.move({ all: [a, { any: [b, c] }] }, '/all/1/any/0', -1), { all: [a, b, { any: [c] }] }],
    ['moves the last one out and drops the empty bracket', edits.move({ all: [{ any: [b] }, a] }, '/all/0/any/0', 1), { all: [b, a] }],
    ['does not move out of the root', edits.move({ all: [a, b] }, '/all/0', -1), { all: [a, b] }],
    ['disables and enables', edits.toggle(edits.toggle({ all: [a] }, '/all/0'), '/all/0'), { all: [a] }],
  ])('%s', (_, found, expected) => expect(found).toEqual(expected))

  it('finds a condition again after it has moved', () => {
    const root: TopCondition = { all: [a, { any: [b, c] }] }
    expect(edits.pathOf(edits.treeOf(edits.move(root, '/all/1/any/1', 1), ''), c)).toBe('/all/2')
  })

  it('copies only what lies on the way', () => {
    const untouched: Condition = { any: [b, c] }
    const root = edits.toggle({ all: [a, untouched] }, '/all/0')
    expect('all' in root && root.all[1]).toBe(untouched)
  })
})

function shape(node: edits.TreeNode): unknown {
  return edits.isGroup(node) ? [`${node.kind} ${node.path}`, node.children.map(shape)] : `${node.kind} ${node.path}`
}
