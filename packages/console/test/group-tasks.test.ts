import { expect, it } from 'vitest'
import { groupTasks } from '../src/features/tasks/group-tasks.ts'

const NOW = new Date('2026-03-05T12:00:00')
const task = (id: string, dueAt: string, kind = 'CREDIT_APPLICATION', customer = 'c1', grade: string | null = 'B') => ({
  id,
  dueAt,
  kind,
  grade,
  customer: { id: customer, name: customer },
})
const TASKS = [
  task('1', '2026-03-04T09:00:00'),
  task('2', '2026-03-05T18:00:00', 'WRITE_OFF'),
  task('3', '2026-03-09T09:00:00', 'CREDIT_APPLICATION', 'c2', null),
  task('4', '2026-04-09T09:00:00', 'WRITE_OFF', 'c2'),
]
const grouped = (by: Parameters<typeof groupTasks>[1]) =>
  groupTasks(TASKS, by, NOW).map(({ key, tasks }) => [key, tasks.map(({ id }) => id).join('')])

it('gathers tasks by when they are due', () => {
  expect(grouped('due')).toEqual([
    ['late', '1'],
    ['today', '2'],
    ['week', '3'],
    ['later', '4'],
  ])
})

it('gathers them by kind, customer and grade, each group where its first task stands', () => {
  expect(grouped('kind')).toEqual([
    ['CREDIT_APPLICATION', '13'],
    ['WRITE_OFF', '24'],
  ])
  expect(grouped('customer')).toEqual([
    ['c1', '12'],
    ['c2', '34'],
  ])
  expect(grouped('grade')).toEqual([
    ['B', '124'],
    ['', '3'],
  ])
})
