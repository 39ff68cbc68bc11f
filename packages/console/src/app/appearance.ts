import { ref, watch, type Ref } from 'vue'
import { isLanguage, speak, type Language } from '../i18n/index.ts'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]
export const DENSITIES = ['compact', 'comfortable'] as const

/** How the console looks to this reader. Kept in the browser, so that the first paint is right; `public/appearance.js` reads the same names. */
export const theme = kept('theme', 'system', oneOf(THEMES))
export const density = kept('density', 'compact', oneOf(DENSITIES))
export const isRailFolded = kept('rail', 'open', oneOf(['open', 'folded']))
/** Single-letter shortcuts can be switched off for those who dictate or use a screen reader. */
export const letterShortcuts = kept('shortcuts', 'on', oneOf(['on', 'off']))
export const language = kept<Language>('language', browserLanguage(), value => (isLanguage(value) ? value : undefined))

/** Keeps `<html>` in step with what was chosen; call once. */
export async function applyAppearance(): Promise<void> {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const paint = (): void => {
    const isDark = theme.value === 'dark' || (theme.value === 'system' && system.matches)
    document.documentElement.classList.toggle('dark', isDark)
  }
  system.addEventListener('change', paint)
  watch(theme, paint, { immediate: true })
  watch(density, value => void (document.documentElement.dataset['density'] = value), { immediate: true })
  watch(language, value => void speak(value))
  await speak(language.value)
}

/** Takes over what the server remembers of this person; what it does not know stays as it is here. */
export function adoptPreferences(remembered: { readonly language: string; readonly preferences: unknown }): void {
  const preferences = (remembered.preferences ?? {}) as Readonly<Record<string, unknown>>
  const chosenTheme = oneOf(THEMES)(preferences['theme'])
  const chosenDensity = oneOf(DENSITIES)(preferences['density'])
  if (chosenTheme) theme.value = chosenTheme
  if (chosenDensity) density.value = chosenDensity
  if (isLanguage(preferences['language'])) language.value = preferences['language']
}

function kept<T extends string>(name: string, otherwise: T, parse: (value: unknown) => T | undefined): Ref<T> {
  const value = ref(parse(read(name)) ?? otherwise) as Ref<T>
  watch(value, now => {
    try {
      localStorage.setItem(`surety.${name}`, now)
    } catch {
      // A browser that keeps nothing still shows everything.
    }
  })
  return value
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(`surety.${name}`)
  } catch {
    return null
  }
}

function oneOf<const T extends string>(values: readonly T[]): (value: unknown) => T | undefined {
  return value => (values.includes(value as T) ? (value as T) : undefined)
}

function browserLanguage(): Language {
  return navigator.languages.some(name => name.startsWith('zh')) ? 'zh-CN' : 'en'
}
