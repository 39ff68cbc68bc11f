import type { Tx } from '../sql.ts'
import { PLAN_CODES, type PlanSubject } from './plan.ts'
import { problemText, SHOWN_LENGTH, type ProblemCode, type RowProblem } from './problems.ts'

/** Row errors that are kept one by one; more are counted only. */
export const MAX_ROW_ERRORS = 10_000

/** Adds row errors, up to what is kept; says how many were. */
export async function addRowErrors(tx: Tx, subject: { id: string; segmentId: number }, problems: readonly RowProblem[]): Promise<void> {
  for (let from = 0; from < problems.length; from += 1000) {
    const rows = problems.slice(from, from + 1000).map(problem => {
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
  const rows = await tx<WrongRow[]>`
    select p.row_number, p.problem, p.number, p.customer_number, p.old_currency, p.first_row, p.last_row, p.applied_elsewhere, c.number as old_customer,
      ${isAllocating ? tx`a.invoice_number, a.applied_in_all, a.demand, a.invoice_open_amount, i.currency as invoice_currency, ic.number as invoice_customer` : notAllocating(tx)}
    from plan p
    left join customers c on c.id = p.old_customer_id
    ${isAllocating ? offendingAllocation(tx) : tx``}
    where p.state = 'wrong'
    order by p.row_number
    limit ${Math.max(0, MAX_ROW_ERRORS - Number(kept!.count))}`
  await addRowErrors(
    tx,
    subject,
    rows.map(row => toProblem(row, columnOf)),
  )
}

const notAllocating = (tx: Tx) => tx`
  null::text as invoice_number, null::numeric as applied_in_all, null::numeric as demand, null::numeric as invoice_open_amount, null::text as invoice_currency, null::text as invoice_customer`

const offendingAllocation = (tx: Tx) => tx`
  left join lateral (select * from plan_allocations a where a.number = p.number and a.problem = p.problem order by a.row_number limit 1) a on true
  left join documents i on i.id = a.invoice_id
  left join customers ic on ic.id = i.customer_id`

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
      applied: plain(
        wrong.problem === 'OVER_APPLIED'
          ? wrong.demand
          : wrong.problem === 'APPLIED_MORE_THAN_PAID'
            ? wrong.applied_in_all
            : wrong.applied_elsewhere,
      ),
      open: plain(wrong.invoice_open_amount),
    },
  }
}

function subjectOf({ problem, number, customer_number, invoice_number }: WrongRow): [field: string, value: string] {
  if (problem === 'UNKNOWN_CUSTOMER') return ['customerNumber', customer_number]
  if (['UNKNOWN_INVOICE', 'INVOICE_OF_OTHER_CUSTOMER', 'INVOICE_IN_OTHER_CURRENCY', 'OVER_APPLIED'].includes(problem))
    return ['invoiceNumber', invoice_number ?? '']
  return ['number', number]
}

function plain(numeric: string | null): string {
  return numeric === null ? '' : numeric.includes('.') ? numeric.replace(/\.?0+$/, '') : numeric
}
