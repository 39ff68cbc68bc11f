import { reasonTemplate, type ReasonTemplate } from '../explain/reason.ts'
import { bindExpression, lacksAny, outputValue } from '../feel/bind.ts'
import { cellSetOf, type CellSet } from '../feel/cell-set.ts'
import { policyVocabulary } from '../feel/policy-vocabulary.ts'
import type { CellProgram, ExpressionProgram } from '../feel/program.ts'
import { reportNoOutput, reportPlaceholders } from '../feel/report.ts'
import type { FeelValue } from '../feel/values.ts'
import { toValue } from '../feel/values.ts'
import type { Frame } from '../frame.ts'
import type { Truth } from '../policy/decision.ts'
import { type FactDefinition, type FactType, type Outcome, OUTCOMES, type TableRow, type TableStep } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { BoundStep, StepContext, StepKind } from '../steps.ts'
import { bindOutputCell, bindTestCell, type CellBinder, type Column, valuesOf } from './bind-cell.ts'
import { checkTable } from './check-table.ts'
import { aggregate, selectHits } from './hits.ts'
import { tableEmitter } from './emit-table.ts'
import { createRowIndex, type RowIndex } from './row-index.ts'

/** DMN decision tables: FEEL unary tests in cells, all hit policies. */
export const table: StepKind<TableStep> = { kind: 'table', bind: bindTable }

export interface BoundRow {
  readonly id: string
  readonly path: string
  /** Null: any value. */
  readonly cells: readonly (CellProgram<Frame> | null)[]
  readonly outputs: readonly OutputCell[]
  readonly reason: ReasonTemplate | undefined
}

export interface OutputCell {
  readonly reads: readonly string[]
  readonly run: (frame: Frame) => FeelValue
  /** Where it hangs on nothing. */
  readonly constant?: FeelValue
}

export interface OutputColumn {
  readonly name: string
  readonly target: { readonly kind: 'output'; readonly slot: number; readonly definition: FactDefinition } | { readonly kind: 'outcome' }
  readonly definition: FactDefinition
  /** In order of priority. */
  readonly priorities: readonly (string | number | boolean)[]
  readonly fallback: OutputCell | undefined
}

/** Rows that hold, and rows of which a missing value keeps us from telling; both ascending. */
interface Found {
  readonly hits: readonly number[]
  readonly unknowns: readonly number[]
}

// Below this a scan is as fast as a search.
const INDEXED_FROM = 24
// A trace of more rows than a person will read keeps to those that matter.
const TRACED_ROWS = 1000

const OUTCOME_DEFINITION: FactDefinition = { type: 'enum', values: OUTCOMES }

