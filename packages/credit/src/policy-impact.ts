import {
  columnsFromRows,
  countBits,
  createKernel,
  hasBit,
  OUTCOMES,
  pointer,
  sentenceOfRow,
  sentenceOfRule,
  type Column,
  type ColumnResult,
  type CompiledPolicy,
  type Decision,
  type Facts,
  type Language,
  type Outcome,
  type Policy,
  type Span,
  type Text,
  type Value,
} from '@surety/engine'
import { GRADES } from './grades.ts'
import { Decimal } from './money.ts'

/** Somebody or something that both versions decide about. */
export interface ImpactSubject {
  readonly facts: Facts
  /** What is at stake with it, in the currency of the comparison. */
  readonly exposure: string
}

export interface Counted {
  readonly count: number
  readonly exposure: string
}

/** What a draft would decide beside the version in force, over the same facts. */
export interface ImpactSummary {
  readonly currency: string
  readonly total: number
  /** Another outcome or another output. */
  readonly moved: number
  readonly movedShare: number
  readonly movedExposure: string
  readonly loosened: number
  readonly loosenedShare: number
  readonly tightened: number
  /** Every pair of outcomes that occurs. */
  readonly matrix: readonly (Counted & { readonly before: Outcome; readonly after: Outcome })[]
  readonly outputs: readonly OutputDistribution[]
  /** How often each rule and row fires, by its place in the document. */
  readonly hits: { readonly before: Readonly<Record<string, number>>; readonly after: Readonly<Record<string, number>> }
  /** How many could not be judged for want of a fact. */
  readonly unknown: { readonly before: number; readonly after: number }
}

export type OutputDistribution =
  | {
      readonly kind: 'categories'
      readonly name: string
      readonly label: Text
      readonly categories: readonly { readonly value: string; readonly before: Counted; readonly after: Counted }[]
    }
  | {
      readonly kind: 'numbers'
      readonly name: string
      readonly label: Text
      readonly before: NumberSummary
      readonly after: NumberSummary
      readonly bins: readonly { readonly from: number; readonly to: number; readonly before: number; readonly after: number }[]
    }

export interface NumberSummary {
  readonly count: number
  readonly sum: number
  readonly mean: number
  readonly median: number
}

/** One whom the draft decides differently. */
export interface ImpactMove {
  /** Place among the subjects. */
  readonly index: number
  readonly before: MovedSide
  readonly after: MovedSide
  readonly why: ImpactReason | null
}

export interface MovedSide {
  readonly outcome: Outcome
  readonly outputs: Readonly<Record<string, Value>>
}

/** The first rule, row, bin or formula that comes out differently. */
export interface ImpactReason {
  /** In the draft; in the version before it where the draft has no such place. */
  readonly path: string
  readonly isInDraft: boolean
  readonly text: Text
}

const BINS = 20
/** Of so many it is told who they are and why. */
const TOLD = 200

/** Decides about everybody by both versions, in columns, and counts; the weightiest of those that move are decided again to find out why. */
export function comparePolicies(
  before: CompiledPolicy,
  after: CompiledPolicy,
  subjects: readonly ImpactSubject[],
  currency: string,
): { readonly summary: ImpactSummary; readonly moves: readonly ImpactMove[] } {
  const facts = subjects.map(subject => subject.facts)
  const left = createKernel(before, columnsFromRows(before.policy, facts)).run()
  const right = createKernel(after, columnsFromRows(after.policy, facts)).run()
  const exposures = subjects.map(({ exposure }) => new Decimal(exposure))
  const names = Object.keys(after.policy.outputs).filter(name => Object.hasOwn(before.policy.outputs, name))
  const readers = names.map(name => [name, readerOf(left.outputs[name]), readerOf(right.outputs[name])] as const)

  const moved: number[] = []
  let movedExposure = new Decimal(0)
  let loosened = 0
  let tightened = 0
  const matrix = new Map<string, { count: number; exposure: Decimal }>()
  for (let row = 0; row < subjects.length; row += 1) {
    const cell = `${left.outcomes[row]} ${right.outcomes[row]}`
    const sum = matrix.get(cell) ?? { count: 0, exposure: new Decimal(0) }
    matrix.set(cell, { count: sum.count + 1, exposure: sum.exposure.plus(exposures[row]!) })
    if (left.outcomes[row] === right.outcomes[row] && readers.every(([, a, b]) => a(row) === b(row))) continue
    moved.push(row)
    movedExposure = movedExposure.plus(exposures[row]!)
    const direction = leniency(row, left, right, readers)
    if (direction > 0) loosened += 1
    else if (direction < 0) tightened += 1
  }
  const share = (count: number): number => (subjects.length === 0 ? 0 : Math.round((count / subjects.length) * 10_000) / 100)
  const summary: ImpactSummary = {
    currency,
    total: subjects.length,
    moved: moved.length,
    movedShare: share(moved.length),
    movedExposure: movedExposure.toFixed(2),
    loosened,
    loosenedShare: share(loosened),
    tightened,
    matrix: [...matrix].map(([cell, { count, exposure }]) => {
      const [a, b] = cell.split(' ').map(Number) as [number, number]
      return { before: OUTCOMES[a]!, after: OUTCOMES[b]!, count, exposure: exposure.toFixed(2) }
    }),
    outputs: names.flatMap(name => distributionOf(name, after.policy, left.outputs[name], right.outputs[name], exposures)),
    hits: { before: hitsOf(left), after: hitsOf(right) },
    unknown: { before: countBits(left.unknown), after: countBits(right.unknown) },
  }
  const weightiest = moved.toSorted((a, b) => exposures[b]!.comparedTo(exposures[a]!) || a - b).slice(0, TOLD)
  return { summary, moves: weightiest.map(index => explainMove(before, after, facts[index]!, index)) }
}

