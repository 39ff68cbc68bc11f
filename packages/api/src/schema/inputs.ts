import { InvalidInput, NotFound } from '../errors.ts'

/** A row's id as the database counts, or undefined when it can be none. */
export function rowId(id: string): string | undefined {
  return /^\d{1,18}$/.test(id) ? id : undefined
}

/** The same for something that has to be there. */
export function existingId(id: string): string {
  const known = rowId(id)
  if (!known) throw new NotFound()
  return known
}

/** A segment's id; one that can be none is the caller's mistake. */
export function segmentIdOf(id: string, path: readonly string[] = ['segment']): number {
  if (/^\d{1,9}$/.test(id)) return Number(id)
  throw InvalidInput.at(path, 'UNKNOWN_SEGMENT', {
    en: `${JSON.stringify(id.slice(0, 40))} is not the id of a segment.`,
    zh: `${JSON.stringify(id.slice(0, 40))} 不是业务板块的编号。`,
  })
}

/** A filter whose absent parts are absent, not null. */
export function withoutNulls<T extends object>(input: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>
  }
}
