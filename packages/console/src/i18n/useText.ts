import { useI18n } from 'vue-i18n'

/** Words in both languages, as the server sends them. */
export interface Text {
  readonly en: string
  readonly zh: string
}

/** Picks the reader's language out of words that came in both. */
export function useText(): (text: Text | null | undefined) => string {
  const { locale } = useI18n()
  return text => (text ? (locale.value === 'zh-CN' ? text.zh : text.en) : '')
}
