import { showValue } from '../explain/reason.ts'
import type { FactDefinition, Policy, Text, Value } from '../policy/document.ts'
import { type Language, listed, OR } from './span.ts'

/** A name as people know it. */
export function nameWords(name: string, policy: Policy, language: Language): string {
  if (name === 'outcome') return language === 'zh' ? '结果' : 'the outcome'
  return definitionOf(name, policy)?.label?.[language] ?? name
}

export function definitionOf(name: string, policy: Policy): FactDefinition | undefined {
  if (Object.hasOwn(policy.facts, name)) return policy.facts[name]
  return Object.hasOwn(policy.outputs, name) ? policy.outputs[name] : undefined
}

/** A constant, a fact or a list, as it stands in a condition or an effect. */
export function valueWords(value: unknown, definition: FactDefinition | undefined, policy: Policy, language: Language): string {
  if (value === null || value === undefined) return language === 'zh' ? '空值' : 'nothing'
  if (Array.isArray(value)) {
    const items = value.map(item => valueWords(item, definition, policy, language))
    return items.length === 0 ? (language === 'zh' ? '（空列表）' : '(an empty list)') : listed(items, OR, language)
  }
  if (typeof value === 'object') {
    const { fact, list, path } = value as { fact?: unknown; list?: unknown; path?: unknown }
    if (typeof fact === 'string') return nameWords(fact, policy, language) + (typeof path === 'string' ? ` ${path}` : '')
    if (typeof list === 'string')
      return quoted((Object.hasOwn(policy.lists ?? {}, list) ? policy.lists?.[list]?.title?.[language] : undefined) ?? list, language)
    return JSON.stringify(value)
  }
  return withUnit(showValue(value as Value, definition ?? { type: 'string' }, language), definition, language)
}

export function quoted(text: string, language: Language): string {
  return language === 'zh' ? `“${text}”` : `"${text}"`
}

const UNITS: Readonly<Record<string, Text>> = {
  day: { en: 'days', zh: '天' },
  week: { en: 'weeks', zh: '周' },
  month: { en: 'months', zh: '个月' },
  year: { en: 'years', zh: '年' },
  times: { en: 'times', zh: '次' },
  point: { en: 'points', zh: '分' },
}

function withUnit(shown: string, definition: FactDefinition | undefined, language: Language): string {
  if (definition?.type === 'percent') return `${shown}%`
  if (definition?.type === 'money') return definition.currency ? `${definition.currency} ${shown}` : shown
  if (definition?.unit === undefined) return shown
  const unit = Object.hasOwn(UNITS, definition.unit) ? UNITS[definition.unit]! : { en: definition.unit, zh: definition.unit }
  if (language === 'zh') return `${shown}${unit.zh}`
  return `${shown} ${shown === '1' && unit.en.endsWith('s') && unit.en !== 'times' ? unit.en.slice(0, -1) : unit.en}`
}
