import type { FactDefinition } from '@surety/engine'
import type { Language } from '../../i18n/index.ts'
import type { Text } from '../../i18n/useText.ts'
import { parseAmount } from '../../format/parse-amount.ts'

/** What somebody typed as a constant: the value, or why it is none. */
export type ReadConstant = { readonly value: unknown } | { readonly problem: Text }

/** `in` and `notIn` hold a list, whatever is typed: a single text there would be searched letter by letter. */
export const takesList = (operator: string): boolean => /(^|:)(in|notIn)$/.test(operator)

export function readConstant(text: string, definition: FactDefinition | undefined, isList: boolean): ReadConstant {
  if (!isList) return readOne(text.trim(), definition)
  const parts = text
    .split(/[,，、;；\n]/)
    .map(part => part.trim())
    .filter(part => part !== '')
  const values: unknown[] = []
  for (const part of parts) {
    const read = readOne(part, definition)
    if ('problem' in read) return read
    values.push(read.value)
  }
  return values.length > 0 ? { value: values } : { problem: { en: 'Write at least one value.', zh: '请至少填写一个值。' } }
}

/** A constant as it is typed: bare digits, labels of choices, commas between. */
export function writeConstant(value: unknown, definition: FactDefinition | undefined, language: Language): string {
  if (value === null || value === undefined || (typeof value === 'object' && !Array.isArray(value))) return ''
  if (Array.isArray(value)) return value.map(item => writeConstant(item, definition, language)).join(language === 'zh-CN' ? '、' : ', ')
  if (typeof value === 'boolean') return language === 'zh-CN' ? (value ? '是' : '否') : value ? 'yes' : 'no'
  return labelOf(typeof value === 'string' ? value : JSON.stringify(value), definition, language)
}

export function choicesOf(
  definition: FactDefinition | undefined,
  language: Language,
): readonly { readonly value: unknown; readonly label: string }[] {
  if (elementType(definition) === 'boolean')
    return [true, false].map(value => ({ value, label: writeConstant(value, definition, language) }))
  return (definition?.values ?? []).map(one => {
    const value = typeof one === 'string' ? one : one.value
    return { value, label: labelOf(value, definition, language) }
  })
}

function readOne(text: string, definition: FactDefinition | undefined): ReadConstant {
  switch (elementType(definition)) {
    case 'number':
    case 'integer':
    case 'percent':
      return readNumber(text, definition!)
    case 'money': {
      const amount = parseAmount(text)
      return amount === undefined
        ? { problem: { en: `“${text}” is no amount. Write it like 120000 or 12万.`, zh: `“${text}”不是金额，请按 120000 或 12万 填写。` } }
        : { value: amount }
    }
    case 'boolean': {
      const word = narrow(text).toLowerCase()
      if (['是', 'yes', 'true', '1', '真'].includes(word)) return { value: true }
      if (['否', 'no', 'false', '0', '假'].includes(word)) return { value: false }
      return { problem: { en: `“${text}” is neither yes nor no.`, zh: `“${text}”不是“是”或“否”。` } }
    }
    case 'date': {
      const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(narrow(text))
      if (!parts)
        return { problem: { en: `“${text}” is no date. Write it like 2026-03-31.`, zh: `“${text}”不是日期，请按 2026-03-31 填写。` } }
      return { value: `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}` }
    }
    case 'enum': {
      const word = narrow(text).toLowerCase()
      for (const one of definition?.values ?? []) {
        const value = typeof one === 'string' ? one : one.value
        const names = [value, ...(typeof one === 'object' && one.label ? [one.label.en, one.label.zh] : [])]
        if (names.some(name => name.toLowerCase() === word)) return { value }
      }
      const all = (language: Language): string =>
        choicesOf(definition, language)
          .map(({ label }) => label)
          .join(language === 'zh-CN' ? '、' : ', ')
      return { problem: { en: `“${text}” is none of ${all('en')}.`, zh: `“${text}”不在可选值之内：${all('zh-CN')}。` } }
    }
    default:
      // Behind a path, or a fact that nobody has declared: digits are a number, the rest is text.
      return definition === undefined && /^[+-]?\d+(\.\d+)?$/.test(narrow(text)) ? { value: Number(narrow(text)) } : { value: text }
  }
}

function readNumber(text: string, definition: FactDefinition): ReadConstant {
  const match = /^([+-]?\d+(?:\.\d+)?)(万|亿)?[\p{L}%°′]*$/u.exec(narrow(text).replaceAll(/[\s,_]/g, ''))
  if (!match) return { problem: { en: `“${text}” is no number.`, zh: `“${text}”不是数值。` } }
  const value = Number(match[1]) * (match[2] === '万' ? 1e4 : match[2] === '亿' ? 1e8 : 1)
  const { type, min, max } = definition
  if (elementType(definition) === 'integer' && !Number.isInteger(value))
    return { problem: { en: `A whole number is needed, not ${match[1]}.`, zh: `此处需要整数，而不是 ${match[1]}。` } }
  if (type !== 'list' && ((min !== undefined && value < min) || (max !== undefined && value > max))) {
    const range = `${min ?? '−∞'} … ${max ?? '∞'}`
    return { problem: { en: `${value} is outside of ${range}.`, zh: `${value} 超出范围 ${range}。` } }
  }
  return { value }
}

const elementType = (definition: FactDefinition | undefined): FactDefinition['type'] | undefined =>
  definition?.type === 'list' ? (definition.of ?? 'string') : definition?.type

function labelOf(value: string, definition: FactDefinition | undefined, language: Language): string {
  const found = definition?.values?.find(one => typeof one === 'object' && one.value === value)
  return typeof found === 'object' && found.label ? found.label[language === 'zh-CN' ? 'zh' : 'en'] : value
}

const narrow = (text: string): string => text.normalize('NFKC').replaceAll(/[−–—]/g, '-').trim()
