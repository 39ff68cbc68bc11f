import type { Text } from './document.ts'

export type Severity = 'error' | 'warning' | 'info'

/** Something to say about a policy document; errors keep it from being published. */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  /** JSON pointer into the document. */
  readonly path: string
  readonly message: Text
  /** Facts that show it. */
  readonly counterexample?: Readonly<Record<string, unknown>>
}
