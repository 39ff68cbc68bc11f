import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useNow } from '../../composables/useNow.ts'
import { isoDay } from '../../format/date.ts'
import { useFormat } from '../../format/useFormat.ts'
import type { TaskOutcome } from '../../graphql/generated/graphql.ts'
import { addMonths } from '../applications/add-months.ts'
import { useReadDecision } from '../applications/reviewed.ts'
import type { Grant, OpenTask } from './useGrant.ts'

/** What comes of a decision, said before it is made. */
export function useConsequence(task: () => OpenTask, grant: Grant): (outcome: TaskOutcome) => string {
  const { t } = useI18n()
  const format = useFormat()
  const now = useNow()
  const { result } = useReadDecision(() => task().application?.recommendation)

  const limitNow = computed(() => {
    const account = task().application?.account
    if (!account) return t('format.missing')
    return account.limitKind === 'AMOUNT' ? format.value.compact(account.limit?.amount) : t(`limitKind.${account.limitKind}`)
  })
  const granted: ComputedRef<string> = computed(() => {
    const amount = grant.limit.value ?? task().amount?.amount
    return amount === undefined ? '' : format.value.compact(amount)
  })

  function onApproval(): string {
    const { level, levelCount, application, kind, needed, votes } = task()
    const given = votes.filter(({ outcome }) => outcome === 'APPROVE').length
    if (given + 1 < needed) return t('task.afterVote', { count: given + 1, needed })
    if (level < levelCount) return t('task.afterLevel', { level: level + 1, count: levelCount, to: granted.value })
    if (!application) return t(`taskAfter.${kind}`, { amount: granted.value })
    const terms = grant.termsDays.value ?? undefined
    const words = { from: limitNow.value, to: granted.value, terms: terms === undefined ? t('format.missing') : format.value.number(terms) }
    const months = result.value.outputs['validMonths']
    return typeof months === 'number'
      ? t('task.afterApproveUntil', { ...words, day: format.value.date(addMonths(isoDay(now.value), months)) })
      : t('task.afterApprove', words)
  }

  return outcome => {
    if (outcome === 'REJECT') return task().application ? t('task.afterReject', { limit: limitNow.value }) : t('task.afterRejectMatter')
    if (outcome === 'RETURN') return t('task.afterReturn', { maker: task().maker.name })
    return onApproval()
  }
}
