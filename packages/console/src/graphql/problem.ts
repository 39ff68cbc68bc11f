import type { CombinedError } from '@urql/core'
import type { Text } from '../i18n/useText.ts'

/** Why something could not be shown or done, as the reader is told. */
export interface Problem {
  readonly kind: 'offline' | 'signed-out' | 'not-allowed' | 'not-found' | 'conflict' | 'invalid-input' | 'internal'
  readonly code: string
  /** The server's own words, where it has some. */
  readonly message?: Text
  readonly issues: readonly Issue[]
}

export interface Issue {
  readonly path: readonly string[]
  readonly code: string
  readonly message: Text
}

/** An error that the schema declares: one member of a mutation's union. */
export interface DeclaredError {
  readonly __typename?: string
  readonly code: string
  readonly message: Text
  readonly issues?: readonly Issue[]
}

export const isSignedOut = (error: CombinedError): boolean =>
  error.graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED') || error.response?.status === 401

export function problemOf(error: CombinedError): Problem {
  if (isSignedOut(error)) return { kind: 'signed-out', code: 'UNAUTHENTICATED', issues: [] }
  const [first] = error.graphQLErrors
  if (!first) return { kind: 'offline', code: 'OFFLINE', issues: [] }
  const code = String(first.extensions['code'] ?? 'INTERNAL')
  const message = first.extensions['text']
  return { kind: KIND_OF_CODE[code] ?? 'internal', code, issues: [], ...(isText(message) && { message }) }
}

export const problemOfDeclared = (error: DeclaredError): Problem => ({
  kind: KIND_OF_TYPE[error.__typename ?? ''] ?? 'internal',
  code: error.code,
  message: error.message,
  issues: error.issues ?? [],
})

const KIND_OF_CODE: Readonly<Record<string, Problem['kind']>> = {
  NOT_ALLOWED: 'not-allowed',
  NOT_FOUND: 'not-found',
  CONFLICT: 'conflict',
  INVALID_INPUT: 'invalid-input',
}

const KIND_OF_TYPE: Readonly<Record<string, Problem['kind']>> = {
  NotAllowedError: 'not-allowed',
  NotFoundError: 'not-found',
  ConflictError: 'conflict',
  InvalidInputError: 'invalid-input',
}

const isText = (value: unknown): value is Text => typeof value === 'object' && value !== null && 'en' in value && 'zh' in value
