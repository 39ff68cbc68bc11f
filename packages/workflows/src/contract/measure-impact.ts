/** One workflow run measures what one draft would do. */
export interface MeasureImpactInput {
  readonly impactId: string
}

export const MEASURE_IMPACT = 'measureImpact'

export function measureImpactId({ impactId }: MeasureImpactInput): string {
  return `policy-impact-${impactId}`
}
