import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Happening } from '../../components/TimelineList.vue'
import { useFormat } from '../../format/useFormat.ts'

export interface Entry {
  readonly id: string
  readonly at: string
  readonly actor: { readonly name: string } | null
  readonly actorKind: string
  readonly action: string
  readonly entity: string
  readonly entityId: string
  readonly reason: string | null
  readonly before: unknown
  readonly after: unknown
}

export interface ChangeLine {
  readonly field: string
  readonly before: string | undefined
  readonly after: string | undefined
}

export interface AuditWords {
  who(entry: Entry): string
  /** What was done, in a few words. */
  what(entry: Entry): string
  /** Field by field, before → after; what did not change is left out. */
  changes(entry: Entry): ChangeLine[]
  happening(entry: Entry): Happening
}

/** Turns the log into sentences. An action or field without words of its own is shown by its code, never hidden. */
export function useAuditWords(): ComputedRef<AuditWords> {
  const { t, te } = useI18n()
  const format = useFormat()

  return computed(() => {
    const who = ({ actor, actorKind }: Entry): string =>
      actor?.name ?? (te(`auditActor.${actorKind}`) ? t(`auditActor.${actorKind}`) : actorKind)
    const what = (entry: Entry): string => {
      const name = te(`auditAction.${entry.action}`) ? t(`auditAction.${entry.action}`) : entry.action
      const detail = detailOf(entry)
      return detail ? `${name} ${detail}` : name
    }
    const detailOf = ({ action, before, after }: Entry): string => {
      const was = fields(before)
      const is = fields(after)
      const currency = word(is['currency']) || word(was['currency'])
      if (action === 'limit.set') return `${amountOf(was['amount'])} → ${amountOf(is['amount'])}`
      if (action === 'account.grade') return `${plain(was['grade'])} → ${plain(is['grade'])}`
      if (action === 'application.submit' || action === 'application.resubmit')
        return amountOf(is['requestedLimit'] ?? is['amount'], currency)
      if (action === 'application.approve') return amountOf(is['approvedLimit'], currency)
      if (action.startsWith('task.') && is['level'] !== undefined) return t('audit.level', { level: plain(is['level']) })
      return ''
    }
    const amountOf = (value: unknown, currency = ''): string => {
      const money = fields(value)
      const amount = word(value) || word(money['amount'])
      if (amount === '') return t('format.missing')
      const unit = word(money['currency']) || currency
      return unit ? format.value.compactMoney(amount, unit) : format.value.compact(amount)
    }
    const plain = (value: unknown): string => {
      if (value === null || value === undefined || value === '') return t('format.missing')
      if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no')
      if (typeof value === 'number') return format.value.number(value, 4)
      if (typeof value === 'string') {
        if (/^-?\d+\.\d{2,}$/.test(value)) return format.value.number(value, { exactly: 2 })
        if (/^\d{4}-\d\d-\d\dT/.test(value)) return format.value.dateTime(value)
        return te(`auditValue.${value}`) ? t(`auditValue.${value}`) : value
      }
      if (Array.isArray(value))
        return value.every(item => typeof item !== 'object') ? format.value.list(value.map(plain)) : JSON.stringify(value)
      const money = fields(value)
      if ('amount' in money && 'currency' in money) return format.value.money(String(money['amount']), String(money['currency']))
      return JSON.stringify(value)
    }
    const changes = ({ before, after }: Entry): ChangeLine[] => {
      const was = fields(before)
      const is = fields(after)
      return [...new Set([...Object.keys(was), ...Object.keys(is)])]
        .filter(key => !(key in was && key in is) || JSON.stringify(was[key]) !== JSON.stringify(is[key]))
        .map(key => ({
          field: te(`auditField.${key}`) ? t(`auditField.${key}`) : key,
          before: key in was ? plain(was[key]) : undefined,
          after: key in is ? plain(is[key]) : undefined,
        }))
    }
    return {
      who,
      what,
      changes,
      happening: entry => ({
        id: entry.id,
        at: entry.at,
        icon: iconOf(entry.action),
        who: who(entry),
        text: what(entry),
        detail: entry.reason ?? undefined,
      }),
    }
  })
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}

/** A text or a number as it was written; anything else is nothing to read. */
const word = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

function iconOf(action: string): string {
  const [noun = ''] = action.split('.')
  return ICONS[action] ?? ICONS[noun] ?? 'i-lucide-circle-dot'
}

const ICONS: Readonly<Record<string, string>> = {
  application: 'i-lucide-file-pen-line',
  'application.approve': 'i-lucide-circle-check',
  'application.reject': 'i-lucide-circle-x',
  task: 'i-lucide-square-check',
  limit: 'i-lucide-gauge',
  account: 'i-lucide-chart-column',
  decision: 'i-lucide-scale',
  policy: 'i-lucide-scale',
  import: 'i-lucide-upload',
  user: 'i-lucide-user',
  session: 'i-lucide-log-in',
  apiKey: 'i-lucide-key-round',
  document: 'i-lucide-file-text',
  payment: 'i-lucide-banknote',
  dispute: 'i-lucide-flag',
  promise: 'i-lucide-handshake',
  statement: 'i-lucide-file-chart-column',
  segment: 'i-lucide-layers',
  exchangeRates: 'i-lucide-arrow-left-right',
}
