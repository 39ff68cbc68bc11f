import { outputValue } from '../feel/bind.ts'
import { cellSetOf, type CellSet } from '../feel/cell-set.ts'
import { canEmitCell, emitCell } from '../feel/emit-cell.ts'
import type { CellProgram, ExpressionProgram } from '../feel/program.ts'
import type { Frame } from '../frame.ts'
import { OUTCOMES, type TableStep } from '../policy/document.ts'
import type { Name } from '../scope.ts'
import type { Code, StepContext } from '../steps.ts'
import type { BoundRow, OutputCell, OutputColumn, TableEffects } from './table-step.ts'

// Larger tables are searched, not spelled out.
const MAX_EMITTED_ROWS = 64

/** A cell as generated code sees it: a set over a name, and what a missing value makes of it. */
interface EmittedCell {
  readonly name: Name
  readonly set: CellSet
  readonly whenMissing: boolean | null
}

/** The table as generated code; undefined for one that depends on more than constants and names. */
export function tableEmitter(
  step: TableStep,
  rows: readonly BoundRow[],
  inputs: readonly ExpressionProgram<Frame>[],
  columns: readonly OutputColumn[],
  effects: TableEffects,
  context: StepContext,
): ((code: Code) => void) | undefined {
  if (rows.length > MAX_EMITTED_ROWS || step.aggregation || !['U', 'F', 'C', 'R'].includes(step.hitPolicy)) return undefined
  const names = inputs.map(({ tree }) => (tree?.kind === 'name' ? context.scope.find(tree.name) : undefined))
  const tests: (readonly EmittedCell[])[] = []
  for (const row of rows) {
    const cells = row.cells.flatMap((cell, at) => (cell ? [emittedCell(cell, names[at])] : []))
    if (!cells.every(cell => cell !== undefined)) return undefined
    tests.push(cells)
  }
  const fallbacks = columns.map(({ fallback }) => fallback)
  const apply = (row: BoundRow, code: Code): string => {
    const hit = code.hit(row.path)
    const constants = code.keepsHits || !row.reason ? constantEffects(row.outputs, columns, code) : undefined
    if (constants !== undefined) return `${hit} ${constants}`
    const run = (frame: Frame): void => {
      if (!code.keepsHits) effects.explain(frame, row)
      effects.write(frame, row.outputs)
    }
    return `${hit} ${code.constant(run)}(${code.frame([...new Set(row.outputs.flatMap(({ reads }) => reads))])});`
  }
  const applyFallback = (code: Code): string => {
    if (fallbacks.every(fallback => fallback === undefined)) return ''
    const run = (frame: Frame): void => effects.write(frame, fallbacks)
    return (
      constantEffects(fallbacks, columns, code) ??
      `${code.constant(run)}(${code.frame([...new Set(fallbacks.flatMap(fallback => fallback?.reads ?? []))])});`
    )
  }
  const mayHold = (index: number, code: Code): string => {
    const cells = tests[index] as readonly EmittedCell[]
    return `((${code.isIncomplete([...new Set(cells.map(({ name }) => name.name))])}) && ${emitRow(cells, 'possibly', code)})`
  }

  switch (step.hitPolicy) {
    case 'F':
      return code =>
        code.part(() => {
          for (const [index, row] of rows.entries()) {
            code.line(`if (${emitRow(tests[index] ?? [], 'surely', code)}) { ${apply(row, code)} ${code.stop} }`)
            code.line(`if (${mayHold(index, code)}) { ${code.unknown} }`)
          }
          code.line(applyFallback(code))
        })
    case 'U':
      return code =>
        code.part(() => {
          code.line('let held = 0, row = 0;')
          for (const index of rows.keys()) code.line(`if (${emitRow(tests[index] ?? [], 'surely', code)}) { held++; row = ${index}; }`)
          code.line(`if (held > 1) { ${code.constant(effects.violate)}(${code.frame([])}); }`)
          code.line(
            `else if (held === 1) { switch (row) { ${rows.map((row, index) => `case ${index}: ${apply(row, code)} break;`).join('\n')} } }`,
          )
          code.line(
            `else { ${rows.map((_, index) => `if (${mayHold(index, code)}) { ${code.unknown} }`).join('\n')}\n${applyFallback(code)} }`,
          )
        })
    default:
      return code =>
        code.part(() => {
          code.line('let held = 0;')
          for (const [index, row] of rows.entries()) {
            code.line(`if (${emitRow(tests[index] ?? [], 'surely', code)}) { held++; ${apply(row, code)} }`)
            code.line(`else if (${mayHold(index, code)}) { ${code.unknown} }`)
          }
          code.line(`if (held === 0) { ${applyFallback(code)} }`)
        })
  }
}

function emittedCell(cell: CellProgram<Frame>, name: Name | undefined): EmittedCell | undefined {
  const set = cell.tree && cell.reads.length === 0 ? cellSetOf(cell.tree) : undefined
  if (!set || !name || !canEmitCell(set, name)) return undefined
  // A cell that reads nothing looks at its input alone.
  const whenMissing = cell.run(undefined as unknown as Frame, null)
  return { name, set, whenMissing: typeof whenMissing === 'boolean' ? whenMissing : null }
}

function emitRow(cells: readonly EmittedCell[], bound: 'surely' | 'possibly', code: Code): string {
  const tests = cells.map(({ name, set, whenMissing }) => {
    const test = emitCell(set, name, code)
    const countsMissing = whenMissing === true || (whenMissing === null && bound === 'possibly')
    return countsMissing ? `(!${code.present(name.name)} || ${test})` : test
  })
  return tests.length === 0 ? 'true' : `(${tests.join(' && ')})`
}

function constantEffects(cells: readonly (OutputCell | undefined)[], columns: readonly OutputColumn[], code: Code): string | undefined {
  const statements: string[] = []
  for (const [at, { target, definition, name }] of columns.entries()) {
    const cell = cells[at]
    if (!cell || cell.constant === null) continue
    if (cell.constant === undefined) return undefined
    if (target.kind === 'outcome') {
      const outcome = OUTCOMES.find(known => known === cell.constant)
      if (outcome) statements.push(code.ask(outcome))
      continue
    }
    const value = outputValue(cell.constant, definition)
    if (value !== undefined) statements.push(code.write(name, value))
  }
  return statements.join(' ')
}
