import { computed, type ComputedRef } from 'vue'
import { useDraftEditor } from './usePolicyDraft.ts'

export interface Permission {
  /** Thresholds, points, amounts, outcomes. */
  readonly values: boolean
  /** Conditions, rules, rows and columns as well. */
  readonly rules: boolean
  /** Steps, facts, outputs: all there is. */
  readonly everything: boolean
}

/** What the viewer may change in the policy on the page. */
export function usePermission(): ComputedRef<Permission> {
  const { right } = useDraftEditor()
  return computed(() => ({
    values: right.value !== 'none',
    rules: right.value === 'rules' || right.value === 'everything',
    everything: right.value === 'everything',
  }))
}
