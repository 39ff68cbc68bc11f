import type { CompanySize, IndustryScheme } from '@surety/credit'
import type { AccountView } from './accounts.ts'
import type { Page, PageRequest, Sort } from './page.ts'
import type { Tx } from './sql.ts'
export type CustomerStatus = 'active' | 'inactive' | 'bankrupt'
export interface Customer {
  readonly id: string
  readonly number: string
  readonly name: string
  readonly registrationNumber: string | null
  readonly country: string
  readonly industry: { readonly scheme: IndustryScheme; readonly code: string } | null
  readonly size: CompanySize | null
  readonly isListed: boolean
  readonly customerSince: string | null
  readonly status: CustomerStatus
  readonly statusSince: string | null
  readonly language: string
  readonly salesOwnerUserId: string | null
  readonly source: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
export interface Contact {
  readonly name: string
  readonly title: string | null
  readonly email: string | null
  readonly phone: string | null
}
export interface NewCustomer {
  readonly number: string
  readonly name: string
  readonly registrationNumber?: string
  readonly country?: string
  readonly industry?: { readonly scheme: IndustryScheme; readonly code: string }
  readonly size?: CompanySize
  readonly isListed?: boolean
  readonly customerSince?: string
  readonly language?: string
  readonly salesOwnerUserId?: string
  readonly source?: string
  readonly otherNames?: readonly string[]
  readonly contacts?: readonly Partial<Contact & { readonly name: string }>[]
}
export interface CustomerFilter {
  readonly query?: string
  readonly grades?: readonly string[]
  readonly statuses?: readonly CustomerStatus[]
  readonly segmentIds?: readonly number[]
  readonly industries?: readonly string[]
  readonly overdue?: boolean
  readonly overLimit?: boolean
}
export const CUSTOMER_SORT_FIELDS = ['name', 'number', 'grade', 'limit', 'exposure', 'utilisation', 'overdue', 'oldestOverdue', 'customerSince'] as const
export type CustomerSortField = (typeof CUSTOMER_SORT_FIELDS)[number]
/** One row an account. */
export interface CustomerRow {
  readonly customer: Customer
  readonly account: AccountView
}
export declare function listCustomers(tx: Tx, filter: CustomerFilter, sort: Sort<CustomerSortField>, page: PageRequest): Promise<Page<CustomerRow>>
export declare function findCustomer(tx: Tx, id: string): Promise<Customer | undefined>
export declare function findCustomerByNumber(tx: Tx, number: string): Promise<Customer | undefined>
export declare function findCustomers(tx: Tx, ids: readonly string[]): Promise<Map<string, Customer>>
export declare function namesOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, string[]>>
export declare function contactsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, Contact[]>>
/** Makes the customer, or finds it by number, and opens its account in the segment; a customer without an account would be seen by nobody. */
export declare function createCustomer(tx: Tx, customer: NewCustomer, account: { readonly segmentId: number; readonly currency: string; readonly paymentTermsDays?: number }): Promise<{ customer: Customer; accountId: string; isNew: boolean }>
export declare function setCustomerStatus(tx: Tx, id: string, status: CustomerStatus, options: { readonly since: string; readonly reason: string }): Promise<Customer | undefined>
export declare function listIndustryCodes(tx: Tx): Promise<{ scheme: IndustryScheme; code: string }[]>
