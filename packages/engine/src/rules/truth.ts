import type { Truth } from '../policy/decision.ts'

/** Kleene's three values, so that `all` is the least and `any` the greatest of its parts. */
export const FALSE = 0
export const UNKNOWN = 1
export const TRUE = 2
export type Kleene = typeof FALSE | typeof UNKNOWN | typeof TRUE

const WORDS = ['false', 'unknown', 'true'] as const

export const truthOf = (value: Kleene): Truth => WORDS[value]