type Reader = (row: number) => string | number | boolean | null

function readerOf(column: Column | undefined): Reader {
  if (column === undefined) return () => null
  const isThere = 'valid' in column && column.valid ? (row: number): boolean => hasBit(column.valid!, row) : (): boolean => true
  switch (column.kind) {
    case 'number':
      return row => (isThere(row) && !Number.isNaN(column.values[row]!) ? column.values[row]! : null)
    case 'boolean':
      return row => (isThere(row) ? hasBit(column.bits, row) : null)
    case 'code':
      return row => (isThere(row) ? (column.dictionary[column.codes[row]!] ?? null) : null)
    case 'value':
      return row => (column.values[row] === null || column.values[row] === undefined ? null : JSON.stringify(column.values[row]))
  }
}

/** Above zero: kinder than before. */
function leniency(row: number, left: ColumnResult, right: ColumnResult, readers: readonly (readonly [string, Reader, Reader])[]): number {
  const byOutcome = left.outcomes[row]! - right.outcomes[row]!
  if (byOutcome !== 0) return byOutcome
  for (const [name, a, b] of readers) {
    const [was, is] = [a(row), b(row)]
    if (was === is) continue
    if (name === 'grade') return GRADES.indexOf(was as never) - GRADES.indexOf(is as never)
    if (name === 'limit' || name === 'newLimit' || name === 'limitFactor') return Number(is ?? 0) - Number(was ?? 0)
    if (name === 'action' || name === 'severity') return STRICTNESS.indexOf(String(was)) - STRICTNESS.indexOf(String(is))
  }
  return 0
}

const STRICTNESS = [
  'none',
  'release',
  'raise',
  'keep',
  'warn',
  'wait',
  'courtesy',
  'remind',
  'lower',
  'critical',
  'hold',
  'final',
  'suspend',
]

function distributionOf(
  name: string,
  policy: Policy,
  left: Column | undefined,
  right: Column | undefined,
  exposures: readonly Decimal[],
): OutputDistribution[] {
  const { type, label = { en: name, zh: name }, values } = policy.outputs[name]!
  if (!left || !right) return []
  const [a, b] = [readerOf(left), readerOf(right)]
  if (type === 'enum' || type === 'boolean') {
    const known = (values ?? []).map(value => (typeof value === 'string' ? value : value.value))
    const counted = new Map<string, { before: [number, Decimal]; after: [number, Decimal] }>(
      known.map(value => [value, { before: [0, new Decimal(0)], after: [0, new Decimal(0)] }]),
    )
    const add = (side: 'before' | 'after', value: ReturnType<Reader>, exposure: Decimal): void => {
      const key = value === null ? '' : String(value)
      const entry = counted.get(key) ?? { before: [0, new Decimal(0)], after: [0, new Decimal(0)] }
      entry[side] = [entry[side][0] + 1, entry[side][1].plus(exposure)]
      counted.set(key, entry)
    }
    for (const [row, exposure] of exposures.entries()) {
      add('before', a(row), exposure)
      add('after', b(row), exposure)
    }
    const toCounted = ([count, exposure]: [number, Decimal]): Counted => ({ count, exposure: exposure.toFixed(2) })
    return [
      {
        kind: 'categories',
        name,
        label,
        categories: [...counted].map(([value, sides]) => ({ value, before: toCounted(sides.before), after: toCounted(sides.after) })),
      },
    ]
  }
  if (left.kind !== 'number' || right.kind !== 'number' || type === 'date') return []
  const numbers = (read: Reader): number[] =>
    exposures.flatMap((_, row) => {
      const value = read(row)
      return typeof value === 'number' ? [value] : []
    })
  const [was, is] = [numbers(a), numbers(b)]
  return [{ kind: 'numbers', name, label, before: summaryOf(was), after: summaryOf(is), bins: binsOf(was, is) }]
}

