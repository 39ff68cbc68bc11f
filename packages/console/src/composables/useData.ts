import { useQuery, type AnyVariables, type TypedDocumentNode } from '@urql/vue'
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import { useLive } from '../graphql/live.ts'
import { problemOf, type Problem } from '../graphql/problem.ts'

export interface DataOptions {
  /** Type names that make this answer out of date, e.g. `['Task', 'CreditApplication']`. */
  readonly live?: readonly string[]
  /** Narrows `live` to this thing, or to things of this customer. */
  readonly liveId?: () => string | undefined
  /** False: don't ask yet. */
  readonly when?: () => boolean
}

export interface Data<Result> {
  /** The last answer; stays while the next one is on its way. */
  readonly data: ComputedRef<Result | undefined>
  readonly problem: ComputedRef<Problem | undefined>
  /** Nothing to show yet: draw the skeleton. */
  readonly isLoading: ComputedRef<boolean>
  /** A newer answer is on its way. */
  readonly isRefreshing: ComputedRef<boolean>
  reload(): void
}

/** Asks the server, shows the cached answer at once, and asks again whenever the server says that it changed. */
export function useData<Result, Variables extends AnyVariables>(
  document: TypedDocumentNode<Result, Variables>,
  variables: () => Variables,
  options: DataOptions = {},
): Data<Result> {
  const query = useQuery<Result, Variables>({
    query: document,
    variables,
    pause: () => options.when?.() === false,
  })
  const reload = (): void => void query.executeQuery({ requestPolicy: 'network-only' })
  if (options.live) useLive({ entities: options.live, ...(options.liveId && { id: options.liveId }) }, reload)
  // A line that breaks takes nothing away: what was answered to the same question stays until there is something newer.
  const answered = shallowRef<{ readonly to: string; readonly data: Result }>()
  watch(
    query.data,
    data => {
      if (data) answered.value = { to: JSON.stringify(variables()), data }
    },
    { immediate: true, flush: 'sync' },
  )
  const kept = (): Result | undefined =>
    query.error.value?.networkError && answered.value?.to === JSON.stringify(variables()) ? answered.value.data : undefined
  const data = computed(() => query.data.value ?? kept())
  return {
    data,
    problem: computed(() => (query.error.value && !data.value ? problemOf(query.error.value) : undefined)),
    isLoading: computed(() => !data.value && !query.error.value && options.when?.() !== false),
    isRefreshing: computed(() => query.fetching.value || query.stale.value),
    reload,
  }
}
