import type { Column, ColumnSet, Policy, Rule } from '@surety/engine'

/** The same policy and the same rows for everybody: 20 rules of 4 conditions over 4 facts. */
export interface Row {
  readonly amount: number
  readonly overdueDays: number
  readonly utilisation: number
  readonly grade: string
}

const GRADES = ['A', 'B', 'C', 'D', 'E'] as const

interface Bounds {
  readonly amount: number
  readonly days: number
  readonly grades: readonly string[]
  readonly utilisation: number
}

/** A generator of our own, so that every run sees the same numbers. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

export function drawBounds(count: number): readonly Bounds[] {
  const next = random(7)
  return Array.from({ length: count }, () => ({
    amount: Math.floor(next() * 80_000),
    days: Math.floor(next() * 110) + 10,
    grades: GRADES.filter(() => next() < 0.6),
    utilisation: Math.floor(next() * 100),
  }))
}

export function drawRows(count: number): readonly Row[] {
  const next = random(11)
  return Array.from({ length: count }, () => ({
    amount: Math.floor(next() * 100_000),
    overdueDays: Math.floor(next() * 120),
    utilisation: Math.floor(next() * 120),
    grade: GRADES[Math.floor(next() * GRADES.length)]!,
  }))
}

export function toColumns(rows: readonly Row[], allocate: (bytes: number) => ArrayBufferLike = bytes => new ArrayBuffer(bytes)): ColumnSet {
  const numbers = (pick: (row: Row) => number): Column => {
    const values = new Float64Array(allocate(rows.length * 8))
    for (const [index, row] of rows.entries()) values[index] = pick(row)
    return { kind: 'number', values }
  }
  const codes = new Uint8Array(allocate(rows.length))
  for (const [index, row] of rows.entries()) codes[index] = GRADES.indexOf(row.grade as 'A')
  return {
    rows: rows.length,
    columns: {
      amount: numbers(row => row.amount),
      overdueDays: numbers(row => row.overdueDays),
      utilisation: numbers(row => row.utilisation),
      grade: { kind: 'code', codes, dictionary: GRADES },
    },
  }
}

/** In json-rules-engine's dialect. */
export const toRules = (bounds: readonly Bounds[]): Rule[] =>
  bounds.map(({ amount, days, grades, utilisation }, index) => ({
    id: `r${index}`,
    name: `r${index}`,
    conditions: {
      all: [
        { fact: 'amount', operator: 'greaterThan', value: amount },
        { fact: 'overdueDays', operator: 'lessThanInclusive', value: days },
        { fact: 'grade', operator: 'in', value: grades },
        { fact: 'utilisation', operator: 'greaterThanInclusive', value: utilisation },
      ],
    },
    event: { type: `e${index}` },
  }))

export const toPolicy = (bounds: readonly Bounds[]): Policy => ({
  id: 'bench',
  title: { en: 'Bench', zh: '基准' },
  facts: {
    amount: { type: 'number' },
    overdueDays: { type: 'number' },
    utilisation: { type: 'number' },
    grade: { type: 'enum', values: GRADES },
  },
  outputs: {},
  steps: [{ id: 'rules', kind: 'rules', rules: toRules(bounds) }],
})

/** ZEN's decision graph: one table that collects its hits. */
export function toZen(bounds: readonly Bounds[]): object {
  return {
    nodes: [
      { id: 'in', name: 'Request', type: 'inputNode', position: { x: 0, y: 0 } },
      {
        id: 'table',
        name: 'Table',
        type: 'decisionTableNode',
        position: { x: 1, y: 0 },
        content: {
          hitPolicy: 'collect',
          inputs: ['amount', 'overdueDays', 'grade', 'utilisation'].map(field => ({ id: field, name: field, field })),
          outputs: [{ id: 'event', name: 'event', field: 'event' }],
          rules: bounds.map(({ amount, days, grades, utilisation }, index) => ({
            _id: `r${index}`,
            amount: `> ${amount}`,
            overdueDays: `<= ${days}`,
            grade: grades.map(grade => JSON.stringify(grade)).join(', ') || '"none"',
            utilisation: `>= ${utilisation}`,
            event: JSON.stringify(`e${index}`),
          })),
        },
      },
      { id: 'out', name: 'Response', type: 'outputNode', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  }
}

export const toSql = (bounds: readonly Bounds[]): string =>
  `select ${bounds
    .map(
      ({ amount, days, grades, utilisation }) =>
        `count(*) filter (where amount > ${amount} and overdueDays <= ${days} and grade in (${grades.map(grade => `'${grade}'`).join(', ') || `''`}) and utilisation >= ${utilisation})`,
    )
    .join(', ')} from history`

export interface Events {
  readonly events: { readonly type: string }[]
  readonly failureEvents: { readonly type: string }[]
}

/** What a programmer would write by hand for these rules over rows, the source spelled out. */
export function handwrittenRows(bounds: readonly Bounds[]): (row: Row) => Events {
  const rules = bounds.map(
    ({ amount, days, grades, utilisation }, index) =>
      `if (amount > ${amount} && overdueDays <= ${days} && (${grades.map(grade => `grade === '${grade}'`).join(' || ') || 'false'}) && utilisation >= ${utilisation}) events.push(E${index}); else failureEvents.push(E${index});`,
  )
  const constants = bounds.map((_, index) => `const E${index} = { type: 'e${index}' };`).join('\n')
  return new Function(
    `${constants}\nreturn function (row) { const { amount, overdueDays, grade, utilisation } = row, events = [], failureEvents = [];\n${rules.join('\n')}\nreturn { events, failureEvents }; }`,
  )() as (row: Row) => Events
}

export type HandwrittenColumns = (
  amount: Float64Array,
  overdueDays: Float64Array,
  utilisation: Float64Array,
  grade: Uint8Array,
  hits: readonly Uint32Array[],
  rows: number,
) => void

/** What a programmer would write by hand over typed columns: one loop that sets a bit per rule that fires. */
export function handwrittenColumns(bounds: readonly Bounds[]): HandwrittenColumns {
  const names = bounds.map((_, index) => `H${index} = hits[${index}]`).join(', ')
  const rules = bounds.map(
    ({ amount, days, grades, utilisation }, index) =>
      `if (a > ${amount} && d <= ${days} && (${grades.map(grade => `g === ${GRADES.indexOf(grade as 'A')}`).join(' || ') || 'false'}) && u >= ${utilisation}) H${index}[w] |= b;`,
  )
  return new Function(
    `return function (amount, overdueDays, utilisation, grade, hits, rows) { const ${names};\nfor (let i = 0; i < rows; i++) { const a = amount[i], d = overdueDays[i], u = utilisation[i], g = grade[i], w = i >>> 5, b = 1 << (i & 31);\n${rules.join('\n')}\n} }`,
  )() as HandwrittenColumns
}
