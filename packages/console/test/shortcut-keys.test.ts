import { expect, it } from 'vitest'
import { capsOf, isLetterShortcut, isStep } from '../src/composables/shortcut-keys.ts'

const press = (key: string, held: string[] = []) => ({
  key,
  metaKey: held.includes('meta'),
  ctrlKey: held.includes('ctrl'),
  altKey: held.includes('alt'),
  shiftKey: held.includes('shift'),
})

it.each([
  ['mod+k', press('k', ['meta']), true, true],
  ['mod+k', press('k', ['ctrl']), false, true],
  ['mod+k', press('k', ['ctrl']), true, false],
  ['mod+k', press('k'), false, false],
  ['j', press('j'), false, true],
  ['j', press('J', ['shift']), false, false],
  ['j', press('j', ['ctrl']), false, false],
  ['?', press('?', ['shift']), false, true],
  ['?', press('?'), false, true],
  ['enter', press('Enter'), false, true],
])('%s, pressed as %j on a Mac: %s', (step, event, isMac, expected) => {
  expect(isStep(step, event, isMac)).toBe(expected)
})

it('knows which shortcuts are letters alone', () => {
  expect(['j', '?', 'g c', 'mod+k', 'alt+arrowup'].map(isLetterShortcut)).toEqual([true, true, true, false, false])
})

it('shows keys as the machine names them', () => {
  expect(capsOf('mod+k', true)).toEqual(['⌘K'])
  expect(capsOf('mod+k', false)).toEqual(['Ctrl+K'])
  expect(capsOf('g c', false)).toEqual(['G', 'C'])
  expect(capsOf('enter', false)).toEqual(['↵'])
})
