export type ParsedIdentifier =
  | { readonly kind: 'identifier'; readonly text: string }
  /** 1.93057E+12: a spreadsheet has thrown digits away. */
  | { readonly kind: 'rounded' }
  | { readonly kind: 'too-long' }

/** Numbers of things are text: leading zeros stay, and `1930571429.0`, as floating-point tools write it, is 1930571429. */
export function parseIdentifier(text: string): ParsedIdentifier {
  if (FLOAT.test(text)) return { kind: 'identifier', text: text.slice(0, text.indexOf('.')) }
  if (SCIENTIFIC.test(text)) return { kind: 'rounded' }
  return text.length > 200 ? { kind: 'too-long' } : { kind: 'identifier', text }
}

const FLOAT = /^\d+\.0+$/
const SCIENTIFIC = /^\d(?:\.\d+)?E\+\d+$/
