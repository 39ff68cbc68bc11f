import { inject, provide, type InjectionKey } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

/** Where a condition of a trace leads, by its JSON pointer: to the rule that asks it. */
type ConditionLink = (path: string) => RouteLocationRaw

const KEY: InjectionKey<ConditionLink> = Symbol('condition link')

export const provideConditionLink = (link: ConditionLink): void => provide(KEY, link)
export const useConditionLink = (): ConditionLink | undefined => inject(KEY, undefined)
