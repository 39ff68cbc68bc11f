/** What a shortcut is written like: `mod+k`, `?`, `j`, `g c` (one after the other), `shift+x`. `mod` is ⌘ on a Mac, Ctrl elsewhere. */

interface KeyLike {
  readonly key: string
  readonly metaKey: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** Whether the key that was pressed is this step of a shortcut. */
export function isStep(step: string, event: KeyLike, isMac: boolean): boolean {
  const parts = step.split('+')
  const key = parts.pop() || '+'
  const wantsMod = parts.includes('mod')
  const mod = isMac ? event.metaKey : event.ctrlKey
  const otherMod = isMac ? event.ctrlKey : event.metaKey
  if (wantsMod !== mod || otherMod || parts.includes('alt') !== event.altKey) return false
  // A sign such as `?` needs shift on some keyboards and not on others: only letters and named keys care.
  if ((/^[a-z]$/.test(key) || key.length > 1) && parts.includes('shift') !== event.shiftKey) return false
  return event.key.toLowerCase() === key
}

/** Whether it is made of letters alone, without ⌘ or Ctrl: those can be switched off, and don't work while typing. */
export const isLetterShortcut = (keys: string): boolean => !keys.split(' ').some(step => step.includes('mod+') || step.includes('alt+'))

const NAMES: Readonly<Record<string, string>> = {
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  ' ': '␣',
}

/** How it is shown on a key cap. */
export function capsOf(keys: string, isMac: boolean): string[] {
  return keys.split(' ').map(step => {
    const parts = step.split('+')
    const key = parts.pop() || '+'
    const cap = NAMES[key] ?? (key.length === 1 || /^f\d+$/.test(key) ? key.toUpperCase() : key)
    const modifiers = parts.map(part =>
      part === 'mod' ? (isMac ? '⌘' : 'Ctrl+') : part === 'shift' ? (isMac ? '⇧' : 'Shift+') : isMac ? '⌥' : 'Alt+',
    )
    return modifiers.join('') + cap
  })
}
