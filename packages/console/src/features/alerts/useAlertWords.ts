import { useI18n } from 'vue-i18n'
import { useFormat } from '../../format/useFormat.ts'

/** How alerts are said. */
export function useAlertWords() {
  const { t, te } = useI18n()
  const format = useFormat()
  return {
    indicator: (indicator: string): string => (te(`alertIndicator.${indicator}`) ? t(`alertIndicator.${indicator}`) : indicator),
    value(value: unknown): string {
      if (value === null || value === undefined) return t('format.missing')
      if (typeof value === 'boolean') return t(value ? 'alert.yes' : 'alert.no')
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return /^-?\d+(\.\d+)?$/.test(text) ? format.value.number(Number(text)) : text
    },
    series: (values: readonly { readonly day: string; readonly value: number }[]): string =>
      values.map(({ day, value }) => `${format.value.date(day)} ${format.value.number(value)}`).join(', '),
  }
}
