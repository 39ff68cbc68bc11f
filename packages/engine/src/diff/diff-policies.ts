import type { Condition, Policy, Rule, ScorecardStep, Step, TableStep, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import { sentenceOfCondition } from '../sentences/condition.ts'
import type { ChangeSubject, Place, PolicyChange } from './change.ts'
import { isKeyed, isPlain, isSame, type Identified, type Plain, unmoved } from './keyed.ts'

/** What is different in the later version: by step, rule, condition, row, cell, bin, fact and output, never by line. */
export function diffPolicies(before: Policy, after: Policy): readonly PolicyChange[] {
  return new Difference(before, after).changes
}

class Difference {
  readonly changes: PolicyChange[] = []
  readonly #before: Policy
  readonly #after: Policy

  constructor(before: Policy, after: Policy) {
    this.#before = before
    this.#after = after
    const root: Place = { before: '', after: '', words: { en: '', zh: '' } }
    const { facts, outputs, lists = {}, conditions = {}, steps, $schema: _, ...rest } = before
    const {
      facts: facts2,
      outputs: outputs2,
      lists: lists2 = {},
      conditions: conditions2 = {},
      steps: steps2,
      $schema: __,
      ...rest2
    } = after
    this.#fields(rest, rest2, root, 'policy')
    this.#record(facts, facts2, 'facts', 'fact')
    this.#record(outputs, outputs2, 'outputs', 'output')
    this.#record(lists, lists2, 'lists', 'list')
    this.#record(conditions, conditions2, 'conditions', 'named condition', (a, b, place) =>
      this.#condition(a as Condition, b as Condition, place),
    )
    this.#items(steps, steps2, at(root, 'steps'), 'step', (a, b, place) => this.#step(a, b, place))
  }

  #record<Item>(
    before: Readonly<Record<string, Item>>,
    after: Readonly<Record<string, Item>>,
    key: string,
    subject: ChangeSubject,
    compare?: (a: Item, b: Item, place: Place) => void,
  ): void {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const place = at({ before: '', after: '', words: { en: '', zh: '' } }, key, name)
      const named = { ...place, words: inside(place.words, wordsOf(subject, name)) }
      const a = Object.hasOwn(before, name) ? before[name] : undefined
      const b = Object.hasOwn(after, name) ? after[name] : undefined
      if (a === undefined) this.#added(subject, named, b)
      else if (b === undefined) this.#removed(subject, named, a)
      else if (!isSame(a, b)) (compare ?? ((x, y, where) => this.#fields(x as Plain, y as Plain, where, subject)))(a, b, named)
    }
  }

  /** Items with ids: what came, what went, what moved, and what is different in those that stayed. */
  #items<Item extends Identified>(
    before: readonly Item[],
    after: readonly Item[],
    place: Place,
    subject: ChangeSubject,
    compare: (a: Item, b: Item, place: Place) => void,
  ): void {
    if (!isKeyed(before) || !isKeyed(after)) {
      if (!isSame(before, after)) this.#changed(subject, place, before, after)
      return
    }
    const places = new Map(before.map((item, index) => [item.id, index]))
    const left = new Set(after.map(({ id }) => id))
    const named = (item: Item, from: number, to: number): Place => ({
      before: pointer(place.before, from),
      after: pointer(place.after, to),
      words: inside(place.words, wordsOf(subject, nameOf(item as Item & Plain), subject === 'row' ? Math.max(from, to) : undefined)),
    })
    for (const [index, item] of before.entries()) if (!left.has(item.id)) this.#removed(subject, named(item, index, -1), item)
    const stayed = after.flatMap((item, index) => (places.has(item.id) ? [{ item, index, from: places.get(item.id)! }] : []))
    const kept = unmoved(stayed.map(({ from }) => from))
    const order = new Map(stayed.map(({ item }, rank) => [item.id, rank]))
    for (const [index, item] of after.entries()) {
      const from = places.get(item.id)
      if (from === undefined) {
        this.#added(subject, named(item, -1, index), item)
        continue
      }
      const where = named(item, from, index)
      if (!kept.has(order.get(item.id)!)) this.#moved(subject, where, from, index)
      if (!isSame(before[from], item)) compare(before[from] as never, item, where)
    }
  }

  #step(before: Step, after: Step, place: Place): void {
    if (before.kind === 'rules' && after.kind === 'rules') {
      const { rules: a, ...rest } = before
      const { rules: b, ...rest2 } = after
      this.#fields(rest, rest2, place, 'step')
      this.#items(a, b, at(place, 'rules'), 'rule', (x, y, where) => this.#rule(x, y, where))
    } else if (before.kind === 'table' && after.kind === 'table') this.#table(before, after, place)
    else if (before.kind === 'scorecard' && after.kind === 'scorecard') this.#scorecard(before, after, place)
    else if (before.kind === 'formula' && after.kind === 'formula') {
      const { expressions: a, ...rest } = before
      const { expressions: b, ...rest2 } = after
      this.#fields(rest, rest2, place, 'step')
      this.#items(a, b, at(place, 'expressions'), 'expression', (x, y, where) =>
        this.#fields(x as unknown as Plain, y as unknown as Plain, where, 'expression'),
      )
    } else if (before.kind === after.kind) this.#fields(before as unknown as Plain, after as unknown as Plain, place, 'step')
    else this.#changed('step', place, before, after)
  }

  #rule(before: Rule, after: Rule, place: Place): void {
    const { conditions: a, event, ...rest } = before
    const { conditions: b, event: event2, ...rest2 } = after
    this.#fields(rest, rest2, place, 'rule')
    if (!isSame(a, b)) this.#condition(a, b, at(place, 'conditions'))
    if (!isSame(event, event2)) this.#effects(event as unknown as Plain, event2 as unknown as Plain, at(place, 'event'))
  }

  #effects(before: Plain, after: Plain, place: Place): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const a = before[key]
      const b = after[key]
      if (isSame(a, b)) continue
      const where = at(place, key)
      if ((key === 'params' || key === 'set') && isPlain(a ?? {}) && isPlain(b ?? {}))
        this.#effects((a ?? {}) as Plain, (b ?? {}) as Plain, where)
      else this.#field('effect', where, key, a, b)
    }
  }

  #condition(before: Condition, after: Condition, place: Place): void {
    const { inner: a, key, rest } = partsOf(before)
    const { inner: b, key: key2, rest: rest2 } = partsOf(after)
    const isLeaf = a === undefined || b === undefined
    if (isLeaf || key !== key2) {
      this.#push(
        'changed',
        'condition',
        place,
        { before, after },
        {
          en: `${lead(place.words).en}${this.#say(before, 'en', this.#before)} became ${this.#say(after, 'en', this.#after)}`,
          zh: `${lead(place.words).zh}${this.#say(before, 'zh', this.#before)}改为${this.#say(after, 'zh', this.#after)}`,
        },
      )
      return
    }
    this.#fields(rest, rest2, place, 'condition')
    const below = at(place, key!)
    if (!Array.isArray(a) || !Array.isArray(b)) {
      if (!isSame(a, b)) this.#condition(a as Condition, b as Condition, below)
      return
    }
    for (const { from, to } of align(a as Condition[], b as Condition[])) {
      const where: Place = {
        before: pointer(below.before, Math.max(from, 0)),
        after: pointer(below.after, Math.max(to, 0)),
        words: place.words,
      }
      if (from < 0)
        this.#push(
          'added',
          'condition',
          where,
          { after: b[to] },
          this.#told(where.words, b[to] as Condition, this.#after, { en: 'added', zh: '新增' }),
        )
      else if (to < 0)
        this.#push(
          'removed',
          'condition',
          where,
          { before: a[from] },
          this.#told(where.words, a[from] as Condition, this.#before, { en: 'removed', zh: '删除' }),
        )
      else if (!isSame(a[from], b[to])) this.#condition(a[from] as Condition, b[to] as Condition, where)
    }
  }

  #told(words: Text, condition: Condition, policy: Policy, done: Text): Text {
    return {
      en: `${lead(words).en}condition ${this.#say(condition, 'en', policy)} ${done.en}`,
      zh: `${lead(words).zh}${done.zh}条件${this.#say(condition, 'zh', policy)}`,
    }
  }

  #say(condition: Condition, language: keyof Text, policy: Policy): string {
    const text = sentenceOfCondition(condition, '', policy, language)
      .map(span => span.text)
      .join('')
    return language === 'zh' ? `“${text}”` : `"${text}"`
  }

  #table(before: TableStep, after: TableStep, place: Place): void {
    const { inputs, outputs, rows, ...rest } = before
    const { inputs: inputs2, outputs: outputs2, rows: rows2, ...rest2 } = after
    this.#fields(rest, rest2, place, 'step')
    const column = (a: Plain, b: Plain, where: Place): void => this.#fields(a, b, where, 'column')
    this.#items(inputs, inputs2, at(place, 'inputs'), 'column', column as never)
    this.#items(outputs, outputs2, at(place, 'outputs'), 'column', column as never)
    this.#items(rows, rows2, at(place, 'rows'), 'row', (a, b, where) => {
      const { when, then, ...fields } = a
      const { when: when2, then: then2, ...fields2 } = b
      this.#fields(fields, fields2, where, 'row')
      this.#cells(when, when2, inputs, inputs2, at(where, 'when'))
      this.#cells(then, then2, outputs, outputs2, at(where, 'then'))
    })
  }

  /** Cells belong to columns: a column that came, went or moved changes none of them. */
  #cells(
    before: readonly string[],
    after: readonly string[],
    columns: readonly (Identified & { readonly label?: Text })[],
    columns2: readonly (Identified & { readonly label?: Text })[],
    place: Place,
  ): void {
    for (const [to, { id, label }] of columns2.entries()) {
      const from = columns.findIndex(column => column.id === id)
      if (from < 0 || before[from] === after[to]) continue
      this.#changed(
        'cell',
        { before: pointer(place.before, from), after: pointer(place.after, to), words: inside(place.words, label ?? { en: id, zh: id }) },
        before[from],
        after[to],
      )
    }
  }

  #scorecard(before: ScorecardStep, after: ScorecardStep, place: Place): void {
    const { characteristics: a, ...rest } = before
    const { characteristics: b, ...rest2 } = after
    this.#fields(rest, rest2, place, 'step')
    this.#items(a, b, at(place, 'characteristics'), 'characteristic', (x, y, where) => {
      const { bins, ...fields } = x
      const { bins: bins2, ...fields2 } = y
      this.#fields(fields, fields2, where, 'characteristic')
      this.#items(bins, bins2, at(where, 'bins'), 'bin', (m, n, bin) =>
        this.#fields(m as unknown as Plain, n as unknown as Plain, bin, 'bin'),
      )
    })
  }

  #fields(before: Plain, after: Plain, place: Place, subject: ChangeSubject): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!isSame(before[key], after[key])) this.#field(subject, at(place, key), key, before[key], after[key])
    }
  }

  #field(subject: ChangeSubject, place: Place, key: string, before: unknown, after: unknown): void {
    this.#changed(subject, { ...place, words: inside(place.words, { en: key, zh: key }) }, before, after)
  }

  #changed(subject: ChangeSubject, place: Place, before: unknown, after: unknown): void {
    const { en, zh } = lead(place.words)
    const message =
      before === undefined
        ? { en: `${en}now ${short(after)}`, zh: `${zh}设为 ${short(after)}` }
        : after === undefined
          ? { en: `${en}no longer ${short(before)}`, zh: `${zh}不再是 ${short(before)}` }
          : { en: `${en}${short(before)} became ${short(after)}`, zh: `${zh}${short(before)} 改为 ${short(after)}` }
    this.#push(
      'changed',
      subject,
      place,
      { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
      message,
    )
  }

  #added(subject: ChangeSubject, { after: path, words }: Place, value: unknown): void {
    this.changes.push({ kind: 'added', subject, path, after: value, message: { en: `${words.en} added`, zh: `新增${words.zh}` } })
  }

  #removed(subject: ChangeSubject, { before: path, words }: Place, value: unknown): void {
    this.changes.push({
      kind: 'removed',
      subject,
      path,
      beforePath: path,
      before: value,
      message: { en: `${words.en} removed`, zh: `删除${words.zh}` },
    })
  }

  #moved(subject: ChangeSubject, place: Place, from: number, to: number): void {
    this.#push(
      'moved',
      subject,
      place,
      {},
      { en: `${place.words.en} moved from place ${from + 1} to ${to + 1}`, zh: `${place.words.zh}由第 ${from + 1} 位移至第 ${to + 1} 位` },
    )
  }

  #push(
    kind: PolicyChange['kind'],
    subject: ChangeSubject,
    { before: beforePath, after }: Place,
    values: Pick<PolicyChange, 'before' | 'after'>,
    message: Text,
  ): void {
    this.changes.push({
      kind,
      subject,
      path: kind === 'removed' ? beforePath : after,
      ...(kind === 'added' ? {} : { beforePath }),
      ...values,
      message,
    })
  }
}

