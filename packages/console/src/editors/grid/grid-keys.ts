import type { Direction, Stride } from './grid-selection.ts'

/** What a key asks of the grid. */
export type GridCommand =
  | { readonly do: 'move'; readonly direction: Direction; readonly stride: Stride; readonly isExtending: boolean }
  | { readonly do: 'step'; readonly direction: Direction }
  | { readonly do: 'moveRows'; readonly by: -1 | 1 }
  | {
      readonly do:
        | 'edit'
        | 'clear'
        | 'selectAll'
        | 'selectRows'
        | 'selectColumn'
        | 'fillDown'
        | 'fillRight'
        | 'undo'
        | 'redo'
        | 'find'
        | 'menu'
        | 'insertRow'
        | 'deleteRows'
        | 'shortcuts'
        | 'leave'
    }
  | { readonly do: 'problem'; readonly by: -1 | 1 }

export interface KeyPressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly isComposing: boolean
  readonly keyCode: number
}

/** What a key means while no cell is being edited; undefined for keys that type, copy or belong to others. */
export function commandOf(event: KeyPressed, isMac: boolean): GridCommand | undefined {
  if (event.isComposing || event.keyCode === 229) return undefined
  const { key, shiftKey: isExtending, altKey } = event
  const isModified = isMac ? event.metaKey : event.ctrlKey
  const arrow = ARROWS[key]
  if (arrow) {
    if (altKey) return arrow === 'up' || arrow === 'down' ? { do: 'moveRows', by: arrow === 'up' ? -1 : 1 } : undefined
    return { do: 'move', direction: arrow, stride: isModified ? 'data' : 'one', isExtending }
  }
  if (altKey) return undefined
  if (isModified) return modified(key.toLowerCase(), isExtending)
  switch (key) {
    case 'Home':
      return { do: 'move', direction: 'left', stride: 'row', isExtending }
    case 'End':
      return { do: 'move', direction: 'right', stride: 'row', isExtending }
    case 'PageUp':
      return { do: 'move', direction: 'up', stride: 'page', isExtending }
    case 'PageDown':
      return { do: 'move', direction: 'down', stride: 'page', isExtending }
    case 'Enter':
      return isExtending ? { do: 'step', direction: 'up' } : { do: 'edit' }
    case 'Tab':
      return { do: 'step', direction: isExtending ? 'left' : 'right' }
    case 'F2':
      return { do: 'edit' }
    case 'F8':
      return { do: 'problem', by: isExtending ? -1 : 1 }
    case 'F10':
      return isExtending ? { do: 'menu' } : undefined
    case 'ContextMenu':
      return { do: 'menu' }
    case 'Delete':
    case 'Backspace':
      return { do: 'clear' }
    case 'Escape':
      return { do: 'leave' }
    case ' ':
      return isExtending ? { do: 'selectRows' } : undefined
    default:
      return undefined
  }
}

function modified(key: string, isShifted: boolean): GridCommand | undefined {
  switch (key) {
    case 'home':
      return { do: 'move', direction: 'up', stride: 'all', isExtending: isShifted }
    case 'end':
      return { do: 'move', direction: 'down', stride: 'all', isExtending: isShifted }
    case 'a':
      return { do: 'selectAll' }
    case 'd':
      return { do: 'fillDown' }
    case 'r':
      return isShifted ? undefined : { do: 'fillRight' }
    case 'f':
    case 'h':
      return { do: 'find' }
    case 'z':
      return { do: isShifted ? 'redo' : 'undo' }
    case 'y':
      return { do: 'redo' }
    case ' ':
      return { do: 'selectColumn' }
    case '/':
      return { do: 'shortcuts' }
    case 'enter':
      return isShifted ? { do: 'insertRow' } : undefined
    case 'delete':
    case 'backspace':
      return { do: 'deleteRows' }
    default:
      return undefined
  }
}

const ARROWS: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' }
