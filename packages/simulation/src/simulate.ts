import { createHash } from 'node:crypto'
import {
  canonicalJson,
  compareVersions,
  compile,
  createKernel,
  hashPolicy,
  type CodeColumn,
  type Comparison,
  type CompileOptions,
  type Policy,
  type Simulated,
  type SwapReport,
} from '@surety/engine'
import { bindColumns, existingColumn, readSegments, type UnreadCells } from './bind-columns.ts'
import type { DataSet } from './data-set.ts'
import { readHistory, type HistoryColumns } from './read-history.ts'

export interface SimulationQuestion extends HistoryColumns {
  readonly base: Policy
  readonly challenger: Policy
  readonly segment?: string
  /** Columns of facts that are called otherwise: `{ fact: column }`. */
  readonly mapping?: Readonly<Record<string, string>>
}

export interface SimulationOptions {
  /** How policies find others that they call, and the currency of amounts that don't say theirs. */
  readonly compile?: CompileOptions
  readonly report?: (progress: SimulationProgress) => void
  readonly signal?: AbortSignal
}

export interface SimulationProgress {
  readonly phase: 'reading' | 'deciding' | 'comparing'
  readonly rows: number
  readonly of: number
}

/** All that a simulation says; the same question over the same data gives the same bytes. */
export interface Simulation {
  /** SHA-256 over both versions, the data and the question. */
  readonly id: string
  readonly base: { readonly id: string; readonly hash: string }
  readonly challenger: { readonly id: string; readonly hash: string }
  readonly data: { readonly name: string; readonly sha256: string; readonly rows: number }
  readonly columns: { readonly outcome?: string; readonly amount?: string; readonly segment?: string }
  /** Facts that no column gives, in either version. */
  readonly unbound: readonly string[]
  readonly unread: readonly UnreadCells[]
  readonly report: SwapReport
}

export interface SimulationRun {
  readonly simulation: Simulation
  /** What the records behind a cell are found by. */
  readonly comparison: Comparison
  readonly sides: readonly [Simulated, Simulated]
  readonly segment: CodeColumn | undefined
}

const BLOCK = 1 << 17

/** Decides every row by both versions and compares what comes of it. */
export async function simulate(data: DataSet, question: SimulationQuestion, options: SimulationOptions = {}): Promise<SimulationRun> {
  const { base, challenger, mapping = {} } = question
  const compiled = [compile(base, options.compile), compile(challenger, options.compile)] as const
  const say = (phase: SimulationProgress['phase'], rows: number): void => {
    options.signal?.throwIfAborted()
    options.report?.({ phase, rows, of: data.rows })
  }
  say('reading', 0)
  const history = await readHistory(data, question)
  const segmentColumn = question.segment === undefined ? undefined : existingColumn(data, question.segment)
  const segment = segmentColumn === undefined ? undefined : await readSegments(data, segmentColumn)
  const bound = await bindColumns(data, [base, challenger], mapping, rows => say('reading', rows))
  const kernels = compiled.map((policy, index) => createKernel(policy, bound[index]!.set))
  for (let from = 0; from < data.rows; from += BLOCK) {
    for (const kernel of kernels) kernel.run(from, Math.min(data.rows, from + BLOCK))
    say('deciding', Math.min(data.rows, from + BLOCK))
    // Others have work to do too, and one of them may want to cancel this.
    await new Promise(resolve => setImmediate(resolve))
  }
  say('comparing', 0)
  const sides = [
    { policy: base, result: kernels[0]!.result },
    { policy: challenger, result: kernels[1]!.result },
  ] as const
  const comparison = compareVersions(sides[0], sides[1], history, segment)
  const columns = {
    ...(question.outcome !== undefined && { outcome: existingColumn(data, question.outcome) }),
    ...(question.amount !== undefined && { amount: existingColumn(data, question.amount) }),
    ...(segmentColumn !== undefined && { segment: segmentColumn }),
  }
  const hashes = { base: hashPolicy(base), challenger: hashPolicy(challenger) }
  const id = createHash('sha256')
    .update(
      canonicalJson({
        ...hashes,
        data: data.sha256,
        columns,
        bad: question.bad ?? null,
        mapping,
        options: { currency: options.compile?.currency ?? null },
      }),
    )
    .digest('hex')
  const unread = bound.flatMap(one => one.unread)
  return {
    simulation: {
      id,
      base: { id: base.id, hash: hashes.base },
      challenger: { id: challenger.id, hash: hashes.challenger },
      data: { name: data.name, sha256: data.sha256, rows: data.rows },
      columns,
      unbound: [...new Set(bound.flatMap(one => one.unbound))],
      unread: unread.filter((one, index) => unread.findIndex(({ fact, column }) => fact === one.fact && column === one.column) === index),
      report: comparison.report,
    },
    comparison,
    sides,
    segment,
  }
}
