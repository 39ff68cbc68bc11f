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
  /** Other places that have to do with it. */
  readonly related?: readonly string[]
  readonly fix?: Fix
}

/** A change of the document that would mend it, as JSON Patch (RFC 6902). */
export interface Fix {
  readonly title: Text
  readonly patch: readonly Operation[]
}

export type Operation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** Nobody reads more than this; a hostile document could otherwise produce millions. */
export const MAX_FINDINGS = 1000

export const hasErrors = (findings: readonly Finding[]): boolean => findings.some(finding => finding.severity === 'error')
