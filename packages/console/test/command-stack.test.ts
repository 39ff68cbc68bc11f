import { mergePolicies, type Policy } from '@surety/engine'
import { describe, expect, it } from 'vitest'
import { createCommandStack } from '../src/editors/draft/command-stack.ts'

const policy = (first: string, second: string): Policy => ({
  id: 'shop/limits',
  title: { en: 'Limits', zh: '额度' },
  facts: {},
  outputs: {},
  steps: [
    { id: 'a', kind: 'formula', expressions: [{ id: 'x', output: 'x', expression: first }] },
    { id: 'b', kind: 'formula', expressions: [{ id: 'y', output: 'y', expression: second }] },
  ],
})
const merge = (base: Policy, mine: Policy, theirs: Policy): Policy => mergePolicies(base, mine, theirs).merged

describe('one stack for all editors', () => {
  it('takes back and does again what was done last, and says what that is', () => {
    const stack = createCommandStack(1, (_, mine) => mine)
    stack.push('two', 2)
    stack.push('three', 3)
    expect(stack.undoLabel).toBe('three')
    stack.undo()
    expect([stack.state, stack.undoLabel, stack.redoLabel]).toEqual([2, 'two', 'three'])
    stack.redo()
    expect([stack.state, stack.redoLabel]).toEqual([3, undefined])
  })

  it('forgets what could be done again as soon as something else is done', () => {
    const stack = createCommandStack(1, (_, mine) => mine)
    stack.push('two', 2)
    stack.undo()
    stack.push('five', 5)
    stack.redo()
    expect(stack.state).toBe(5)
  })

  it('joins entries of one key, and does not join over an undo', () => {
    const stack = createCommandStack('', (_, mine) => mine)
    stack.push('type', 'a', 'cell')
    stack.push('type', 'ab', 'cell')
    stack.undo()
    expect(stack.state).toBe('')
    stack.redo()
    stack.push('type', 'abc', 'cell')
    stack.undo()
    expect(stack.state).toBe('ab')
  })

  it('counts no edit that changes nothing', () => {
    const stack = createCommandStack(1, (_, mine) => mine)
    stack.push('same', 1)
    expect(stack.undoLabel).toBeUndefined()
  })

  it('takes back only what was done here when others have changed something else since', () => {
    const stack = createCommandStack(policy('1', '1'), merge)
    stack.push('set x', policy('2', '1'))
    stack.replace(policy('2', '9'))
    stack.undo()
    expect(stack.state).toEqual(policy('1', '9'))
    stack.redo()
    expect(stack.state).toEqual(policy('2', '9'))
  })
})
