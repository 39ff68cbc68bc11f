/**
 * Cells of a table as a reader reads them: `>= 85` is `≥ 85`, `[70..85)` is `[70, 85)`, `"A", "B"` is `A, B`.
 * Only the look changes; whatever is not understood stays as it was written.
 */
export function showUnaryTest(cell: string, word: (value: string) => string, separator = ', '): string {
  const text = cell.trim()
  if (text === '-' || text === '') return '–'
  return splitTopLevel(text)
    .map(part => showPart(part.trim(), word))
    .join(separator)
}

/** A value of an output: `"approve"` is `approve`, as its label. */
export const showFeelValue = (cell: string, word: (value: string) => string): string => showPart(cell.trim(), word)

function showPart(part: string, word: (value: string) => string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(part)
  if (quoted) return word(quoted[1]!)
  const range = /^([[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])[])$/.exec(part)
  if (range) return `${range[1]}${range[2]}, ${range[3]}${range[4]}`
  return part
    .replace(/>=/g, '≥')
    .replace(/<=/g, '≤')
    .replace(/!=/g, '≠')
    .replace(/^([≥≤≠<>])\s*/, '$1 ')
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let isQuoted = false
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"' && text[at - 1] !== '\\') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (char === '(' || char === '[' || char === '{') depth += 1
    else if (char === ')' || char === ']' || char === '}') depth -= 1
    else if (char === ',' && depth <= 0) {
      parts.push(text.slice(start, at))
      start = at + 1
      depth = 0
    }
  }
  return [...parts, text.slice(start)]
}
