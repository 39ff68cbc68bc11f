import { nextTick, watch, type Ref } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate, useRoute } from 'vue-router'

/** Brings a scrolled pane back to where it was when the reader comes back to it, once its rows are there. */
export function useScrollMemory(pane: Ref<HTMLElement | null | undefined>, isReady: () => boolean): void {
  const route = useRoute()
  let key = keyOf(route.fullPath)
  const save = (): void => void (pane.value && places.set(key, pane.value.scrollTop))
  onBeforeRouteLeave(save)
  onBeforeRouteUpdate(save)
  watch(
    () => [route.fullPath, isReady()] as const,
    async ([path, ready], before) => {
      key = keyOf(path)
      if (!ready) return
      const isNewAddress = before !== undefined && before[0] !== path
      const top = places.get(key)
      if (top === undefined && !isNewAddress) return
      await nextTick()
      if (pane.value) pane.value.scrollTop = top ?? 0
    },
    { immediate: true, flush: 'post' },
  )
}

// The same address may stand in the history more than once, each with its own place.
const keyOf = (path: string): string => `${(history.state as { position?: number } | null)?.position ?? 0} ${path}`
const places = new Map<string, number>()
