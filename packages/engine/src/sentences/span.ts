import type { Text } from '../policy/document.ts'

/** A phrase of a sentence, and the node of the document that it speaks of. */
export interface Span {
  readonly text: string
  /** JSON pointer; a click on the phrase leads there. */
  readonly path: string
}

export type Language = keyof Text

/** Sentences one after the other, with words between them that belong to what holds them all. */
export function join(parts: readonly (readonly Span[])[], between: string, path: string): Span[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: between, path }, ...part]))
}

/** `a, b or c` and `a、b或c`. */
export function listed(words: readonly string[], last: Text, language: Language): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(language === 'zh' ? '、' : ', ')}${language === 'zh' ? last.zh : ` ${last.en} `}${words.at(-1)}`
}

export const OR: Text = { en: 'or', zh: '或' }
