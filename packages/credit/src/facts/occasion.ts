import type { Money } from '../money.ts'

/** What a decision is about, beyond the customer's book: the application, the order, the item, the effect on the portfolio. */
export interface Occasion {
  readonly request?: RequestOccasion
  readonly order?: OrderOccasion
  readonly item?: ItemOccasion
  readonly collection?: CollectionOccasion
  readonly portfolio?: PortfolioOccasion
  readonly change?: ChangeOccasion
  readonly approval?: ApprovalOccasion
}

export interface RequestOccasion {
  readonly limit?: Money
  readonly termsDays?: number
  /** What the customer expects to buy in a year, before tax. */
  readonly annualPurchases?: Money
  /** What is about to be approved, once a policy has recommended it. */
  readonly proposedLimit?: Money
  readonly proposedTermsDays?: number
}

export const CHECKPOINTS = ['entered', 'confirmed', 'picked', 'shipped'] as const
export type Checkpoint = (typeof CHECKPOINTS)[number]

export interface OrderOccasion {
  readonly id: string
  readonly amount: Money
  /** What of it was delivered already, and counts as a delivery or an invoice. */
  readonly delivered?: Money
  readonly checkpoint: Checkpoint
  readonly termsDays?: number
  readonly discountPercent?: number
  /** What the customer is entitled to. */
  readonly agreedDiscountPercent?: number
  readonly isPrepaid?: boolean
  readonly lastCheckedOn?: string
}

export interface ItemOccasion {
  readonly documentId: string
}

export interface CollectionOccasion {
  readonly heldOrders?: Money
  readonly lastContactOn?: string
}

export interface PortfolioFigures {
  readonly exposure: Money
  readonly customerExposure: Money
  readonly industryExposure: Money
  /** Grade C and below. */
  readonly lowGradeExposure: Money
  readonly expectedLoss: Money
}

export interface PortfolioOccasion {
  readonly before: PortfolioFigures
  readonly after: PortfolioFigures
}

/** A change of a policy that asks to be approved. */
export interface ChangeOccasion {
  readonly kind: string
  readonly count: number
  readonly reach: 'values' | 'rules' | 'everything'
  readonly isFirstVersion: boolean
  readonly isRollback: boolean
  readonly isEmergency: boolean
  readonly warningCount: number
  /** Absent: not measured. */
  readonly impact?: {
    readonly movedShare: number
    readonly movedExposure: Money
    readonly loosenedShare: number
  }
}

/** A matter that people sign: a release, a security, a write-off. */
export interface ApprovalOccasion {
  readonly kind: string
  readonly amount?: Money
}
