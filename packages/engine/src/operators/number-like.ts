/** What the dialect lets stand to the left of an ordering: anything that begins like a number. */
export function isNumberLike(value: unknown): boolean {
  return typeof value === 'number' ? !Number.isNaN(value) : !Number.isNaN(Number.parseFloat(value as string))
}
