import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether the window is such, now and as it changes. */
export function useMediaQuery(query: string): Ref<boolean> {
  const media = matchMedia(query)
  const matches = ref(media.matches)
  const update = (): void => void (matches.value = media.matches)
  media.addEventListener('change', update)
  onScopeDispose(() => media.removeEventListener('change', update))
  return matches
}
