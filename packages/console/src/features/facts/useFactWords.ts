import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useFormat } from '../../format/useFormat.ts'
import type { Text } from '../../i18n/useText.ts'

/** What is known of a fact besides its value: the dictionary's definition, or the policy's. */
export interface FactShape {
  readonly type?: string
  readonly unit?: string | null
  readonly currency?: string | null
  readonly values?: readonly (string | { readonly value: string; readonly label?: Text })[]
}

export interface FactWords {
  /** A value as a reader reads it: money with its currency, days with their unit, enums by their label. */
  value(value: unknown, shape?: FactShape): string
}

export function useFactWords(): ComputedRef<FactWords> {
  const { t, te, locale } = useI18n()
  const format = useFormat()

  return computed(() => {
    const unitOf = ({ unit: own, type }: FactShape, value: number): string => {
      // What is counted happens so many times; what is measured is so many times another.
      const unit = own === 'times' && type === 'integer' ? 'occurrence' : own
      return unit && te(`unit.${unit}`)
        ? t(`unit.${unit}`, { value: format.value.number(value, 4) }, value)
        : `${format.value.number(value, 4)}${unit ? ` ${unit}` : ''}`
    }
    const labelOf = (value: string, { values }: FactShape): string => {
      const found = values?.find(one => typeof one === 'object' && one.value === value)
      return typeof found === 'object' && found.label ? (locale.value === 'zh-CN' ? found.label.zh : found.label.en) : value
    }
    const write = (value: unknown, shape: FactShape = {}): string => {
      if (value === null || value === undefined) return t('format.missing')
      if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no')
      if (Array.isArray(value)) return value.map(item => write(item, shape)).join(locale.value === 'zh-CN' ? '、' : ', ')
      if (shape.type === 'money' && (typeof value === 'string' || typeof value === 'number'))
        return shape.currency ? format.value.money(value, shape.currency) : format.value.number(value, { exactly: 2 })
      if (shape.type === 'percent' && (typeof value === 'string' || typeof value === 'number')) return `${format.value.number(value, 2)}%`
      if (typeof value === 'number') return unitOf(shape, value)
      if (typeof value === 'string')
        return shape.type === 'number' || shape.type === 'integer' ? unitOf(shape, Number(value)) : labelOf(value, shape)
      return JSON.stringify(value)
    }
    return { value: write }
  })
}
