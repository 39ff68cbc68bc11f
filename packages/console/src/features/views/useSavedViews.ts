import { computed, type ComputedRef } from 'vue'
import { useRoute, type LocationQuery } from 'vue-router'
import { parseListQuery, writeListQuery } from '../../composables/list-query.ts'
import { useData } from '../../composables/useData.ts'
import type { SavedViewList, SavedViewsQuery } from '../../graphql/generated/graphql.ts'
import { SavedViewsDocument } from './documents.ts'

export type SavedView = Omit<SavedViewsQuery['savedViews'][number], 'query'> & {
  /** As the address of the list says it. */
  readonly query: Readonly<Record<string, string>>
}

export interface SavedViews {
  readonly views: ComputedRef<readonly SavedView[] | undefined>
  /** The one whose filters and order the address holds right now. */
  readonly current: ComputedRef<SavedView | undefined>
  /** What the address says of filters and order, to be kept under a name; the page one is on is no part of it. */
  readonly query: ComputedRef<Readonly<Record<string, string>>>
  reload(): void
}

/** Views of a list that one may choose from. Choosing one goes to its address, so that a link shows the same to who gets it. */
export function useSavedViews(list: SavedViewList): SavedViews {
  const route = useRoute()
  const { data, reload } = useData(SavedViewsDocument, () => ({ list }), { live: ['SavedView'] })
  const views = computed(() => data.value?.savedViews.map(view => ({ ...view, query: view.query as SavedView['query'] })))
  const query = computed(() => standing(route.query))
  return {
    views,
    query,
    current: computed(() => views.value?.find(view => isSame(standing(view.query), query.value))),
    reload,
  }
}

function standing(query: LocationQuery | Readonly<Record<string, string>>): Record<string, string> {
  return writeListQuery({ ...parseListQuery(query), page: 1, after: undefined, before: undefined }) as Record<string, string>
}

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([key, value]) => other[key] === value)
