import type { Account, Approval, CreditApplication, Customer, Decision, StoredPolicy, Task } from '@surety/store'
import { builder } from '../builder.ts'

/** Types that refer to each other in circles; each is described in the file of its noun. */
export const CustomerType = builder.objectRef<Customer>('Customer')
export const CreditAccountType = builder.objectRef<Account>('CreditAccount')
export const CreditApplicationType = builder.objectRef<CreditApplication>('CreditApplication')
export const ApprovalType = builder.objectRef<Approval>('Approval')
export const TaskType = builder.objectRef<Task>('Task')
export const DecisionType = builder.objectRef<Decision>('Decision')
export const PolicyType = builder.objectRef<StoredPolicy>('Policy')
