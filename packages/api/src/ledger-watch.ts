import { reconcileLedgersDaily, type Reconciliation, type Sql } from '@surety/store'

const LOOK_MS = 15 * 60_000
const FIRST_LOOK_MS = 60_000

/** Reconciles the ledger of every segment once a day, as soon after midnight (UTC) as somebody is up; tells of reports that found something. */
export function createLedgerWatch(
  sql: Sql,
  onFindings: (report: Reconciliation) => void,
  onProblem: (problem: unknown) => void,
): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const look = (): void => {
    running = reconcileLedgersDaily(sql).then(reports => reports.forEach(onFindings), onProblem)
  }
  const first = setTimeout(look, FIRST_LOOK_MS)
  const often = setInterval(look, LOOK_MS)
  for (const timer of [first, often]) timer.unref()
  return {
    async close() {
      clearTimeout(first)
      clearInterval(often)
      await running
    },
  }
}