function bindTable(step: TableStep, context: StepContext): BoundStep {
  const vocabulary = policyVocabulary(context.scope, context.lists)
  const binder: CellBinder = { vocabulary, names: new Set(vocabulary.names), context }
  checkTable(step, context)

  const inputs = step.inputs.map(({ expression, allowedValues, type }, index) => {
    const path = pointer(context.path, 'inputs', index)
    const program = bindExpression(expression, vocabulary, context, pointer(path, 'expression'))
    const fact = program.tree?.kind === 'name' ? context.scope.find(program.tree.name)?.definition : undefined
    const column: Column = { type: type ?? fact?.type ?? factTypeOf(program.type), values: valuesOf(fact) }
    const allowed = allowedValues === undefined ? undefined : bindTestCell(allowedValues, column, binder, pointer(path, 'allowedValues'))
    return { program, column, allowed, path }
  })
  const columns = step.outputs.map((output, index) => {
    const path = pointer(context.path, 'outputs', index)
    const target = context.scope.find(output.name)
    if (output.name !== 'outcome' && target?.role !== 'output')
      reportNoOutput(output.name, target !== undefined, context, pointer(path, 'name'))
    const definition = output.name === 'outcome' ? OUTCOME_DEFINITION : (target?.definition ?? { type: output.type ?? 'string' })
    const column: OutputColumn = {
      name: output.name,
      target: target?.role === 'output' ? { kind: 'output', slot: target.slot, definition } : { kind: 'outcome' },
      definition,
      priorities: output.values ?? [],
      fallback:
        output.default === undefined
          ? undefined
          : outputCell(bindOutputCell(output.default, definition, output.name, binder, pointer(path, 'default'))),
    }
    return { column, name: output.name, definition, isKnown: output.name === 'outcome' || target?.role === 'output' }
  })

  const rows: BoundRow[] = []
  const reads = new Set(inputs.flatMap(({ program, allowed }) => [...program.reads, ...(allowed?.reads ?? [])]))
  const testCells = inputs.map(() => new Map<string, CellProgram<Frame>>())
  const outputCells = columns.map(() => new Map<string, OutputCell>())
  for (const [index, row] of step.rows.entries()) {
    const path = pointer(context.path, 'rows', index)
    // Large tables repeat their cells; each text is parsed once per column.
    const cells = inputs.map(({ column }, at) =>
      once(testCells[at], row.when[at] ?? '-', text => bindTestCell(text, column, binder, pointer(path, 'when', at))),
    )
    const outputs = columns.map(({ definition, name }, at) =>
      once(outputCells[at], row.then[at] ?? '', text =>
        outputCell(bindOutputCell(text, definition, name, binder, pointer(path, 'then', at))),
      ),
    )
    for (const name of cells.flatMap(cell => cell.reads)) reads.add(name)
    for (const name of outputs.flatMap(cell => cell.reads)) reads.add(name)
    const reason = bindReason(
      row,
      outputs,
      columns.findIndex(({ name }) => name === 'outcome'),
      step,
      context,
      path,
    )
    if (row.enabled !== false) rows.push({ id: row.id, path, cells: cells.map(cell => (isAny(cell) ? null : cell)), outputs, reason })
  }
  for (const { column } of columns) for (const name of column.fallback?.reads ?? []) reads.add(name)

  const judge = (row: BoundRow, values: readonly FeelValue[], frame: Frame): boolean | null => {
    let result: boolean | null = true
    for (let column = 0; column < row.cells.length; column++) {
      const cell = row.cells[column]
      if (!cell) continue
      const holds = cell.run(frame, values[column] ?? null)
      if (holds === false) return false
      if (holds !== true) result = null
    }
    return result
  }
  const isFirst = step.hitPolicy === 'F'
  const scan = (frame: Frame, values: readonly FeelValue[]): Found => {
    const hits: number[] = []
    const unknowns: number[] = []
    for (const [index, row] of rows.entries()) {
      const holds = judge(row, values, frame)
      if (holds === null) unknowns.push(index)
      if (holds !== true) continue
      hits.push(index)
      if (isFirst) break
    }
    return { hits, unknowns }
  }
  const outputColumns = columns.map(({ column }) => column)
  const effects = createEffects(step, outputColumns, context)
  const conclude = createConclusion(step, rows, outputColumns, effects)
  const evaluateInputs = (frame: Frame): readonly FeelValue[] => inputs.map(({ program }) => program.run(frame, null))
  const refused = (frame: Frame, values: readonly FeelValue[]): number =>
    inputs.findIndex(({ allowed }, index) => values[index] !== null && allowed?.run(frame, values[index] ?? null) === false)
  const refusals = inputs.map(({ path }, index) => refusal(step, index, path, context))
  const refuse = (frame: Frame, column: number): void => {
    frame.isUnknown = true
    const reason = refusals[column]
    if (reason) frame.reasons.push(reason(frame))
  }
  const hasAllowed = inputs.some(({ allowed }) => allowed)
  const emit = hasAllowed
    ? undefined
    : tableEmitter(
        step,
        rows,
        inputs.map(({ program }) => program),
        outputColumns,
        effects,
        context,
      )

  return {
    ...(emit ? { emit } : {}),
    reads: [...reads],
    writes: columns.flatMap(({ name, column }) => (column.target.kind === 'output' ? [name] : [])),

    interpret(frame) {
      const values = evaluateInputs(frame)
      const bad = refused(frame, values)
      const found = bad < 0 ? scan(frame, values) : { hits: [], unknowns: [] }
      const traced = traceRows(rows, found, isFirst).map(index => traceRow(rows[index] as BoundRow, index, found, values, frame, isFirst))
      const hits = bad < 0 ? conclude(frame, found) : []
      if (bad >= 0) refuse(frame, bad)
      return {
        kind: 'table',
        id: step.id,
        path: context.path,
        wrote: {},
        inputs: values.map(value => toValue(value)),
        hits: hits.map(index => rows[index]?.id ?? ''),
        rows: traced,
      }
    },

    compile() {
      const search = rows.length >= INDEXED_FROM ? createSearch(rows, inputs.length, judge, isFirst) : scan
      return frame => {
        const values = evaluateInputs(frame)
        const bad = hasAllowed ? refused(frame, values) : -1
        if (bad >= 0) refuse(frame, bad)
        else conclude(frame, search(frame, values))
      }
    },
  }
}

