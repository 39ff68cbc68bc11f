import type { Policy } from '../policy/document.ts'

/** Where the whole document stands. */
export const DOCUMENT_SHEET = 'Document'

// A cell holds 32,767 characters.
const PART_LENGTH = 30_000

export function partsOf(text: string): readonly string[] {
  const parts: string[] = []
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + PART_LENGTH)
    // Never in the middle of a character.
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1]!)) end--
    parts.push(text.slice(at, end))
    at = end
  }
  return parts
}

/** Sheets of the steps that have one, by place of the step. Excel allows 31 characters, without a few of them, and no name twice whatever its case. */
export function sheetNames({ steps }: Policy): ReadonlyMap<number, string> {
  const taken = new Set(['settings', DOCUMENT_SHEET.toLowerCase(), 'history'])
  const names = new Map<number, string>()
  for (const [at, { kind, id }] of steps.entries()) {
    if (kind !== 'table' && kind !== 'scorecard') continue
    const base = id.replaceAll(/[[\]:*?/\\']/g, '-').slice(0, 28) || kind
    let name = base
    for (let more = 2; taken.has(name.toLowerCase()); more++) name = `${base}~${more}`
    taken.add(name.toLowerCase())
    names.set(at, name)
  }
  return names
}
