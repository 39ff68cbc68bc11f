import type { FactDefinition } from '../policy/document.ts'
import { narrow } from './full-width.ts'

/** What the column of a cell is about. */
export interface CellColumn {
  readonly type?: FactDefinition['type'] | undefined
  /** Names that stand for themselves: facts, outputs and lists. */
  readonly names?: ReadonlySet<string>
}

/**
 * Turns what people type into a cell into FEEL: `≥ 45`, `45..60`, `[45,60)`, `A,B`, `非 C`, `今天-90天`, `≥ 50万`,
 * full-width signs and digits. What is FEEL already stays as it is.
 */
export function normaliseCell(text: string, column: CellColumn = {}): string {
  const source = narrow(text).trim()
  if (source === '' || source === '-' || /^(any|任意|不限|全部)$/i.test(source)) return '-'
  const negated = /^(?:非|不是|不为|不等于|not\s+(?!\())\s*(.+)$/su.exec(source)
  if (negated?.[1]) return `not(${alternatives(unwrapped(negated[1]), column)})`
  return alternatives(source, column)
}

function alternatives(source: string, column: CellColumn): string {
  return splitOutside(source)
    .map(part => alternative(part.trim(), column))
    .join(', ')
}

function alternative(part: string, column: CellColumn): string {
  if (part.startsWith('"') || part === '') return part
  if (/^(空|空值|缺失|无)$/.test(part)) return 'null'
  if (column.type === 'boolean' && /^(是|真|yes|y)$/i.test(part)) return 'true'
  if (column.type === 'boolean' && /^(否|假|no|n)$/i.test(part)) return 'false'
  if (column.type === 'enum' || column.type === 'string') return textAlternative(part, column)
  return valueAlternative(part)
}

/** A bare word in a column of texts is the text. */
function textAlternative(part: string, { names }: CellColumn): string {
  const compared = /^(=|!=|≠)\s*(.+)$/su.exec(part)
  if (compared?.[1] && compared[2]) return `${compared[1] === '=' ? '=' : '!='} ${textAlternative(compared[2], names ? { names } : {})}`
  const isFeel = /["?()[\]{}<>=]/.test(part) || part === 'null' || part === 'true' || part === 'false' || names?.has(part)
  return isFeel ? part : `"${part.replaceAll('\\', '\\\\')}"`
}

function valueAlternative(part: string): string {
  const interval = /^([[(\]])\s*(.+?)\s*(?:,|\.\.|~|至|到)\s*(.+?)\s*([\])[])$/su.exec(part)
  if (interval) {
    const [, open, low, high, close] = interval as unknown as [string, string, string, string, string]
    // [45,60] is a list in FEEL: 45 or 60.
    if (open === '[' && close === ']' && part.includes(',')) return part
    return `${open}${operand(low)}..${operand(high)}${close}`
  }
  const bare = /^([^[\](){}"<>=]+?)\s*(?:\.\.|~|至|到)\s*([^[\](){}"<>=]+)$/su.exec(part)
  if (bare?.[1] && bare[2]) return `[${operand(bare[1])}..${operand(bare[2])}]`
  const compared = /^(<=|>=|!=|<|>|=|≤|≥|≠|不低于|不少于|至少|不高于|不超过|至多|大于|高于|超过|小于|低于)\s*(.+)$/su.exec(part)
  if (compared?.[1] && compared[2]) return `${COMPARATORS[compared[1]] ?? compared[1]} ${operand(compared[2])}`
  return operand(part)
}

const COMPARATORS: Readonly<Record<string, string>> = {
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  不低于: '>=',
  不少于: '>=',
  至少: '>=',
  不高于: '<=',
  不超过: '<=',
  至多: '<=',
  大于: '>',
  高于: '>',
  超过: '>',
  小于: '<',
  低于: '<',
}

/** Numbers with 万, 亿 and %, and days relative to today. */
function operand(part: string): string {
  const text = part.trim()
  const scaled = /^(-?)(\d+)(?:\.(\d+))?\s*(万|亿|%)$/.exec(text)
  if (scaled) {
    const [, sign = '', whole = '', fraction = '', unit = ''] = scaled
    return `${sign}${shifted(whole, fraction, unit === '万' ? 4 : unit === '亿' ? 8 : 0)}`
  }
  const relative = /^(?:今天|今日|today)\s*(?:([+-])\s*(\d+)\s*(天|日|周|个?月|年|d|w|m|y))?$/iu.exec(text)
  if (relative) {
    const [, sign, amount = '', unit = ''] = relative
    if (!sign) return 'today()'
    const isWeek = /^[周w]$/i.test(unit)
    return `today() ${sign} duration("P${isWeek ? Number(amount) * 7 : amount}${DURATION_UNITS[unit.toLowerCase()] ?? 'D'}")`
  }
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `date("${text}")`
  return text
}

const DURATION_UNITS: Readonly<Record<string, string>> = { 天: 'D', 日: 'D', d: 'D', 月: 'M', 个月: 'M', m: 'M', 年: 'Y', y: 'Y' }

function shifted(whole: string, fraction: string, places: number): string {
  const moved = `${whole}${fraction.slice(0, places).padEnd(places, '0')}`.replace(/^0+(?=\d)/, '')
  const rest = fraction.slice(places)
  return rest ? `${moved}.${rest}` : moved
}

/** Splits at commas, but not inside texts, brackets and intervals. */
function splitOutside(source: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < source.length; at++) {
    const char = source[at] as string
    if (char === '"') {
      at++
      while (at < source.length && source[at] !== '"') at += source[at] === '\\' ? 2 : 1
    } else if (depth === 0 && isIntervalStart(source, at)) {
      at += (INTERVAL.exec(source.slice(at))?.[0].length ?? 1) - 1
    } else if (char === '(' || char === '[' || char === '{') depth++
    else if (char === ')' || char === ']' || char === '}') depth--
    else if (char === ',' && depth === 0) {
      parts.push(source.slice(from, at))
      from = at + 1
    }
  }
  parts.push(source.slice(from))
  return parts
}

const INTERVAL = /^[[(\]][^[\](){}",]+(?:,|\.\.)[^[\](){}",]+[\])[]/

function isIntervalStart(source: string, at: number): boolean {
  const before = source.slice(0, at).trimEnd()
  return (before === '' || before.endsWith(',')) && INTERVAL.test(source.slice(at))
}

function unwrapped(text: string): string {
  return /^\((.*)\)$/s.exec(text)?.[1] ?? text
}
