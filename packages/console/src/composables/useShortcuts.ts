import { computed, onScopeDispose, shallowReactive, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { letterShortcuts } from '../app/appearance.ts'
import { isLetterShortcut, isStep } from './shortcut-keys.ts'

export interface Shortcut {
  /** See `shortcut-keys.ts`. */
  readonly keys: string
  readonly label: string
  readonly group: string
  run(event: KeyboardEvent): void
  /** Also while typing and while a dialog is open. */
  readonly isEverywhere?: boolean
  /** Works, but is not listed: a second way to the same. */
  readonly isHidden?: boolean
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

/** Shortcuts that hold while the calling component is on screen; the newest wins. They list themselves in the sheet (`?`). */
export function useShortcuts(shortcuts: MaybeRefOrGetter<readonly Shortcut[]>): void {
  const source = { get: () => toValue(shortcuts) }
  sources.push(source)
  onScopeDispose(() => sources.splice(sources.indexOf(source), 1))
}

/** All that hold right now, for the sheet. */
export const activeShortcuts: ComputedRef<Shortcut[]> = computed(() =>
  sources.flatMap(({ get }) => get()).filter(({ isHidden }) => !isHidden),
)

const sources = shallowReactive<{ get(): readonly Shortcut[] }[]>([])
const SECOND_KEY_MS = 900
let first: { readonly step: string; readonly at: number } | undefined

function onKeydown(event: KeyboardEvent): void {
  // A key that only moves an input method along is not for us.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
  const isBusy =
    isTyping(event.target) ||
    document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"], [role="listbox"][data-state="open"]') !==
      null
  const pending = first && event.timeStamp - first.at < SECOND_KEY_MS ? first.step : undefined
  first = undefined
  for (const { get } of sources.toReversed()) {
    for (const shortcut of get()) {
      if (isBusy && !shortcut.isEverywhere) continue
      // Enter on a link or a button is theirs.
      if (shortcut.keys === 'enter' && isControl(event.target)) continue
      if (letterShortcuts.value === 'off' && isLetterShortcut(shortcut.keys)) continue
      const [one = '', two] = shortcut.keys.split(' ')
      if (two === undefined ? pending === undefined && isStep(one, event, isMac) : pending === one && isStep(two, event, isMac)) {
        event.preventDefault()
        shortcut.run(event)
        return
      }
      if (two !== undefined && isStep(one, event, isMac)) first = { step: one, at: event.timeStamp }
    }
  }
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select'))

const isControl = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.matches('a, button, summary')

addEventListener('keydown', onKeydown)
