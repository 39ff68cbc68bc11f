import { onScopeDispose, shallowRef, type Ref } from 'vue'

/** The time, fresh enough for "12 minutes late". */
export function useNow(everyMs = 30_000): Ref<Date> {
  const now = shallowRef(new Date())
  const timer = setInterval(() => (now.value = new Date()), everyMs)
  onScopeDispose(() => clearInterval(timer))
  return now
}
