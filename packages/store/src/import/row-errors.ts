import type { Tx } from '../sql.ts'
import { PLAN_CODES, type PlanSubject } from './plan.ts'
import { problemText, SHOWN_LENGTH, type ProblemCode, type RowProblem } from './problems.ts'

/** Row errors that are kept one by one; more are counted only. */
export const MAX_ROW_ERRORS = 10_000

/** Adds row errors, up to what is kept; says how many were. */
export async function addRowErrors(tx: Tx, subject: { id: string; segmentId: number }, problems: readonly RowProblem[]): Promise<void> {
  for (let from = 0; from < problems.length; from += 1000) {
    const rows = problems.slice(from, from + 1000).map((problem) => {
      const { en, zh } = problemText(problem)
      return {
        segment_id: subject.segmentId,
        import_id: subject.id,
        row_number: problem.row,
        column_name: problem.column ?? null,
        code: problem.code,
        message_en: en,
        message_zh: zh,
        value: problem.value?.slice(0, SHOWN_LENGTH) ?? null,
      }
    })
    await tx`insert into import_errors ${tx(rows)}`
  }
}

/** Replaces the errors that the last plan gave by those of the plan at hand. */
export async function recordPlanErrors(tx: Tx, subject: PlanSubject, columnOf: (field: string) => string | undefined): Promise<void> {
  await tx`delete from import_errors where import_id = ${subject.id} and code = any (${[...PLAN_CODES]})`
  const [kept] = await tx<{ count: string }[]>`select count(*) from import_errors where import_id = ${subject.id}`
  const isAllocating = subject.kind === 'payments' || subject.kind === 'credit_notes'
  // Types are named because each kind makes a plan table of its own: a connection that has prepared this for another kind would refuse it.
  const rows = await tx<WrongRow[]>`
    select p.row_number::bigint, p.problem::text, p.number::text, p.customer_number::text, p.invoice_number::text, p.old_currency::text, p.first_row::bigint, p.last_row::bigint,
      p.applied_elsewhere::numeric, c.number as old_customer, ${isAllocating ? tx`a.applied_in_all, a.demand, a.invoice_open_amount` : tx`null as applied_in_all, null as demand, null as invoice_open_amount`},
      ${isAllocating ? tx`i.currency` : tx`null`} as invoice_currency, ${isAllocating ? tx`ic.number` : tx`null`} as invoice_customer
    from plan p
    left join customers c on c.id = p.old_customer_id
    ${isAllocating
      ? tx`left join plan_allocations a on a.row_number = p.row_number left join documents i on i.id = a.invoice_id left join customers ic on ic.id = i.customer_id`
      : tx``}
    where p.state = 'wrong'
    order by p.row_number
    limit ${Math.max(0, MAX_ROW_ERRORS - Number(kept!.count))}`
  await addRowErrors(tx, subject, rows.map((row) => toProblem(row, columnOf)))
}

interface WrongRow {
  readonly row_number: string
  readonly problem: ProblemCode
  readonly number: string
  readonly customer_number: string
  readonly invoice_number: string | null
  readonly old_currency: string | null
  readonly old_customer: string | null
  readonly first_row: string | null
  readonly last_row: string | null
  readonly applied_elsewhere: string
  readonly applied_in_all: string | null
  readonly demand: string | null
  readonly invoice_open_amount: string | null
  readonly invoice_currency: string | null
  readonly invoice_customer: string | null
}

function toProblem(wrong: WrongRow, columnOf: (field: string) => string | undefined): RowProblem {
  const row = Number(wrong.row_number)
  const [field, value] = subjectOf(wrong)
  const column = columnOf(field)
  return {
    code: wrong.problem,
    row,
    value,
    ...(column !== undefined && { column }),
    details: {
      other: Number(Number(wrong.first_row) === row ? wrong.last_row : wrong.first_row),
      customer: wrong.invoice_customer ?? wrong.old_customer ?? '',
      currency: wrong.invoice_currency ?? wrong.old_currency ?? '',
      applied: plain(wrong.problem === 'OVER_APPLIED' ? wrong.demand : wrong.problem === 'APPLIED_MORE_THAN_PAID' ? wrong.applied_in_all : wrong.applied_elsewhere),
      open: plain(wrong.invoice_open_amount),
    },
  }
}

function subjectOf({ problem, number, customer_number, invoice_number }: WrongRow): [field: string, value: string] {
  if (problem === 'UNKNOWN_CUSTOMER') return ['customerNumber', customer_number]
  if (['UNKNOWN_INVOICE', 'INVOICE_OF_OTHER_CUSTOMER', 'INVOICE_IN_OTHER_CURRENCY', 'OVER_APPLIED'].includes(problem)) return ['invoiceNumber', invoice_number ?? '']
  return ['number', number]
}

function plain(numeric: string | null): string {
  return numeric === null ? '' : numeric.includes('.') ? numeric.replace(/\.?0+$/, '') : numeric
}
