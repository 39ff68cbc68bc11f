import type { Text } from '../policy/document.ts'

export type ChangeSubject =
  | 'policy'
  | 'fact'
  | 'output'
  | 'list'
  | 'named condition'
  | 'step'
  | 'rule'
  | 'condition'
  | 'effect'
  | 'column'
  | 'row'
  | 'cell'
  | 'characteristic'
  | 'bin'
  | 'expression'

/** One thing that is different between two versions of a policy. */
export interface PolicyChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved'
  readonly subject: ChangeSubject
  /** JSON pointer into the later version; into the earlier one for what was removed. */
  readonly path: string
  /** Where it was in the earlier version, unless it was added. */
  readonly beforePath?: string
  readonly before?: unknown
  readonly after?: unknown
  /** A sentence. */
  readonly message: Text
}

/** Where in both versions something is, and how people call the place. */
export interface Place {
  readonly before: string
  readonly after: string
  readonly words: Text
}
