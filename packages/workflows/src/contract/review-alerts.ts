/** Every night all customers are looked at for early warnings, whatever happened to them during the day. */
export const REVIEW_ALERTS = 'reviewAlerts'

export interface ReviewAlertsInput {
  /** Go on after this account; absent: from the first. */
  readonly afterAccountId?: string
}