function at(place: Place, ...keys: readonly (string | number)[]): Place {
  return { before: pointer(place.before, ...keys), after: pointer(place.after, ...keys), words: place.words }
}

const SUBJECTS: Readonly<Record<ChangeSubject, Text>> = {
  policy: { en: 'policy', zh: '策略' },
  fact: { en: 'fact', zh: '事实' },
  output: { en: 'output', zh: '输出' },
  list: { en: 'list', zh: '列表' },
  'named condition': { en: 'named condition', zh: '命名条件' },
  step: { en: 'step', zh: '步骤' },
  rule: { en: 'rule', zh: '规则' },
  condition: { en: 'condition', zh: '条件' },
  effect: { en: 'effect', zh: '动作' },
  column: { en: 'column', zh: '列' },
  row: { en: 'row', zh: '行' },
  cell: { en: 'cell', zh: '单元格' },
  characteristic: { en: 'characteristic', zh: '特征' },
  bin: { en: 'bin', zh: '分箱' },
  expression: { en: 'formula', zh: '公式' },
}

function wordsOf(subject: ChangeSubject, name: string | Text, place?: number): Text {
  const { en, zh } = typeof name === 'string' ? { en: name, zh: name } : name
  if (place !== undefined) return { en: `row ${place + 1} (${en})`, zh: `第 ${place + 1} 行（${zh}）` }
  return { en: `${SUBJECTS[subject].en} "${en}"`, zh: `${SUBJECTS[subject].zh}“${zh}”` }
}

