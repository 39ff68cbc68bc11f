import type { ListQuery } from '../../composables/list-query.ts'
import { toDate } from '../../format/date.ts'
import type { ApprovalKind, TaskFilter, TaskSortField, TasksQuery, TaskView } from '../../graphql/generated/graphql.ts'
import type { TaskGroupName } from './group-tasks.ts'

export type ListedTask = TasksQuery['tasks']['edges'][number]['node']

export const TASK_VIEWS = ['mine', 'team', 'done'] as const
export type TaskViewName = (typeof TASK_VIEWS)[number]

/** What the address calls an order, and what the server calls it. */
export const TASK_SORTS: Readonly<Record<string, TaskSortField>> = {
  dueAt: 'DUE_AT',
  priority: 'PRIORITY',
  amount: 'AMOUNT',
  grade: 'GRADE',
  customer: 'CUSTOMER',
  createdAt: 'CREATED_AT',
}

/** The order in which the tasks of a group follow each other. */
export const SORT_OF_GROUP: Readonly<Record<TaskGroupName, string>> = { due: 'dueAt', kind: 'dueAt', customer: 'customer', grade: 'grade' }

export const TASK_FILTERS = ['kind', 'grade', 'due', 'hand', 'least', 'most', 'segment'] as const
export const DUE_FILTERS = ['late', 'today', 'week'] as const
export const HAND_FILTERS = ['mine', 'nobody'] as const

/** What the address of the list asks of the server. */
export function taskVariables(
  { q, view, filters, sort }: Pick<ListQuery, 'q' | 'view' | 'filters' | 'sort'>,
  now: Date,
): {
  view: TaskView
  filter: TaskFilter
  sort: { field: TaskSortField; descending: boolean }
} {
  const first = (field: string): string | undefined => filters[field]?.[0]
  const hand = HAND_FILTERS.find(name => name === first('hand'))
  return {
    view: viewOf(view).toUpperCase() as Uppercase<TaskViewName>,
    filter: {
      ...(q && { query: q }),
      ...(filters['kind'] && { kinds: filters['kind'] as ApprovalKind[] }),
      ...(filters['grade'] && { grades: [...filters['grade']] }),
      ...(first('segment') && { segment: first('segment')! }),
      ...(first('least') && { amountFrom: first('least')! }),
      ...(first('most') && { amountTo: first('most')! }),
      ...(hand && { claimed: hand === 'mine' ? ('ME' as const) : ('NOBODY' as const) }),
      ...dueRange(first('due'), now),
    },
    sort: { field: TASK_SORTS[sort?.field ?? 'dueAt'] ?? 'DUE_AT', descending: sort?.descending ?? false },
  }
}

export const viewOf = (view: string | undefined): TaskViewName => TASK_VIEWS.find(name => name === view) ?? 'mine'

function dueRange(due: string | undefined, now: Date): Pick<TaskFilter, 'overdue' | 'dueBefore'> {
  if (due === 'late') return { overdue: true }
  const days = due === 'today' ? 1 : due === 'week' ? 7 : undefined
  if (days === undefined) return {}
  const end = toDate(now)
  // To the end of the day, so that the same address asks the same all day long.
  return { dueBefore: new Date(end.getFullYear(), end.getMonth(), end.getDate() + days).toISOString() }
}
