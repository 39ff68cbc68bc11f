/** One workflow run reviews one credit application, from submission to limit in force. */
export interface ReviewApplicationInput {
  readonly applicationId: string
  /** The workflow works with all rights, so it is told where it belongs. */
  readonly segmentId: number
}

export const REVIEW_APPLICATION = 'reviewApplication'

export function reviewApplicationId(applicationId: string): string {
  return `application-${applicationId}`
}

/** Signal: something was decided in the book; read it again. Carries nothing, so a second one is harmless. */
export const BOOK_CHANGED = 'bookChanged'
