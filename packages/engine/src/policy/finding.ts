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

/** Nobody reads more than this; a hostile document could otherwise produce millions. */
export const MAX_FINDINGS = 1000

export const hasErrors = (findings: readonly Finding[]): boolean => findings.some((finding) => finding.severity === 'error')
