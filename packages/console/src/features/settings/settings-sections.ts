import { defineAsyncComponent, type Component } from 'vue'
import type { Scope } from '../session/session.ts'
import AppearanceSection from './AppearanceSection.vue'
import ProfileSection from './ProfileSection.vue'
import ShortcutSection from './ShortcutSection.vue'

interface SettingsSection {
  /** In the address, and its message key: `settings.<name>`. */
  readonly name: string
  readonly component: Component
  /** Needed to see it. */
  readonly scope?: Scope
}

/** One's own first, then those of the house. */
export const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  { name: 'profile', component: ProfileSection },
  { name: 'appearance', component: AppearanceSection },
  { name: 'shortcuts', component: ShortcutSection },
  { name: 'substitution', component: defineAsyncComponent(() => import('../substitution/SubstitutionSection.vue')) },
  { name: 'calendars', component: defineAsyncComponent(() => import('../substitution/CalendarSection.vue')) },
  { name: 'users', component: defineAsyncComponent(() => import('./UserSection.vue')), scope: 'instance.administer' },
]
