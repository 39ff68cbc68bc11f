import type { Tx } from './sql.ts'
export interface FinancialStatement {
  readonly id: string
  readonly customerId: string
  readonly periodEnd: string
  readonly periodMonths: number
  readonly receivedOn: string
  readonly currency: string
  readonly audited: boolean
  readonly items: Readonly<Record<string, string>>
  readonly source: string
}
/** Newest period first. */
export declare function statementsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, FinancialStatement[]>>
export declare function addStatement(tx: Tx, statement: Omit<FinancialStatement, 'id'>): Promise<FinancialStatement>
