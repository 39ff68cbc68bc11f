import { expect, it } from 'vitest'
import { parseListQuery, writeListQuery, type ListQuery } from '../src/composables/list-query.ts'

const FULL: ListQuery = {
  q: '青岛 & Co',
  view: 'mine',
  filters: { grade: ['D', 'E'], name: ['Smith, Jones', 'a~b'] },
  sort: { field: 'dueAt', descending: true },
  group: 'kind',
  columns: ['name', 'limit'],
  page: 3,
  after: 'b64==',
  before: undefined,
}

it('writes the state of a list so that reading it gives the same state', () => {
  const query = Object.fromEntries(new URLSearchParams(writeListQuery(FULL) as Record<string, string>))
  expect(parseListQuery(query)).toEqual(FULL)
})

it('keeps an untouched list out of the address', () => {
  expect(writeListQuery(parseListQuery({}))).toEqual({})
})

it('is written the way people can read and type', () => {
  expect(writeListQuery({ ...parseListQuery({}), filters: { grade: ['D', 'E'] }, sort: { field: 'dueAt', descending: true } })).toEqual({
    'f.grade': 'D,E',
    sort: '-dueAt',
  })
})

it.each([
  [{ page: '-1' }, { page: 1 }],
  [{ page: 'x' }, { page: 1 }],
  [{ 'f.grade': '' }, { filters: {} }],
  [{ 'f.grade': ['A', 'B'] }, { filters: { grade: ['A'] } }],
  [{ sort: '' }, { sort: undefined }],
])('makes the best of %j', (query, expected) => {
  expect(parseListQuery(query)).toMatchObject(expected)
})
