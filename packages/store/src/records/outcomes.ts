import type { ProblemCode, RowProblem } from '../import/problems.ts'

/** What came of a line: it made something, changed it, said what was known, repeated another line, came too late, or is wrong. */
export type LineState = 'new' | 'changed' | 'same' | 'repeat' | 'superseded' | 'wrong'

/** What every line has, whatever its kind. */
export interface Line {
  readonly line: number
  /** Tells its subject from others of its kind. */
  readonly number: string
  readonly customerNumber?: string
  readonly customerName?: string | undefined
  readonly currency?: string
  readonly sequence?: number | undefined
  readonly key?: string | undefined
  readonly hash: Buffer
}

/** Where a delivery goes. */
export interface Target {
  readonly segmentId: number
  readonly source: string
}

/** Something in the book that a line changed, for the record. */
export interface RecordedChange {
  readonly entity: 'Document' | 'Payment' | 'Bill' | 'Customer' | 'Dispute' | 'Instrument' | 'Rating' | 'Incident' | 'FinancialStatement'
  readonly id: string
  readonly before: object
  readonly after: object
}

/** What came of the lines of a delivery. */
export class Outcomes {
  readonly states = new Map<number, LineState>()
  readonly problems: RowProblem[] = []
  readonly changes: RecordedChange[] = []
  readonly customerIds = new Set<string>()
  /** Orders that are open again. */
  readonly reopened: { readonly line: number; readonly number: string }[] = []
  newCustomers = 0

  is(line: Line, state: LineState): void {
    this.states.set(line.line, state)
  }

  wrong(line: Line, column: string, code: ProblemCode, value: string, details: RowProblem['details'] = {}): void {
    this.refuse({ row: line.line, column, code, value, details })
  }

  refuse(problem: RowProblem): void {
    this.states.set(problem.row, 'wrong')
    this.problems.push(problem)
  }

  isWrong(line: Line): boolean {
    return this.states.get(line.line) === 'wrong'
  }
}

/** Whether two things say the same, amounts and days compared as text in plain notation. */
export function saysTheSame(before: object, after: object): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

/** `250.0000` as `250`. */
export function plain(numeric: string | null): string | null {
  return numeric === null ? null : numeric.includes('.') ? numeric.replace(/\.?0+$/, '') : numeric
}
