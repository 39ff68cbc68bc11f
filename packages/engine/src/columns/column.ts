/**
 * Columns of a data set. Buffers may be shared between threads. A bitmap has bit `i & 31` of word `i >>> 5` for row i.
 */
export type Column = NumberColumn | BooleanColumn | CodeColumn | ValueColumn

/**
 * Numbers, percentages and amounts as doubles; dates as days since 1970-01-01. NaN is missing.
 * A double tells amounts of up to 15 digits apart.
 */
export interface NumberColumn {
  readonly kind: 'number'
  readonly values: Float64Array
  /** Rows whose bit is 0 are missing; absent: all that aren't NaN are there. */
  readonly valid?: Uint32Array
}

export interface BooleanColumn {
  readonly kind: 'boolean'
  readonly bits: Uint32Array
  readonly valid?: Uint32Array
}

/** Enums and texts: each row holds the place of its text in the dictionary; a code outside of it is missing. */
export interface CodeColumn {
  readonly kind: 'code'
  readonly codes: Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array
  readonly dictionary: readonly string[]
  readonly valid?: Uint32Array
}

/** Whatever has no typed form, lists above all; null and undefined are missing. */
export interface ValueColumn {
  readonly kind: 'value'
  readonly values: readonly unknown[]
}

export interface ColumnSet {
  readonly rows: number
  /** By fact; a fact without a column is missing throughout. */
  readonly columns: Readonly<Record<string, Column>>
}

/** What deciding every row came to. */
export interface ColumnResult {
  readonly rows: number
  /** Index into OUTCOMES, per row. */
  readonly outcomes: Uint8Array
  /** Bitmap of rows in which something could not be judged. */
  readonly unknown: Uint32Array
  readonly outputs: Readonly<Record<string, Column>>
  /** Bitmap per rule or row of the policy that can fire, by JSON pointer. */
  readonly hits: Readonly<Record<string, Uint32Array>>
}

export const words = (rows: number): number => (rows + 31) >>> 5

export const hasBit = (bits: Uint32Array, row: number): boolean => ((bits[row >>> 5]! >>> (row & 31)) & 1) === 1

export function setBit(bits: Uint32Array, row: number): void {
  bits[row >>> 5]! |= 1 << (row & 31)
}

/** How many bits are set. */
export function countBits(bits: Uint32Array): number {
  let count = 0
  for (let word of bits) {
    word -= (word >>> 1) & 0x55555555
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
    count += (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
  }
  return count
}
