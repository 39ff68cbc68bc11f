import type { RouteLocationRaw } from 'vue-router'

export interface Column<Row> {
  readonly key: string
  readonly label: string
  /** Stands in the header; cells hold bare digits. */
  readonly unit?: string | undefined
  /** Numbers go right. */
  readonly align?: 'right'
  /** Field to sort by; absent: can't be sorted. */
  readonly sort?: string
  /** Largest first on the first click: for amounts and ages. */
  readonly descendingFirst?: boolean
  /** CSS width; a column without one takes what is left. */
  readonly width?: string
  /** Not shown until chosen. */
  readonly isOptional?: boolean
  /** Left out on phones. */
  readonly isSecondary?: boolean
  /** What copying the row yields: raw, not formatted. */
  readonly raw?: (row: Row) => string | number | null | undefined
}

export interface RowLink<Row> {
  (row: Row): RouteLocationRaw
}
