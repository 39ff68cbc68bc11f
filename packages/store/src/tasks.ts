import type { Text } from '@surety/engine'
import type { Page, PageRequest, Sort } from './page.ts'
import type { Refusal, Result } from './result.ts'
import type { Tx } from './sql.ts'
export type TaskStatus = 'open' | 'done' | 'cancelled'
export type TaskOutcome = 'approve' | 'reject' | 'return'
export interface Task {
  readonly id: string
  readonly segmentId: number
  readonly kind: 'credit_application'
  readonly applicationId: string
  readonly customerId: string
  readonly round: number
  /** Position in the round, from 1. */
  readonly level: number
  readonly levelCount: number
  readonly authorityLevel: number
  readonly amount: string
  readonly currency: string
  readonly reason: Text
  readonly status: TaskStatus
  readonly outcome: TaskOutcome | null
  readonly createdAt: Date
  readonly dueAt: Date
  readonly decidedAt: Date | null
  readonly version: number
  /** Why the actor can't decide it; null when they can. */
  readonly refusal: Refusal | null
}
export interface Vote {
  readonly taskId: string
  readonly userId: string
  readonly personId: string
  readonly person: string
  readonly outcome: TaskOutcome
  readonly limitAmount: string | null
  readonly currency: string
  readonly termsDays: number | null
  readonly comment: string | null
  readonly level: number
  readonly at: Date
}
export type TaskView = 'mine' | 'team' | 'done'
export interface TaskFilter {
  readonly query?: string
  readonly grades?: readonly string[]
  readonly statuses?: readonly TaskStatus[]
  readonly overdue?: boolean
}
export const TASK_SORT_FIELDS = ['dueAt', 'createdAt', 'amount', 'customer', 'grade'] as const
export type TaskSortField = (typeof TASK_SORT_FIELDS)[number]
export interface NewTask {
  readonly applicationId: string
  readonly round: number
  readonly level: number
  readonly levelCount: number
  readonly authorityLevel: number
  readonly amount: string
  readonly currency: string
  readonly reason: Text
  readonly dueAt: Date
}
export interface TaskDecision {
  readonly id: string
  /** As the client last saw it. */
  readonly version: number
  readonly outcome: TaskOutcome
  /** An approver may grant less than asked for in the task, or other terms. */
  readonly limit?: string | null
  readonly termsDays?: number | null
  /** Required to reject or return. */
  readonly comment?: string | null
}
/** Mine: open and for the actor to decide. Team: open in the actor's segments. Done: decided by the actor. */
export declare function listTasks(tx: Tx, view: TaskView, filter: TaskFilter, sort: Sort<TaskSortField>, page: PageRequest): Promise<Page<Task>>
export declare function findTask(tx: Tx, id: string): Promise<Task | undefined>
export declare function tasksOf(tx: Tx, applicationIds: readonly string[]): Promise<Map<string, Task[]>>
export declare function votesOf(tx: Tx, taskIds: readonly string[]): Promise<Map<string, Vote[]>>
/** Opens the task of a round and level, or finds it; undefined when the application has moved on meanwhile. */
export declare function openTask(tx: Tx, task: NewTask): Promise<Task | undefined>
export declare function decideTask(tx: Tx, decision: TaskDecision): Promise<Result<Task>>
