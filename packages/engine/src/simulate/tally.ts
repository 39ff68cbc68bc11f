import { hasBit } from '../columns/column.ts'

/** What the rows of a data set are worth and how they ended, beside the facts that a policy sees. */
export interface History {
  readonly rows: number
  /** Amount at stake per row, in minor units (cents); NaN where there is none. */
  readonly minorAmounts?: Float64Array
  /** Decimal places of the amounts: 2 unless said otherwise. */
  readonly digits?: number
  /** Bitmap of the rows whose end is known, and of those among them that went bad. */
  readonly outcome?: { readonly known: Uint32Array; readonly bad: Uint32Array }
}

/** A number of rows with what they are worth. Rates are of those whose end is known. */
export interface Tally {
  readonly count: number
  /** Decimal; absent where the data has no amounts. */
  readonly amount?: string
  readonly known?: number
  readonly bad?: number
  readonly badAmount?: string
}

/** Adds rows up exactly: doubles hold whole minor units up to 2^53, and what comes near goes over into integers without end. */
export class Adder {
  readonly #history: History
  #count = 0
  #minor = 0
  #minorBefore = 0n
  #known = 0
  #bad = 0
  #badMinor = 0
  #badMinorBefore = 0n

  constructor(history: History) {
    this.#history = history
  }

  add(row: number): void {
    const { minorAmounts, outcome } = this.#history
    this.#count += 1
    const minor = minorAmounts?.[row] ?? 0
    const value = minor === minor ? minor : 0
    this.#minor += value
    if (this.#minor > SAFE || this.#minor < -SAFE) {
      this.#minorBefore += BigInt(this.#minor)
      this.#minor = 0
    }
    if (!outcome || !hasBit(outcome.known, row)) return
    this.#known += 1
    if (!hasBit(outcome.bad, row)) return
    this.#bad += 1
    this.#badMinor += value
    if (this.#badMinor > SAFE || this.#badMinor < -SAFE) {
      this.#badMinorBefore += BigInt(this.#badMinor)
      this.#badMinor = 0
    }
  }

  get count(): number {
    return this.#count
  }

  get tally(): Tally {
    const { minorAmounts, outcome, digits = 2 } = this.#history
    return {
      count: this.#count,
      ...(minorAmounts && { amount: decimal(this.#minorBefore + BigInt(this.#minor), digits) }),
      ...(outcome && { known: this.#known, bad: this.#bad }),
      ...(outcome && minorAmounts && { badAmount: decimal(this.#badMinorBefore + BigInt(this.#badMinor), digits) }),
    }
  }
}

/** Bad ones among those whose end is known; null where none is. */
export function badRateOf({ known, bad }: Tally): number | null {
  return known ? bad! / known : null
}

// Far enough below 2^53 that one more amount stays exact.
const SAFE = 2 ** 52

/** Minor units as a decimal: 12345 with 2 digits is 123.45. */
export function decimal(minor: bigint, digits: number): string {
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  return `${minor < 0n ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`
}
