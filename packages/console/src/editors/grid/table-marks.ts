import type { Finding, Severity } from '@surety/engine'
import { keyOf } from './grid-columns.ts'

export interface RowMark {
  readonly severity: Severity
  readonly findings: readonly Finding[]
  /** Places of cells, as `when/2`. */
  readonly cells: ReadonlyMap<string, Severity>
}

/** What is to be said about a table, by where it is seen. */
export interface TableMarks {
  readonly rows: ReadonlyMap<number, RowMark>
  /** By `when:3`: the place among inputs or outputs. */
  readonly columns: ReadonlyMap<string, Severity>
  /** Cases that no row takes. */
  readonly gaps: readonly Finding[]
  /** Everything about the table, in order of place. */
  readonly all: readonly Finding[]
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 }
const worse = (a: Severity | undefined, b: Severity): Severity => (a !== undefined && RANK[a] >= RANK[b] ? a : b)

export function marksOf(findings: readonly Finding[], path: string): TableMarks {
  const own = findings.filter(one => one.path === path || one.path.startsWith(`${path}/`))
  const rows = new Map<number, { severity: Severity; findings: Finding[]; cells: Map<string, Severity> }>()
  const columns = new Map<string, Severity>()
  const gaps: Finding[] = []
  for (const finding of own) {
    if (finding.code === 'TABLE_GAP') gaps.push(finding)
    for (const place of [finding.path, ...(finding.related ?? [])]) {
      const [group, index, side, cell] = place.slice(path.length + 1).split('/')
      if (group === 'inputs' || group === 'outputs') {
        const key = keyOf(group === 'inputs' ? 'when' : 'then', index ?? '')
        columns.set(key, worse(columns.get(key), finding.severity))
      }
      if (group !== 'rows' || index === undefined || !place.startsWith(`${path}/`)) continue
      const at = Number(index)
      let mark = rows.get(at)
      if (!mark) rows.set(at, (mark = { severity: finding.severity, findings: [], cells: new Map() }))
      mark.severity = worse(mark.severity, finding.severity)
      mark.findings.push(finding)
      if (side !== undefined && cell !== undefined)
        mark.cells.set(`${side}/${cell}`, worse(mark.cells.get(`${side}/${cell}`), finding.severity))
    }
  }
  return { rows, columns, gaps, all: own.toSorted((a, b) => placeOf(a, path) - placeOf(b, path)) }
}

function placeOf({ path }: Finding, step: string): number {
  const [group, index, side, cell] = path.slice(step.length + 1).split('/')
  if (group !== 'rows') return -1
  return Number(index) * 10_000 + (side === 'then' ? 5000 : 0) + Number(cell ?? 0)
}
