import { FEEL_FUNCTIONS, type FeelFunction } from '@surety/engine'

/** A stretch of an expression, by what it is. */
export interface FormulaPart {
  readonly text: string
  readonly kind: 'name' | 'function' | 'number' | 'text' | 'keyword' | 'plain'
  readonly at: number
}

const KEYWORDS = 'if|then|else|and|or|not|in|between|for|return|some|every|satisfies|true|false|null'
const FUNCTIONS = FEEL_FUNCTIONS.map(({ name }) => name)

/** Cuts an expression into parts; together they are the expression again, whatever it holds. */
export function partsOf(text: string, names: readonly string[]): readonly FormulaPart[] {
  const parts: FormulaPart[] = []
  const pattern = patternOf(names)
  let last = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > last) parts.push({ text: text.slice(last, match.index), kind: 'plain', at: last })
    const kind = (Object.keys(match.groups!) as FormulaPart['kind'][]).find(group => match.groups![group] !== undefined)!
    parts.push({ text: match[0], kind, at: match.index })
    last = match.index + match[0].length
  }
  if (last < text.length) parts.push({ text: text.slice(last), kind: 'plain', at: last })
  return parts
}

export type Completion =
  | { readonly kind: 'name'; readonly insert: string; readonly label: string; readonly detail: string }
  | {
      readonly kind: 'function'
      readonly insert: string
      readonly label: string
      readonly detail: string
      readonly definition: FeelFunction
    }

/** The word before the caret that a completion replaces; names of functions may hold spaces. */
export function wordBefore(text: string, caret: number): string {
  const before = text.slice(0, caret)
  const quotes = before.split('"').length - 1
  if (quotes % 2 === 1) return ''
  return /[\p{L}_][\p{L}\p{N}_.]*$/u.exec(before)?.[0] ?? ''
}

/** What may be meant by a word that has been begun: by its name, or by what people call it. */
export function completionsOf(
  word: string,
  names: readonly { readonly name: string; readonly label: string; readonly detail: string }[],
): readonly Completion[] {
  const wanted = word.toLowerCase()
  const rank = (text: string): number =>
    text.toLowerCase() === wanted ? -1 : text.toLowerCase().startsWith(wanted) ? 0 : text.toLowerCase().includes(wanted) ? 1 : 2
  const found: { readonly completion: Completion; readonly rank: number }[] = []
  for (const { name, label, detail } of names) {
    const best = Math.min(rank(name), rank(label))
    if (best < 2 && name !== word) found.push({ completion: { kind: 'name', insert: name, label, detail }, rank: best })
  }
  for (const definition of FEEL_FUNCTIONS) {
    const best = rank(definition.name)
    if (best < 2)
      found.push({
        completion: {
          kind: 'function',
          insert: `${definition.name}(`,
          label: `${definition.name}(${definition.parameters.join(', ')})`,
          detail: '',
          definition,
        },
        rank: best + 0.5,
      })
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, 12)
    .map(({ completion }) => completion)
}

function patternOf(names: readonly string[]): RegExp {
  const any = (words: readonly string[]): string =>
    words
      .toSorted((a, b) => b.length - a.length)
      .map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('|') || '(?!)'
  const edge = '(?<![\\p{L}\\p{N}_.])'
  const end = '(?![\\p{L}\\p{N}_])'
  return new RegExp(
    `(?<text>"(?:[^"\\\\]|\\\\.)*"?)|(?<function>${edge}(?:${any(FUNCTIONS)})(?=\\s*\\())|(?<name>${edge}(?:${any(names)})${end})|(?<keyword>${edge}(?:${KEYWORDS})${end})|(?<number>${edge}\\d+(?:\\.\\d+)?${end})|(?<plain>[\\p{L}_][\\p{L}\\p{N}_.]*)`,
    'gu',
  )
}
