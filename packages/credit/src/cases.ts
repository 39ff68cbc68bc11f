import {
  compile,
  InvalidFacts,
  type CompileOptions,
  type Decision,
  type FactDefinition,
  type Facts,
  type Policy,
  type Text,
  type Value,
} from '@surety/engine'
import { parseCsv, type CsvLine } from './csv-text.ts'
import { csvLine } from './generate/csv.ts'

/**
 * Cases beside a policy: a CSV that an analyst can read and extend. One row is one case: `case` names it, columns
 * named after facts are given (empty: missing), columns named after outputs and `outcome` are expected (empty: not
 * looked at; `null`: must be missing). `reasons` and `requirements` list codes that must appear. Lists are written
 * `a; b`, an empty one `[]`.
 */
export interface CasesReport {
  readonly results: readonly CaseResult[]
  /** What is wrong with the file itself; cases without problems have been run all the same. */
  readonly problems: readonly CaseProblem[]
  readonly passed: number
  readonly failed: number
}

export interface CaseResult {
  readonly line: number
  readonly name: string
  readonly facts: Facts
  readonly decision: Decision
  readonly differences: readonly CaseDifference[]
}

export interface CaseDifference {
  readonly column: string
  readonly expected: Value
  readonly actual: Value
}

export interface CaseProblem {
  readonly code: 'NO_HEADER' | 'UNKNOWN_COLUMN' | 'DUPLICATE_COLUMN' | 'CELL_COUNT' | 'BAD_CELL' | 'INVALID_FACTS'
  readonly line: number
  readonly column?: string
  readonly message: Text
}

/** An example that must hold: facts, and what has to come of them. It lives with its policy. */
export interface PolicyCase {
  readonly id: string
  readonly name: string
  /** By fact; one that is not there is missing. */
  readonly facts: Readonly<Record<string, Value>>
  /** By output, and `outcome`, `reasons`, `requirements`; what is not there is not looked at. */
  readonly expected: Readonly<Record<string, Value>>
  /** The stored decision that it was made of. */
  readonly decisionId?: string
}

export interface PolicyCaseResult {
  readonly id: string
  readonly name: string
  readonly isMet: boolean
  readonly differences: readonly CaseDifference[]
  /** Why it could not be run. */
  readonly problems: readonly Text[]
}

/** Runs every case through the policy. The policy has to compile: check it first. */
export function runCases(policy: Policy, csvText: string, options: CompileOptions = {}): CasesReport {
  const compiled = compile(policy, options)
  const { cases, problems: found } = readCases(policy, csvText)
  const problems = [...found]
  const results = cases.flatMap(({ line, name, facts, expected }): CaseResult[] => {
    try {
      const decision = compiled.decide(facts)
      return [{ line, name, facts, decision, differences: differencesOf(expected, decision) }]
    } catch (error) {
      if (!(error instanceof InvalidFacts)) throw error
      for (const { fact, message } of error.problems) problems.push({ code: 'INVALID_FACTS', line, column: fact, message })
      return []
    }
  })
  const failed = results.filter(({ differences }) => differences.length > 0).length
  return { results, problems, passed: results.length - failed, failed }
}

/** The same for cases that are kept with a version or a draft. */
export function runPolicyCases(policy: Policy, cases: readonly PolicyCase[], options: CompileOptions = {}): readonly PolicyCaseResult[] {
  const compiled = compile(policy, options)
  return cases.map(({ id, name, facts, expected }) => {
    const problems = Object.keys(expected)
      .filter(column => !EXPECTED.includes(column) && !Object.hasOwn(policy.outputs, column))
      .map(column => ({ en: `The policy has no output ${column}.`, zh: `策略没有输出 ${column}。` }))
    try {
      const differences = differencesOf(expected, compiled.decide(facts))
      return { id, name, isMet: differences.length === 0 && problems.length === 0, differences, problems }
    } catch (error) {
      if (!(error instanceof InvalidFacts)) throw error
      return { id, name, isMet: false, differences: [], problems: [...problems, ...error.problems.map(({ message }) => message)] }
    }
  })
}

/** Cases of a CSV; their names are their ids. */
export function readCases(
  policy: Policy,
  csvText: string,
): { readonly cases: readonly (PolicyCase & { readonly line: number })[]; readonly problems: readonly CaseProblem[] } {
  const [header, ...rows] = parseCsv(csvText)
  if (!header)
    return {
      cases: [],
      problems: [problem('NO_HEADER', 1, undefined, 'The file is empty; its first line names the columns.', '文件为空；首行应为列名。')],
    }
  const problems: CaseProblem[] = []
  const columns = readHeader(policy, header, problems)
  const ids = new Set<string>()
  const cases = rows.flatMap(row => {
    const read = readRow(columns, row, problems)
    if (!read) return []
    let id = read.name
    for (let more = 2; ids.has(id); more += 1) id = `${read.name} (${more})`
    ids.add(id)
    return [{ id, line: row.line, ...read }]
  })
  return { cases, problems }
}

/** Cases as a CSV that `readCases` reads back: facts and outputs in the order of the policy, those that no case speaks of left out. */
export function writeCases(policy: Policy, cases: readonly PolicyCase[]): string {
  const facts = Object.keys(policy.facts).filter(name => cases.some(one => one.facts[name] !== undefined && one.facts[name] !== null))
  const expected = [...EXPECTED.slice(0, 1), ...Object.keys(policy.outputs), ...EXPECTED.slice(1)].filter(name =>
    cases.some(one => one.expected[name] !== undefined),
  )
  return `${[
    csvLine(['case', ...facts, ...expected]),
    ...cases.map(one =>
      csvLine([one.name, ...facts.map(name => cellOf(one.facts[name] ?? undefined)), ...expected.map(name => cellOf(one.expected[name]))]),
    ),
  ].join('\n')}\n`
}

