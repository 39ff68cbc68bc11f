import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { isLanguage, type Language } from '../i18n/index.ts'
import { createDateFormatter, type DateFormatter } from './date.ts'
import { formatList } from './list.ts'
import { createMoneyFormatter, type MoneyFormatter } from './money.ts'
import { createNumberFormatter, type NumberFormatter } from './number.ts'

export interface Format extends NumberFormatter, MoneyFormatter, DateFormatter {
  readonly language: Language
  list(items: readonly string[], type?: 'conjunction' | 'disjunction'): string
}

/** Every figure, amount and date on screen goes through this, in the reader's language. */
export function useFormat(): ComputedRef<Format> {
  const { locale } = useI18n()
  return computed(() => formatOf(isLanguage(locale.value) ? locale.value : 'en'))
}

const made = new Map<Language, Format>()

function formatOf(language: Language): Format {
  let format = made.get(language)
  if (!format) {
    format = {
      language,
      ...createNumberFormatter(language),
      ...createMoneyFormatter(language),
      ...createDateFormatter(language),
      list: (items, type) => formatList(language, items, type),
    }
    made.set(language, format)
  }
  return format
}