function summaryOf(values: readonly number[]): NumberSummary {
  const sum = values.reduce((total, value) => total + value, 0)
  const ordered = values.toSorted((a, b) => a - b)
  return {
    count: values.length,
    sum,
    mean: values.length === 0 ? 0 : sum / values.length,
    median: ordered[Math.floor(values.length / 2)] ?? 0,
  }
}

function binsOf(was: readonly number[], is: readonly number[]): { from: number; to: number; before: number; after: number }[] {
  let [from, to] = [Infinity, -Infinity]
  for (const values of [was, is])
    for (const value of values) {
      from = Math.min(from, value)
      to = Math.max(to, value)
    }
  if (from > to) return []
  const width = to > from ? (to - from) / BINS : 1
  const bins = Array.from({ length: to > from ? BINS : 1 }, (_, index) => ({
    from: from + index * width,
    to: from + (index + 1) * width,
    before: 0,
    after: 0,
  }))
  const place = (value: number): number => Math.min(bins.length - 1, Math.floor((value - from) / width))
  for (const value of was) bins[place(value)]!.before += 1
  for (const value of is) bins[place(value)]!.after += 1
  return bins
}

function hitsOf(result: ColumnResult): Record<string, number> {
  return Object.fromEntries(Object.entries(result.hits).map(([path, bits]) => [path, countBits(bits)]))
}

function explainMove(before: CompiledPolicy, after: CompiledPolicy, facts: Facts, index: number): ImpactMove {
  const [was, is] = [before.decide(facts, { trace: true }), after.decide(facts, { trace: true })]
  const side = ({ outcome, outputs }: Decision): MovedSide => ({ outcome, outputs })
  return { index, before: side(was), after: side(is), why: firstDifference(before.policy, after.policy, was, is) }
}

interface Place {
  /** Says the same in both versions. */
  readonly key: string
  readonly path: string
  readonly result: string
}

/** Walks both traces in the order of the draft: the first place that one of them has and the other has not, or that came out differently. */
function firstDifference(before: Policy, after: Policy, was: Decision, is: Decision): ImpactReason | null {
  const [olds, news] = [placesOf(was), placesOf(is)]
  const known = new Map(olds.map(place => [place.key, place]))
  const left = new Set(news.map(({ key }) => key))
  for (const place of news) {
    const old = known.get(place.key)
    if (old?.result === place.result || (old === undefined && place.result === IDLE)) continue
    return { path: place.path, isInDraft: true, text: wordsOf(after, place.path) }
  }
  const gone = olds.find(({ key, result }) => !left.has(key) && result !== IDLE)
  return gone ? { path: gone.path, isInDraft: false, text: wordsOf(before, gone.path) } : null
}

const IDLE = 'false'

function placesOf({ trace }: Decision): Place[] {
  return (trace?.steps ?? []).flatMap((step): Place[] => {
    switch (step.kind) {
      case 'rules':
        return step.rules.map(({ id, path, result }) => ({ key: `${step.id}/${id}`, path, result: result === 'skipped' ? IDLE : result }))
      case 'table':
        return step.rows.map(({ id, path }) => ({
          key: `${step.id}/${id}`,
          path,
          result: step.hits.includes(id) ? `true ${JSON.stringify(step.wrote)}` : IDLE,
        }))
      case 'scorecard':
        return step.lines.map(line => ({ key: `${step.id}/${line.characteristic}`, path: line.path, result: `${line.bin} ${line.score}` }))
      case 'formula':
        return step.expressions.map(({ id, path, result }) => ({ key: `${step.id}/${id}`, path, result: JSON.stringify(result) ?? '' }))
      case 'decision':
        return [{ key: step.id, path: step.path, result: JSON.stringify(step.wrote) }]
    }
  })
}

/** What stands at a place, in words. */
function wordsOf(policy: Policy, path: string): Text {
  const [, , stepAt, , itemAt] = path.split('/')
  const step = policy.steps[Number(stepAt)]
  const at = Number(itemAt)
  const said = (of: (language: Language) => Span[]): Text => ({ en: join(of('en')), zh: join(of('zh')) })
  if (step?.kind === 'rules' && step.rules[at]) {
    const rule = step.rules[at]
    return rule.title ?? said(language => sentenceOfRule(rule, path, policy, language))
  }
  if (step?.kind === 'table' && step.rows[at])
    return said(language => sentenceOfRow(step, at, pointer('/steps', stepAt!), policy, language))
  const title = step?.title ?? { en: step?.id ?? path, zh: step?.id ?? path }
  const item = step?.kind === 'scorecard' ? step.characteristics[at] : step?.kind === 'formula' ? step.expressions[at] : undefined
  if (!item) return title
  const own = 'title' in item && item.title ? item.title : { en: item.id, zh: item.id }
  return { en: `${title.en}: ${own.en}`, zh: `${title.zh}：${own.zh}` }
}

function join(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join('')
}
