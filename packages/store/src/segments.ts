import type { Text } from '@surety/engine'
import { appendAudit } from './audit.ts'
import type { Tx } from './sql.ts'

/** A part of the business with its own accounts, people and currency. */
export interface Segment {
  readonly id: number
  readonly code: string
  readonly name: Text
  readonly currency: string
}

/** Those that the actor sees. */
export async function listSegments(tx: Tx): Promise<Segment[]> {
  const rows = await tx<SegmentRow[]>`select * from segments where visible_segments() is null or id = any (visible_segments()) order by id`
  return rows.map(toSegment)
}

export async function findSegments(tx: Tx, ids: readonly number[]): Promise<Map<number, Segment>> {
  const rows = await tx<SegmentRow[]>`select * from segments where id = any (${ids as number[]}::int[])`
  return new Map(rows.map(row => [row.id, toSegment(row)]))
}

export async function createSegment(tx: Tx, segment: Omit<Segment, 'id'>): Promise<Segment> {
  const [row] = await tx<SegmentRow[]>`
    insert into segments (code, name_en, name_zh, currency) values (${segment.code}, ${segment.name.en}, ${segment.name.zh}, ${segment.currency}) returning *`
  await appendAudit(tx, { action: 'segment.create', entity: 'Segment', entityId: String(row!.id), segmentId: row!.id, after: segment })
  return toSegment(row!)
}

interface SegmentRow {
  readonly id: number
  readonly code: string
  readonly name_en: string
  readonly name_zh: string
  readonly currency: string
}

function toSegment({ id, code, name_en, name_zh, currency }: SegmentRow): Segment {
  return { id, code, name: { en: name_en, zh: name_zh }, currency }
}