function createSearch(
  rows: readonly BoundRow[],
  columnCount: number,
  judge: (row: BoundRow, values: readonly FeelValue[], frame: Frame) => boolean | null,
  isFirst: boolean,
): (frame: Frame, values: readonly FeelValue[]) => Found {
  const sets = new Map<CellProgram<Frame>, CellSet | undefined>()
  const setOf = (cell: CellProgram<Frame> | null | undefined): CellSet | undefined => {
    if (!cell) return { kind: 'any' }
    if (!sets.has(cell)) sets.set(cell, cell.tree && cell.reads.length === 0 ? cellSetOf(cell.tree) : undefined)
    return sets.get(cell)
  }
  const columns = Array.from({ length: columnCount }, (_, column) => rows.map(row => setOf(row.cells[column])))
  const index: RowIndex = createRowIndex(columns, rows.length)
  return (frame, values) => {
    const mustJudge = index.begin(values)
    const hits: number[] = []
    const unknowns: number[] = []
    for (let row = index.next(); row >= 0; row = index.next()) {
      const holds = mustJudge ? judge(rows[row] as BoundRow, values, frame) : true
      if (holds === null) unknowns.push(row)
      if (holds !== true) continue
      hits.push(row)
      if (isFirst) break
    }
    return { hits, unknowns }
  }
}

/** What rows do to a frame. */
export interface TableEffects {
  readonly write: (frame: Frame, cells: readonly (OutputCell | undefined)[]) => void
  readonly explain: (frame: Frame, row: BoundRow) => void
  /** More rows hold than the hit policy allows. */
  readonly violate: (frame: Frame) => void
}

function createEffects(step: TableStep, columns: readonly OutputColumn[], context: StepContext): TableEffects {
  const several = violation(step, context)
  return {
    write(frame, cells) {
      for (let at = 0; at < columns.length; at++) {
        const cell = cells[at]
        if (!cell) continue
        const { target, definition } = columns[at] as OutputColumn
        const value = cell.run(frame)
        if (target.kind === 'outcome') {
          if (isOutcome(value)) frame.ask(value)
          else if (lacksAny(frame, cell.reads)) frame.isUnknown = true
          continue
        }
        const written = outputValue(value, definition)
        if (written !== undefined) frame.writeSlot(target.slot, written)
        else if (lacksAny(frame, cell.reads)) frame.isUnknown = true
      }
    },
    explain(frame, row) {
      if (row.reason) frame.reasons.push(row.reason(frame))
    },
    violate(frame) {
      frame.isUnknown = true
      frame.reasons.push(several(frame))
    },
  }
}

/** Applies the hit policy; says which rows had a say. */
function createConclusion(
  step: TableStep,
  rows: readonly BoundRow[],
  columns: readonly OutputColumn[],
  { write, explain, violate }: TableEffects,
): (frame: Frame, found: Found) => readonly number[] {
  const fallbacks = columns.map(({ fallback }) => fallback)
  const priorities = columns.map(column => column.priorities)
  // Under U and A one row is all there can be, so the others need not be known.
  const oneIsEnough = step.hitPolicy === 'U' || step.hitPolicy === 'A'

  return (frame, { hits, unknowns }) => {
    if (unknowns.length > 0 && !(oneIsEnough && hits.length > 0)) frame.isUnknown = true
    const chosen = selectHits(step.hitPolicy, hits, {
      priorities,
      outputsOf: hit => (rows[hit] as BoundRow).outputs.map(cell => cell.run(frame)),
    })
    if (!chosen) {
      violate(frame)
      return []
    }
    if (step.hitPolicy === 'C' && step.aggregation) {
      for (const hit of chosen) explain(frame, rows[hit] as BoundRow)
      const total = aggregate(
        step.aggregation,
        chosen.map(hit => rows[hit]?.outputs[0]?.run(frame) ?? null),
      )
      write(frame, total === null ? fallbacks : [{ reads: [], run: () => total }])
      return chosen
    }
    if (chosen.length === 0) write(frame, fallbacks)
    for (const hit of chosen) {
      explain(frame, rows[hit] as BoundRow)
      write(frame, (rows[hit] as BoundRow).outputs)
    }
    return chosen
  }
}

