import type { Frame } from '../frame.ts'
import type { Reason } from '../policy/decision.ts'
import type { FactDefinition, ReasonDefinition, Text, Value } from '../policy/document.ts'
import type { Scope } from '../scope.ts'

/** Makes a reason for a decision; its `{fact}` placeholders are filled from the frame. */
export interface ReasonTemplate {
  (frame: Frame): Reason
}

export interface ReasonPlace {
  readonly path: string
  readonly step: string
  readonly adverse: boolean
  /** Used when the definition has none. */
  readonly weight?: number
}

/** Prepares a reason once, so that the common one, without placeholders, costs nothing per decision. */
export function reasonTemplate(definition: ReasonDefinition, place: ReasonPlace, scope: Scope): ReasonTemplate {
  const make = (text: Text): Reason =>
    Object.freeze({
      code: definition.code,
      text: Object.freeze(text),
      path: place.path,
      step: place.step,
      weight: definition.weight ?? place.weight ?? 0,
      adverse: place.adverse,
    })
  const en = textTemplate(definition.text.en, scope, 'en')
  const zh = textTemplate(definition.text.zh, scope, 'zh')
  if (typeof en === 'string' && typeof zh === 'string') {
    const reason = make({ en, zh })
    return () => reason
  }
  return frame => make({ en: typeof en === 'string' ? en : en(frame), zh: typeof zh === 'string' ? zh : zh(frame) })
}

/** Names in `{}` that are neither fact nor output. */
export function unknownPlaceholders(text: Text, scope: Scope): readonly string[] {
  const names = new Set<string>()
  for (const words of [text.en, text.zh]) for (const [, name] of words.matchAll(PLACEHOLDER)) if (!scope.find(name!)) names.add(name!)
  return [...names]
}

/** Adverse first, then by weight; equals keep the order in which they were given. */
export function rankReasons(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.length < 2 ? reasons : reasons.toSorted((a, b) => Number(b.adverse) - Number(a.adverse) || b.weight - a.weight)
}

/** A value for people to read. */
export function showValue(value: Value | undefined, definition: FactDefinition, language: keyof Text): string {
  if (value === undefined || value === null) return '—'
  if (Array.isArray(value)) return value.map((item: Value) => showValue(item, definition, language)).join(language === 'zh' ? '、' : ', ')
  if (typeof value === 'boolean') return language === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no'
  if (definition.type === 'money' && (typeof value === 'string' || typeof value === 'number')) return groupDigits(String(value))
  if (typeof value === 'string') {
    const known = definition.values?.find(item => typeof item === 'object' && item.value === value)
    return typeof known === 'object' && known.label ? known.label[language] : value
  }
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** `1074765.00` as `1,074,765`: minor units only where there are any. */
function groupDigits(amount: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount)
  if (!parts) return amount
  const [, sign, whole, fraction] = parts
  const minor = fraction && /[1-9]/.test(fraction) ? `.${fraction}` : ''
  return `${sign}${whole!.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${minor}`
}

const PLACEHOLDER = /\{([^{}]+)\}/g

function textTemplate(words: string, scope: Scope, language: keyof Text): string | ((frame: Frame) => string) {
  const parts = words.split(PLACEHOLDER)
  if (parts.length === 1) return words
  return frame =>
    parts
      .map((part, index) => {
        if (index % 2 === 0) return part
        const name = scope.find(part)
        return name ? showValue(frame.present(name.slot), name.definition, language) : `{${part}}`
      })
      .join('')
}
