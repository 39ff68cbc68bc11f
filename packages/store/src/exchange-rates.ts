import type { Tx } from './sql.ts'
export interface ExchangeRate {
  readonly from: string
  readonly to: string
  readonly on: string
  /** The price of one unit of `from` in `to`. */
  readonly rate: string
  readonly source: string
}
export declare function setExchangeRates(tx: Tx, rates: readonly ExchangeRate[]): Promise<void>
