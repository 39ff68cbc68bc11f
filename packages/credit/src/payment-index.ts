/** Points of the payment index by days late (negative is early); linear between. */
export const PAYMENT_INDEX_ANCHORS: readonly (readonly [daysLate: number, index: number])[] = [
  [-30, 100],
  [-20, 90],
  [0, 80],
  [15, 70],
  [22, 60],
  [30, 50],
  [60, 40],
  [90, 30],
  [120, 20],
]

export interface PaidItem {
  readonly daysLate: number
  readonly amount: number
}

/** The index (1–100) of one payment. Beyond 120 days the last slope goes on, down to 1. */
export function paymentIndex(daysLate: number): number {
  const [first] = PAYMENT_INDEX_ANCHORS
  if (first && daysLate <= first[0]) return first[1]
  for (let at = 1; at < PAYMENT_INDEX_ANCHORS.length; at += 1) {
    const [fromDays, fromIndex] = PAYMENT_INDEX_ANCHORS[at - 1]!
    const [toDays, toIndex] = PAYMENT_INDEX_ANCHORS[at]!
    if (daysLate <= toDays) return fromIndex + ((toIndex - fromIndex) * (daysLate - fromDays)) / (toDays - fromDays)
  }
  return Math.max(1, 20 - (daysLate - 120) / 3)
}

/** Amount-weighted mean of indices; undefined without amounts. */
export function weightedPaymentIndex(parts: readonly { readonly index: number; readonly amount: number }[]): number | undefined {
  let weighted = 0
  let total = 0
  for (const { index, amount } of parts) {
    weighted += index * amount
    total += amount
  }
  return total > 0 || Number.isNaN(total) ? weighted / total : undefined
}

export function paymentIndexOfItems(items: readonly PaidItem[]): number | undefined {
  return weightedPaymentIndex(items.map(({ daysLate, amount }) => ({ index: paymentIndex(daysLate), amount })))
}
