import type { PendingQuery, Row } from 'postgres'
import type { Tx } from './sql.ts'

/** Relay's four, as asked. */
export interface PageRequest {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** Exact. */
  readonly totalCount: number
}

export interface Sort<Field extends string> {
  readonly field: Field
  readonly descending?: boolean
}

/** Not one of our cursors. */
export class BadCursor extends Error {
  readonly code = 'BAD_CURSOR'
  constructor(cursor: string) {
    super(`${JSON.stringify(cursor.slice(0, 60))} is no cursor of this list; leave it out to begin at the start.`)
  }
}

export type Fragment = PendingQuery<Row[]>

/** A column that rows are sorted by; it may be null, and rows without a value come last either way. */
export interface SortKey {
  readonly expression: Fragment
  readonly type: 'text' | 'numeric' | 'date' | 'timestamptz'
}

export const MAX_PAGE = 500

interface Keyed {
  readonly page_id: string
  readonly page_key: string | null
  readonly page_total: string
}

/**
 * One page of `matched`, a select that yields `page_id bigint` and `page_key` of the given type among its columns.
 * Counts and cuts in one pass, so that the count is of the same moment as the rows.
 */
export async function selectPage<R extends object, T>(
  tx: Tx,
  matched: Fragment,
  type: SortKey['type'],
  descending: boolean,
  request: PageRequest,
  toNode: (row: R & { page_id: string }) => T,
  large?: LargeList,
): Promise<Page<T>> {
  const isBackward = request.last !== undefined && request.last !== null
  const size = Math.max(0, Math.min(MAX_PAGE, (isBackward ? request.last : request.first) ?? 50))
  const from = isBackward ? request.before : request.after
  const down = descending !== isBackward
  const cast = CASTS[type](tx)
  const beyond = from ? beyondCursor(tx, parseCursor(from, type), cast, down, isBackward) : tx`true`
  const direction = down ? tx`desc` : tx`asc`
  const nulls = isBackward ? tx`desc` : tx`asc`
  const rows = large
    ? await selectLarge<R>(tx, matched, large, beyond, nulls, direction, size)
    : await tx<(R & Keyed)[]>`
    with matched as materialized (${matched}),
    page as (
      select * from matched where ${beyond}
      order by (page_key is null) ${nulls}, page_key ${direction}, page_id ${direction}
      limit ${size + 1}
    )
    select page.*, page.page_key::text as page_key, total.page_total
    from (select count(*) as page_total from matched) total
    left join page on true
    order by (page.page_key is null) ${nulls}, page.page_key ${direction}, page.page_id ${direction}`
  const found = rows.filter(({ page_id }) => page_id !== null)
  const shown = found.slice(0, size)
  if (isBackward) shown.reverse()
  const hasMore = found.length > size
  return {
    edges: shown.map(row => ({ cursor: formatCursor(row), node: toNode(row) })),
    hasNextPage: isBackward ? Boolean(request.before) : hasMore,
    hasPreviousPage: isBackward ? hasMore : Boolean(request.after),
    totalCount: Number(rows[0]?.page_total ?? 0),
  }
}

/** A list too long to be read whole for each page: counted by a lighter query, and cut by an index of its sort key where that is never null. */
interface LargeList {
  /** `select count(*)` of the same rows. */
  readonly counted: Fragment
  readonly isNullable: boolean
}

async function selectLarge<R extends object>(
  tx: Tx,
  matched: Fragment,
  { counted, isNullable }: LargeList,
  beyond: Fragment,
  nulls: Fragment,
  direction: Fragment,
  size: number,
): Promise<(R & Keyed)[]> {
  const order = tx`order by ${isNullable ? tx`(page.page_key is null) ${nulls},` : tx``} page.page_key ${direction}, page.page_id ${direction}`
  const [[total], found] = await Promise.all([
    tx<{ count: string }[]>`${counted}`,
    tx<(R & Keyed)[]>`select page.*, page_key::text as page_key from (${matched}) page where ${beyond} ${order} limit ${size + 1}`,
  ])
  if (found.length === 0) return [{ page_id: null, page_total: total!.count } as unknown as R & Keyed]
  return found.map(row => ({ ...row, page_total: total!.count }))
}

const CASTS = {
  text: (tx: Tx) => tx`::text`,
  numeric: (tx: Tx) => tx`::numeric`,
  date: (tx: Tx) => tx`::date`,
  timestamptz: (tx: Tx) => tx`::timestamptz`,
} as const

function beyondCursor(tx: Tx, { key, id }: Cursor, cast: Fragment, down: boolean, isBackward: boolean): Fragment {
  const isNull = key === null
  const otherSide = isBackward ? tx`(page_key is null) < ${isNull}` : tx`(page_key is null) > ${isNull}`
  const further = down
    ? tx`page_key < ${key}${cast} or (page_key is not distinct from ${key}${cast} and page_id < ${id}::bigint)`
    : tx`page_key > ${key}${cast} or (page_key is not distinct from ${key}${cast} and page_id > ${id}::bigint)`
  return tx`(${otherSide} or ((page_key is null) = ${isNull} and (${further})))`
}

interface Cursor {
  readonly key: string | null
  readonly id: string
}

const KEY_PATTERNS = {
  text: /^[^\0]*$/,
  numeric: /^-?\d+(\.\d+)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  timestamptz: /^\d{4}-\d\d-\d\d[ T][\d:.]+([+-]\d\d(:?\d\d)?|Z)?$/,
} as const

function formatCursor({ page_key, page_id }: Keyed): string {
  return Buffer.from(JSON.stringify([page_key, page_id])).toString('base64url')
}

function parseCursor(cursor: string, type: SortKey['type']): Cursor {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new BadCursor(cursor)
  }
  if (!Array.isArray(parts) || parts.length !== 2) throw new BadCursor(cursor)
  const [key, id] = parts as unknown[]
  const isKey = key === null || (typeof key === 'string' && KEY_PATTERNS[type].test(key))
  if (!isKey || typeof id !== 'string' || !/^\d{1,18}$/.test(id)) throw new BadCursor(cursor)
  return { key, id }
}
