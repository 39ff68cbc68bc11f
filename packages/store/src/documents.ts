import type { Page, PageRequest, Sort } from './page.ts'
import type { Tx } from './sql.ts'
export type DocumentType = 'order' | 'delivery' | 'invoice' | 'credit_note'
export interface LedgerDocument {
  readonly id: string
  readonly segmentId: number
  readonly customerId: string
  readonly type: DocumentType
  readonly number: string
  readonly source: string
  readonly issuedOn: string
  readonly dueOn: string | null
  readonly currency: string
  readonly amount: string
  readonly openAmount: string
  readonly terms: string | null
  readonly cancelledOn: string | null
  /** Null when nothing is open or it has no due date; negative before it is due. */
  readonly daysPastDue: number | null
  readonly isDisputed: boolean
}
export type DocumentState = 'open' | 'overdue' | 'closed'
export const DOCUMENT_SORT_FIELDS = ['issuedOn', 'dueOn', 'amount', 'openAmount', 'number'] as const
export type DocumentSortField = (typeof DOCUMENT_SORT_FIELDS)[number]
export interface DocumentFilter {
  readonly customerId: string
  readonly type?: DocumentType
  readonly state?: DocumentState
}
export interface NewDocument {
  readonly segmentId: number
  readonly customerId: string
  readonly type: DocumentType
  readonly number: string
  readonly source: string
  readonly issuedOn: string
  readonly dueOn?: string | null
  readonly currency: string
  readonly amount: string
  readonly terms?: string | null
  readonly orderId?: string
  readonly deliveryId?: string
  readonly isPrepaid?: boolean
}
export declare function listDocuments(tx: Tx, filter: DocumentFilter, sort: Sort<DocumentSortField>, page: PageRequest): Promise<Page<LedgerDocument>>
/** Adds documents in bulk; those known already with the same content are left alone, others with their number are returned as conflicts. */
export declare function addDocuments(tx: Tx, documents: readonly NewDocument[]): Promise<{ added: number; same: number; conflicts: readonly NewDocument[] }>
/** Takes a document back as of a day; what was applied to it becomes unapplied. */
export declare function cancelDocument(tx: Tx, id: string, on: string, reason: string): Promise<void>
