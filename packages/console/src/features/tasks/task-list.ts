import type { TaskSortField } from '../../graphql/generated/graphql.ts'

export const TASK_VIEWS = ['mine', 'team', 'done'] as const
export type TaskViewName = (typeof TASK_VIEWS)[number]

/** What the address calls an order, and what the server calls it. */
export const TASK_SORTS: Readonly<Record<string, TaskSortField>> = {
  dueAt: 'DUE_AT',
  amount: 'AMOUNT',
  grade: 'GRADE',
  customer: 'CUSTOMER',
  createdAt: 'CREATED_AT',
}
