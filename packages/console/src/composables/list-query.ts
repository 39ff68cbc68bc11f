import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** The state of a list as its address says it: `?q=…&view=mine&f.grade=D,E&sort=-dueAt&group=kind&cols=name,limit&page=2&after=…`. */
export interface ListQuery {
  readonly q: string
  readonly view: string | undefined
  readonly filters: Readonly<Record<string, readonly string[]>>
  readonly sort: { readonly field: string; readonly descending: boolean } | undefined
  /** What rows are gathered by. */
  readonly group: string | undefined
  readonly columns: readonly string[] | undefined
  /** Counted from 1. */
  readonly page: number
  readonly after: string | undefined
  readonly before: string | undefined
}

export function parseListQuery(query: LocationQuery): ListQuery {
  const filters: Record<string, string[]> = {}
  for (const [name, value] of Object.entries(query)) {
    const values = name.startsWith('f.') ? (single(value)?.split(',').map(decodeComma).filter(Boolean) ?? []) : []
    if (values.length > 0) filters[name.slice(2)] = values
  }
  const sort = single(query['sort'])
  const page = Number(single(query['page']))
  return {
    q: single(query['q']) ?? '',
    view: single(query['view']),
    filters,
    sort: sort ? { field: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : undefined,
    group: single(query['group']),
    columns: single(query['cols'])?.split(',').filter(Boolean),
    page: Number.isInteger(page) && page > 0 ? page : 1,
    after: single(query['after']),
    before: single(query['before']),
  }
}

export function writeListQuery(state: ListQuery): LocationQueryRaw {
  const query: Record<string, string> = {}
  if (state.q) query['q'] = state.q
  if (state.view) query['view'] = state.view
  for (const [field, values] of Object.entries(state.filters))
    if (values.length > 0) query[`f.${field}`] = values.map(encodeComma).join(',')
  if (state.sort) query['sort'] = (state.sort.descending ? '-' : '') + state.sort.field
  if (state.group) query['group'] = state.group
  if (state.columns) query['cols'] = state.columns.join(',')
  if (state.page > 1) query['page'] = String(state.page)
  if (state.after) query['after'] = state.after
  if (state.before) query['before'] = state.before
  return query
}

const single = (value: LocationQuery[string] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value) || undefined
const encodeComma = (value: string): string => value.replaceAll('~', '~0').replaceAll(',', '~1')
const decodeComma = (value: string): string => value.replaceAll('~1', ',').replaceAll('~0', '~')