const EXPECTED: readonly string[] = ['outcome', 'reasons', 'requirements']

function cellOf(value: Value | undefined): string {
  if (value === undefined) return ''
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  return value.length === 0 ? '[]' : value.join('; ')
}

type Column =
  | { readonly kind: 'case' | 'outcome' | 'reasons' | 'requirements' | 'ignored'; readonly name: string }
  | { readonly kind: 'fact' | 'output'; readonly name: string; readonly definition: FactDefinition }

function readHeader(policy: Policy, { line, cells }: CsvLine, problems: CaseProblem[]): Column[] {
  const seen = new Set<string>()
  return cells.map((cell): Column => {
    const name = cell.trim()
    if (seen.has(name)) problems.push(problem('DUPLICATE_COLUMN', line, name, `Column ${name} appears twice.`, `列 ${name} 重复。`))
    seen.add(name)
    if (name === 'case' || name === 'outcome' || name === 'reasons' || name === 'requirements') return { kind: name, name }
    const fact = Object.hasOwn(policy.facts, name) ? policy.facts[name] : undefined
    if (fact) return { kind: 'fact', name, definition: fact }
    const output = Object.hasOwn(policy.outputs, name) ? policy.outputs[name] : undefined
    if (output) return { kind: 'output', name, definition: output }
    problems.push(
      problem(
        'UNKNOWN_COLUMN',
        line,
        name,
        `${JSON.stringify(name)} is neither a fact nor an output of ${policy.id}, nor one of case, outcome, reasons, requirements.`,
        `${JSON.stringify(name)} 既不是 ${policy.id} 的事实或输出，也不是 case、outcome、reasons、requirements。`,
      ),
    )
    return { kind: 'ignored', name }
  })
}

interface ReadRow {
  readonly name: string
  readonly facts: Readonly<Record<string, Value>>
  readonly expected: Readonly<Record<string, Value>>
}

function readRow(columns: readonly Column[], { line, cells }: CsvLine, problems: CaseProblem[]): ReadRow | undefined {
  if (cells.length !== columns.length) {
    problems.push(
      problem(
        'CELL_COUNT',
        line,
        undefined,
        `The row has ${cells.length} cells, the header ${columns.length}.`,
        `该行有 ${cells.length} 个单元格，而表头有 ${columns.length} 列。`,
      ),
    )
    return undefined
  }
  let name = `line ${line}`
  let isSound = true
  const facts: Record<string, Value> = {}
  const expected: Record<string, Value> = {}
  for (const [at, column] of columns.entries()) {
    const text = cells[at]!.trim()
    if (text === '' || column.kind === 'ignored') continue
    if (column.kind === 'case') name = text
    else if (column.kind === 'outcome') expected[column.name] = text
    else if (!('definition' in column)) expected[column.name] = listOf(text)
    else {
      const value = column.kind === 'output' && text === 'null' ? null : valueOf(text, column.definition)
      if (value === undefined) {
        problems.push(
          problem(
            'BAD_CELL',
            line,
            column.name,
            `${JSON.stringify(text)} is no value of type ${column.definition.type}.`,
            `${JSON.stringify(text)} 不是 ${column.definition.type} 类型的值。`,
          ),
        )
        isSound = false
      } else if (column.kind === 'fact') facts[column.name] = value
      else expected[column.name] = value
    }
  }
  return isSound ? { name, facts, expected } : undefined
}

function valueOf(text: string, { type, of = 'string' }: FactDefinition): Value | undefined {
  switch (type) {
    case 'number':
    case 'integer':
    case 'percent':
      return Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'money':
      return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined
    case 'list': {
      const items = listOf(text).map(item => valueOf(item, { type: of }))
      return items.some(item => item === undefined) ? undefined : (items as Value[])
    }
    default:
      return text
  }
}

function listOf(text: string): string[] {
  return text === '[]' ? [] : text.split(';').map(item => item.trim())
}

function differencesOf(expected: Readonly<Record<string, Value>>, decision: Decision): CaseDifference[] {
  return Object.entries(expected).flatMap(([column, wanted]) => {
    if (column === 'reasons' || column === 'requirements') {
      const codes = decision[column].map(({ code }) => code)
      const isMet =
        (wanted as readonly string[]).length === 0 ? codes.length === 0 : (wanted as readonly string[]).every(code => codes.includes(code))
      return isMet ? [] : [{ column, expected: wanted, actual: codes }]
    }
    const actual = column === 'outcome' ? decision.outcome : (decision.outputs[column] ?? null)
    return isSame(wanted, actual) ? [] : [{ column, expected: wanted, actual }]
  })
}

// 120000 is expected where 120000.00 is written: amounts are compared as amounts.
function isSame(expected: Value, actual: Value): boolean {
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.length === actual.length && expected.every((item, at) => isSame(item as Value, actual[at] as Value))
  if (typeof expected === 'string' && typeof actual === 'string' && expected !== actual)
    return /^-?\d+(\.\d+)?$/.test(expected) && /^-?\d+(\.\d+)?$/.test(actual) && trimmed(expected) === trimmed(actual)
  return expected === actual
}

function trimmed(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount
}

function problem(code: CaseProblem['code'], line: number, column: string | undefined, en: string, zh: string): CaseProblem {
  return { code, line, ...(column === undefined ? {} : { column }), message: { en, zh } }
}
