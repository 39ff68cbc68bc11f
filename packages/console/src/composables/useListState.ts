import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { parseListQuery, writeListQuery, type ListQuery } from './list-query.ts'

export interface ListState {
  readonly state: ComputedRef<ListQuery>
  /** Sort in force: the address's, else the default. */
  readonly sort: ComputedRef<{ readonly field: string; readonly descending: boolean }>
  readonly pageSize: number
  /** Spread into the variables of a connection: `first`/`after` or `last`/`before`. */
  readonly paging: ComputedRef<Paging>
  /** Anything narrowed: a search or a filter. */
  readonly isNarrowed: ComputedRef<boolean>
  filter(field: string): readonly string[]
  setFilter(field: string, values: readonly string[]): void
  setQuery(q: string): void
  setView(view: string | undefined): void
  /** The same column again turns the order round. */
  sortBy(field: string, descendingFirst?: boolean): void
  /** Rows of a group follow each other: `sort` puts them so. */
  setGroup(group: string | undefined, sort?: string): void
  setColumns(columns: readonly string[] | undefined): void
  clear(): void
  nextPage(endCursor: string): void
  previousPage(startCursor: string): void
}

export interface Paging {
  readonly first?: number
  readonly after?: string
  readonly last?: number
  readonly before?: string
}

/**
 * A list whose search, filters, order, page and columns live in the address, so that a copied link shows the same rows.
 * Typing replaces the address; everything else adds to the history, so that back undoes it.
 */
export function useListState(options: { readonly sort: string; readonly pageSize?: number }): ListState {
  const route = useRoute()
  const router = useRouter()
  const pageSize = options.pageSize ?? 50
  const standard = { field: options.sort.replace(/^-/, ''), descending: options.sort.startsWith('-') }
  // The page is about to go: its address is no longer ours to read.
  const pageOf = (): unknown => route.meta.page ?? route.name
  const name = pageOf()
  const state = computed<ListQuery>(before => (pageOf() === name ? parseListQuery(route.query) : (before ?? parseListQuery({}))))

  const go = (change: Partial<ListQuery>, how: 'push' | 'replace' = 'push'): void => {
    const first = { page: 1, after: undefined, before: undefined }
    void router[how]({ query: writeListQuery({ ...state.value, ...first, ...change }), hash: route.hash })
  }

  return {
    state,
    pageSize,
    sort: computed(() => state.value.sort ?? standard),
    paging: computed(() => {
      const { after, before } = state.value
      if (before) return { last: pageSize, before }
      return { first: pageSize, ...(after && { after }) }
    }),
    isNarrowed: computed(() => state.value.q !== '' || Object.keys(state.value.filters).length > 0),
    filter: field => state.value.filters[field] ?? [],
    setFilter: (field, values) => go({ filters: { ...state.value.filters, [field]: values } }),
    setQuery: q => {
      if (q !== state.value.q) go({ q }, 'replace')
    },
    setView: view => go({ view }),
    sortBy: (field, descendingFirst = false) => {
      const now = state.value.sort ?? standard
      go({ sort: { field, descending: now.field === field ? !now.descending : descendingFirst } })
    },
    setGroup: (group, sort) => go({ group, ...(sort && { sort: { field: sort, descending: false } }) }),
    setColumns: columns => go({ columns, page: state.value.page, after: state.value.after, before: state.value.before }, 'replace'),
    clear: () => go({ q: '', filters: {} }),
    nextPage: after => go({ page: state.value.page + 1, after, before: undefined }),
    previousPage: before => go(state.value.page <= 2 ? {} : { page: state.value.page - 1, before, after: undefined }),
  }
}