function bindReason(
  row: TableRow,
  outputs: readonly OutputCell[],
  outcomeColumn: number,
  step: TableStep,
  context: StepContext,
  path: string,
): ReasonTemplate | undefined {
  if (!row.reason) return undefined
  reportPlaceholders(row.reason.text, context, pointer(path, 'reason', 'text'))
  return reasonTemplate(row.reason, { path, step: step.id, adverse: outputs[outcomeColumn]?.constant !== 'approve' }, context.scope)
}

function outputCell(program: ExpressionProgram<Frame> | undefined): OutputCell {
  if (!program) return { reads: [], run: () => null, constant: null }
  if (program.isConstant) {
    const value = program.run(undefined as unknown as Frame, null)
    return { reads: [], run: () => value, constant: value }
  }
  return { reads: program.reads, run: frame => program.run(frame, null) }
}

function once<Made>(made: Map<string, Made> | undefined, text: string, make: (text: string) => Made): Made {
  const before = made?.get(text)
  if (before !== undefined) return before
  const now = make(text)
  made?.set(text, now)
  return now
}

function isAny(cell: CellProgram<Frame>): boolean {
  return cell.tree !== undefined && cell.tree.tests.length === 0 && cell.problems.length === 0
}

function isOutcome(value: FeelValue): value is Outcome {
  return (OUTCOMES as readonly FeelValue[]).includes(value)
}

function factTypeOf(type: string): FactType | undefined {
  return type === 'number' || type === 'string' || type === 'boolean' || type === 'date' || type === 'list' ? type : undefined
}

function violation(step: TableStep, context: StepContext): ReasonTemplate {
  const title = step.title ?? { en: step.id, zh: step.id }
  const en = step.hitPolicy === 'U' ? 'more than one row holds, where one at most may' : 'rows that hold disagree'
  const zh = step.hitPolicy === 'U' ? '有多于一行成立，而最多只允许一行' : '成立的各行结论不一致'
  return reasonTemplate(
    { code: 'TABLE_AMBIGUOUS', text: { en: `${title.en}: ${en}.`, zh: `${title.zh}：${zh}。` } },
    { path: context.path, step: step.id, adverse: true },
    context.scope,
  )
}

function refusal(step: TableStep, index: number, path: string, context: StepContext): ReasonTemplate {
  const input = step.inputs[index]
  const label = input?.label ?? { en: input?.expression ?? '', zh: input?.expression ?? '' }
  return reasonTemplate(
    {
      code: 'VALUE_NOT_ALLOWED',
      text: { en: `${label.en} has a value that the table does not allow.`, zh: `${label.zh}的值不在决策表允许的范围内。` },
    },
    { path, step: step.id, adverse: true },
    context.scope,
  )
}

function traceRows(rows: readonly BoundRow[], { hits, unknowns }: Found, isFirst: boolean): readonly number[] {
  if (rows.length <= TRACED_ROWS) return rows.map((_, index) => index)
  const last = isFirst ? (hits[0] ?? rows.length) : rows.length
  return [...hits, ...unknowns.filter(index => index < last)].slice(0, TRACED_ROWS).toSorted((a, b) => a - b)
}

function traceRow(
  row: BoundRow,
  index: number,
  { hits, unknowns }: Found,
  values: readonly FeelValue[],
  frame: Frame,
  isFirst: boolean,
): { id: string; path: string; result: Truth; cells: Truth[] } {
  const isSkipped = isFirst && hits[0] !== undefined && index > hits[0]
  const cells = row.cells.map((cell, column): Truth =>
    isSkipped ? 'skipped' : truthOf(cell ? cell.run(frame, values[column] ?? null) : true),
  )
  const result = isSkipped ? 'skipped' : hits.includes(index) ? 'true' : unknowns.includes(index) ? 'unknown' : 'false'
  return { id: row.id, path: row.path, result, cells }
}

function truthOf(value: FeelValue): Truth {
  if (value === true) return 'true'
  return value === false ? 'false' : 'unknown'
}
