/** One workflow run takes one approval, other than a credit application's, from the asking to its end. */
export interface ApproveMatterInput {
  readonly approvalId: string
  /** Null: the whole company. */
  readonly segmentId: number | null
}

export const APPROVE_MATTER = 'approveMatter'

export function approveMatterId(approvalId: string): string {
  return `approval-${approvalId}`
}
