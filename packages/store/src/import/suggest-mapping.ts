import { isCurrency } from '@surety/credit'
import { foldHeader, IMPORT_KINDS, importFields, STATEMENT_ITEMS, type ImportField, type ImportKind } from './fields.ts'
import { parseAmount } from './values/amount.ts'
import { parseDate } from './values/date.ts'
import { parseFlag } from './values/flag.ts'

/** Field → column. */
export type ImportMapping = Readonly<Record<string, string>>

export interface Suggestion {
  readonly kind: ImportKind
  readonly mapping: ImportMapping
}

/** The kind that a table most likely is, and where its fields are; undefined when its headers say nothing to us. */
export function suggestKind(columns: readonly string[], sample: readonly (readonly string[])[]): Suggestion | undefined {
  let best: (Suggestion & { score: number }) | undefined
  for (const kind of IMPORT_KINDS) {
    const mapping = suggestMapping(kind, columns, sample)
    const score = scoreOf(kind, columns, mapping)
    if (score > (best?.score ?? 0)) best = { kind, mapping, score }
  }
  return best && { kind: best.kind, mapping: best.mapping }
}

/** Where the fields of a kind are, judged by header and by what stands under it. */
export function suggestMapping(kind: ImportKind, columns: readonly string[], sample: readonly (readonly string[])[]): ImportMapping {
  const folded = columns.map(foldHeader)
  const matches = importFields(kind)
    .flatMap(field =>
      folded.flatMap((header, index) => {
        const rank = field.synonyms.indexOf(header)
        return rank === -1 ||
          !looksRight(
            field,
            sample.map(cells => cells[index] ?? ''),
          )
          ? []
          : [{ field, index, rank }]
      }),
    )
    .toSorted((left, right) => Number(right.field.isRequired) - Number(left.field.isRequired) || left.rank - right.rank)
  const mapping: Record<string, string> = {}
  const taken = new Set<number>()
  for (const { field, index } of matches) {
    if (mapping[field.key] !== undefined || taken.has(index)) continue
    mapping[field.key] = columns[index]!
    taken.add(index)
  }
  return mapping
}

// A column is worth more to a kind the better its header names that kind's field and the fewer kinds know it.
function scoreOf(kind: ImportKind, columns: readonly string[], mapping: ImportMapping): number {
  const fields = importFields(kind)
  let score = 0
  for (const field of fields) {
    const column = mapping[field.key]
    if (column === undefined) {
      if (field.isRequired) score -= 3
      continue
    }
    const header = foldHeader(column)
    const knownTo = IMPORT_KINDS.filter(other => importFields(other).some(({ synonyms }) => synonyms.includes(header))).length
    const isFirstChoice = field.synonyms.indexOf(header) < 3
    score += (field.isRequired ? 1.5 : 1) * (isFirstChoice ? 1.2 : 1) * (1 + 2 / knownTo)
  }
  if (kind === 'statements' && !STATEMENT_ITEMS.some(({ key }) => mapping[key] !== undefined)) return 0
  return score / Math.sqrt(columns.length + 4)
}

function looksRight(field: ImportField, values: readonly string[]): boolean {
  const filled = values
    .map(value => value.trim())
    .filter(value => value !== '')
    .slice(0, 100)
  if (filled.length === 0) return true
  const test = TESTS[field.type]
  return filled.filter(test).length >= filled.length / 2
}

const TESTS: Readonly<Record<ImportField['type'], (value: string) => boolean>> = {
  identifier: () => true,
  text: () => true,
  date: value => parseDate(value, undefined).kind !== 'not-a-date',
  amount: value => parseAmount(value, '.') !== undefined || parseAmount(value, ',') !== undefined,
  currency: value => /^[a-z]{3}$/i.test(value) || isCurrency(value) || /元|人民币/.test(value),
  flag: value => parseFlag(value) !== undefined,
  country: value => /^[a-z]{2}$/i.test(value),
  integer: value => /^\d{1,4}(\.0+)?$/.test(value),
}
