import { createI18n, type I18n } from 'vue-i18n'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const isLanguage = (value: unknown): value is Language => LANGUAGES.includes(value as Language)

/** Messages are loaded with the language that is spoken; the other one costs nothing until it is chosen. */
const MESSAGES: Readonly<Record<Language, () => Promise<{ readonly default: Record<string, object> }>>> = {
  'zh-CN': () => import('./zh-CN/index.ts'),
  en: () => import('./en/index.ts'),
}

export const i18n: I18n<Record<string, unknown>, Record<string, unknown>, Record<string, unknown>, string, false> = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: [],
  missingWarn: false,
  fallbackWarn: false,
  warnHtmlMessage: false,
  messages: {},
})

/** Speaks this language from now on: messages, `<html lang>`, formats. */
export async function speak(language: Language): Promise<void> {
  const { global } = i18n
  if (!global.availableLocales.includes(language)) {
    const messages = await MESSAGES[language]()
    global.setLocaleMessage(language, messages.default)
  }
  global.locale.value = language
  document.documentElement.lang = language
}
