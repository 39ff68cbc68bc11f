import type { ReadCell } from '@surety/engine'
import type { PolicyWords } from '../../features/policies/usePolicyWords.ts'
import type { GridColumn } from './grid-columns.ts'

/** A cell as it is drawn. */
export interface CellLook {
  readonly text: string
  /** What the sheet draws besides the text. */
  readonly kind: 'text' | 'any' | 'grade' | 'outcome' | 'unread'
}

const GRADE = /^"[A-E]"$/

/** How a cell looks; what can't be read looks as it was typed. */
export function lookOf(
  cell: string,
  column: GridColumn,
  isUnread: boolean,
  words: PolicyWords,
  number: (text: string) => string,
): CellLook {
  if (column.side === 'note') return { text: cell, kind: 'text' }
  const trimmed = cell.trim()
  if (trimmed === '-' || trimmed === '') return { text: column.side === 'when' ? '–' : '', kind: 'any' }
  if (isUnread) return { text: cell, kind: 'unread' }
  if (column.name === 'grade' && GRADE.test(trimmed)) return { text: trimmed.slice(1, -1), kind: 'grade' }
  if (column.side === 'when') return { text: words.test(trimmed, column.name), kind: 'text' }
  if (column.name === 'outcome' && /^"(approve|refer|decline)"$/.test(trimmed))
    return { text: words.output(trimmed, 'outcome'), kind: 'outcome' }
  if (column.isNumeric && /^-?\d+(\.\d+)?$/.test(trimmed)) return { text: number(trimmed), kind: 'text' }
  return { text: words.output(trimmed, column.name), kind: 'text' }
}

/**
 * A cell as one edits and copies it: with labels instead of quoted values, as long as reading it gives the same cell
 * again; else as it stands in the document.
 */
export function editTextOf(cell: string, column: GridColumn, words: PolicyWords, read: (text: string) => ReadCell): string {
  if (column.side === 'note') return cell
  const trimmed = cell.trim()
  if (trimmed === '-' || trimmed === '') return ''
  const spoken = trimmed.replace(/"((?:[^"\\]|\\.)*)"/g, (_, value: string) => words.value(value, column.name))
  return spoken !== cell && read(spoken).text === cell ? spoken : cell
}
