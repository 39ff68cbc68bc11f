import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFormat } from '../../format/useFormat.ts'
import type { TaskQuery } from '../../graphql/generated/graphql.ts'
import { readScaled, writeScaled } from '../applications/scaled-amount.ts'

export type OpenTask = NonNullable<TaskQuery['task']>

export interface Grant {
  readonly limitText: Ref<string>
  readonly termsText: Ref<string>
  /** What is typed, exactly; undefined while it is none. */
  readonly limit: ComputedRef<string | undefined>
  readonly termsDays: ComputedRef<number | null | undefined>
  readonly limitProblem: ComputedRef<string | undefined>
  readonly termsProblem: ComputedRef<string | undefined>
  /** More than the policies recommend: takes a reason. */
  readonly isOverride: ComputedRef<boolean>
  /** Only what differs from what would be granted anyway. */
  readonly changes: ComputedRef<{ readonly limit?: string; readonly termsDays?: number }>
}

/** Kinds of which less than was asked may be granted. */
export const GRADED_KINDS: ReadonlySet<OpenTask['kind']> = new Set(['CREDIT_APPLICATION', 'LIMIT_CHANGE', 'TEMPORARY_LIMIT'])

/** What an approver is about to grant: what was recommended or already cut, until they type something else. */
export function useGrant(task: () => OpenTask): Grant {
  const { t } = useI18n()
  const format = useFormat()

  const standard = computed(() => {
    const { application, amount } = task()
    if (!application) return { limit: amount?.amount ?? '', termsDays: null }
    const { approvedLimit, recommendedLimit, approvedTermsDays, recommendedTermsDays, requestedTermsDays } = application
    return {
      limit: (approvedLimit ?? recommendedLimit ?? amount)?.amount ?? '',
      termsDays: approvedTermsDays ?? recommendedTermsDays ?? requestedTermsDays,
    }
  })
  const longest = computed(() => {
    const { application } = task()
    return Math.max(application?.requestedTermsDays ?? 0, application?.recommendedTermsDays ?? 0)
  })

  const limitText = ref('')
  const termsText = ref('')
  const limit = computed(() => readScaled(limitText.value, format.value.language))
  const termsDays = computed(() => {
    const text = termsText.value.normalize('NFKC').trim()
    if (text === '') return null
    return /^\d{1,3}$/.test(text) ? Number(text) : undefined
  })
  const write = (amount: string): string => (amount === '' ? '' : format.value.number(writeScaled(amount, format.value.language), 6))

  // What an earlier level granted may arrive while this is open; what was typed here stays.
  watch(
    standard,
    (now, before) => {
      if (!before || limit.value === undefined || Number(limit.value) === Number(before.limit)) limitText.value = write(now.limit)
      if (!before || termsDays.value === before.termsDays) termsText.value = now.termsDays === null ? '' : String(now.termsDays)
    },
    { immediate: true },
  )
  watch(
    () => format.value.language,
    (_, before) => {
      const amount = readScaled(limitText.value, before)
      if (amount !== undefined) limitText.value = write(amount)
    },
  )

  return {
    limitText,
    termsText,
    limit,
    termsDays,
    limitProblem: computed(() => {
      const { amount, kind } = task()
      if (!amount || !GRADED_KINDS.has(kind)) return undefined
      if (limit.value === undefined) return t('task.limitUnreadable')
      if (Number(limit.value) <= 0) return t('task.limitZero')
      return Number(limit.value) > Number(amount.amount)
        ? t('task.limitTooHigh', { most: format.value.compactMoney(amount.amount, amount.currency) })
        : undefined
    }),
    termsProblem: computed(() => {
      if (!task().application) return undefined
      if (termsDays.value === undefined) return t('task.termsUnreadable')
      return longest.value > 0 && (termsDays.value ?? 0) > longest.value ? t('task.termsTooLong', { most: longest.value }) : undefined
    }),
    isOverride: computed(() => {
      const recommended = task().application?.recommendedLimit
      return recommended !== null && recommended !== undefined && Number(limit.value) > Number(recommended.amount)
    }),
    changes: computed(() => ({
      ...(GRADED_KINDS.has(task().kind) &&
        limit.value !== undefined &&
        Number(limit.value) !== Number(standard.value.limit) && { limit: limit.value }),
      ...(typeof termsDays.value === 'number' && termsDays.value !== standard.value.termsDays && { termsDays: termsDays.value }),
    })),
  }
}
