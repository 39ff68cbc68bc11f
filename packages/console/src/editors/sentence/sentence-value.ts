import type { ReadConstant } from '../tree/operand-text.ts'

/** A value that can be changed inside the sentence. */
export interface SentenceValue {
  /** As it is typed. */
  readonly text: string
  /** Of the field, for those who hear it. */
  readonly label: string
  read(typed: string): ReadConstant
  commit(value: unknown): void
}
