export { sentenceOfCondition } from './condition.ts'
export { sentenceOfRow } from './row.ts'
export { sentenceOfRule } from './rule.ts'
export type { Language, Span } from './span.ts'
