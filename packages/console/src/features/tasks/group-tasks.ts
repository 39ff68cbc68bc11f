import { isoDay, toDate } from '../../format/date.ts'

export const TASK_GROUPS = ['due', 'kind', 'customer', 'grade'] as const
export type TaskGroupName = (typeof TASK_GROUPS)[number]

type DueGroup = 'late' | 'today' | 'week' | 'later'

interface Grouped {
  readonly kind: string
  readonly dueAt: string
  readonly customer: { readonly id: string; readonly name: string } | null
  readonly grade: string | null
}

export interface TaskGroup<Task> {
  /** A kind, a grade, a customer’s id, or a `DueGroup`; empty where a task has none. */
  readonly key: string
  readonly tasks: readonly Task[]
}

/** Gathers tasks, each group where its first task stands. */
export function groupTasks<Task extends Grouped>(tasks: readonly Task[], by: TaskGroupName, now: Date): TaskGroup<Task>[] {
  const groups = new Map<string, Task[]>()
  for (const task of tasks) {
    const key = KEYS[by](task, now)
    const group = groups.get(key)
    if (group) group.push(task)
    else groups.set(key, [task])
  }
  return [...groups].map(([key, gathered]) => ({ key, tasks: gathered }))
}

const WEEK_MS = 7 * 86_400_000

const KEYS: Readonly<Record<TaskGroupName, (task: Grouped, now: Date) => string>> = {
  kind: ({ kind }) => kind,
  customer: ({ customer }) => customer?.id ?? '',
  grade: ({ grade }) => grade ?? '',
  due: ({ dueAt }, now): DueGroup => {
    const due = toDate(dueAt)
    if (due < now) return 'late'
    if (isoDay(due) === isoDay(now)) return 'today'
    return due.getTime() - now.getTime() < WEEK_MS ? 'week' : 'later'
  },
}
