import { listSegments, type Segment, type Tx } from '@surety/store'
import { UsageError } from './command.ts'

/** The segment of a code; the only one there is when no code is given. */
export async function findSegment(tx: Tx, code: string | undefined): Promise<Segment> {
  const segments = await listSegments(tx)
  const codes = segments.map(segment => segment.code).join(', ')
  if (code === undefined) {
    if (segments.length === 1) return segments[0]!
    throw new UsageError(
      segments.length === 0
        ? 'There is no business segment yet; `surety seed-demo` makes some.'
        : `Say which segment with --segment: ${codes}.`,
    )
  }
  const found = segments.find(segment => segment.code === code)
  if (!found) throw new UsageError(`There is no segment ${JSON.stringify(code)}; there are ${codes || 'none'}.`)
  return found
}