function nameOf(item: Plain & Identified): string | Text {
  const title = item['title'] ?? item['label']
  if (isPlain(title) && typeof title['en'] === 'string' && typeof title['zh'] === 'string') return title as unknown as Text
  return typeof item['name'] === 'string' ? item['name'] : item.id
}

function inside(outer: Text, inner: Text): Text {
  return outer.en === '' ? inner : { en: `${outer.en}, ${inner.en}`, zh: `${outer.zh}，${inner.zh}` }
}

function lead(words: Text): Text {
  return words.en === '' ? words : { en: `${words.en}: `, zh: `${words.zh}：` }
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

interface Parts {
  readonly key?: 'all' | 'any' | 'not'
  readonly inner?: unknown
  readonly rest: Plain
}

function partsOf(condition: Condition): Parts {
  const plain = condition as unknown as Plain
  const key = (['any', 'all', 'not'] as const).find(one => Object.hasOwn(plain, one))
  if (!key) return { rest: plain }
  const { [key]: inner, ...rest } = plain
  return { key, inner, rest }
}

/** Pairs of places, -1 for none: equal conditions first, then those about the same fact, then those that are left in order. */
function align(before: readonly Condition[], after: readonly Condition[]): readonly { readonly from: number; readonly to: number }[] {
  const pairs: { from: number; to: number }[] = []
  const open = new Set(before.keys())
  const left = new Set(after.keys())
  const pair = (fits: (a: Condition, b: Condition) => boolean): void => {
    for (const to of left) {
      const from = [...open].find(index => fits(before[index]!, after[to]!))
      if (from === undefined) continue
      pairs.push({ from, to })
      open.delete(from)
      left.delete(to)
    }
  }
  pair(isSame)
  pair((a, b) => 'fact' in a && 'fact' in b && a.fact === b.fact && a.operator === b.operator)
  pair((a, b) => 'fact' in a && 'fact' in b && a.fact === b.fact)
  pair((a, b) => partsOf(a).key !== undefined && partsOf(a).key === partsOf(b).key)
  for (const to of left) pairs.push({ from: -1, to })
  for (const from of open) pairs.push({ from, to: -1 })
  return pairs.toSorted((a, b) => (a.to < 0 ? a.from : a.to) - (b.to < 0 ? b.from : b.to))
}
