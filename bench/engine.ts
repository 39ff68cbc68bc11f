import { compile, compileRules, countBits, createKernel, parsePolicy, type Policy } from '@surety/engine'
import { Engine } from '@surety/engine/json-rules-engine'
import { DuckDBInstance } from '@duckdb/node-api'
import { ZenEngine } from '@gorules/zen-engine'
import jsonRulesEngine from 'json-rules-engine'
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import {
  drawBounds,
  drawRows,
  handwrittenColumns,
  handwrittenRows,
  type Row,
  toColumns,
  toPolicy,
  toRules,
  toSql,
  toZen,
} from './engine/workload.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const BOUNDS = drawBounds(20)

/** How fast the engine decides, beside those who do the same. */
export async function run({ quick = false, log }: BenchOptions): Promise<Measurement[]> {
  const rows = drawRows(quick ? 10_000 : 100_000)
  const measurements: Measurement[] = []
  const add = (measurement: Measurement): void => {
    measurements.push(measurement)
    log(
      `${measurement.name}: ${measurement.ratio.toPrecision(3)} (${measurement.ours.toPrecision(4)} / ${measurement.peer.toPrecision(4)} ${measurement.unit})`,
    )
  }
  checkAgreement(rows.slice(0, 1000))

  const sample = rows.slice(0, quick ? 500 : 5000)
  const handwritten = handwrittenRows(BOUNDS)
  const rules = compileRules(toRules(BOUNDS))
  const policy = compile(toPolicy(BOUNDS))
  const few = rows.slice(0, 20_000)
  // Before and after the others: its best rate counts, as theirs does.
  const early = await jsonRulesEngineRate(sample)
  const [ruleRate, handRate] = rates(
    quick,
    [() => each(rows, row => rules.run(row as never)), () => each(rows, row => handwritten(row))],
    rows.length,
  )
  const [tracedRate, decideRate] = rates(
    quick,
    [() => each(few, row => policy.decide(row as never, { trace: true })), () => each(few, row => policy.decide(row as never))],
    few.length,
  )
  const facade = await facadeRate(rows.slice(0, quick ? 2000 : 20_000))
  const zen = await zenRate(rows.slice(0, quick ? 2000 : 20_000))
  const jsonRules = Math.max(early, await jsonRulesEngineRate(sample))
  add(compared('row-vs-json-rules-engine', ruleRate!, jsonRules, 'rows/s'))
  add(compared('row-traced-vs-json-rules-engine', tracedRate!, jsonRules, 'rows/s'))
  add(compared('row-vs-zen-batched', ruleRate!, zen, 'rows/s'))
  add(compared('row-vs-handwritten', ruleRate!, handRate!, 'rows/s'))
  add(compared('decide-vs-json-rules-engine', decideRate!, jsonRules, 'rows/s'))
  add(compared('facade-vs-json-rules-engine', facade, jsonRules, 'rows/s'))

  for (const measurement of await columnMeasurements(quick)) add(measurement)
  for (const measurement of sizeMeasurements(quick)) add(measurement)
  return measurements
}

const compared = (name: string, ours: number, peer: number, unit: string): Measurement => ({ name, ours, peer, unit, ratio: ours / peer })

/** Against a goal: above 1 is better than the goal. */
const within = (name: string, ours: number, goal: number, unit: string): Measurement => ({
  name,
  ours,
  peer: goal,
  unit,
  ratio: goal / ours,
})

let sink = 0

function each(rows: readonly Row[], decide: (row: Row) => unknown): void {
  for (const row of rows) if (decide(row) === undefined) sink++
}

/** Runs the contestants in turns, so that a noisy neighbour meets them all, and gives each its best rate. */
function rates(quick: boolean, contestants: readonly (() => void)[], operations: number): number[] {
  const best = contestants.map(() => 0)
  for (const contestant of contestants) contestant()
  for (let round = 0; round < (quick ? 3 : 12); round++) {
    for (const [index, contestant] of contestants.entries()) {
      const begun = performance.now()
      contestant()
      best[index] = Math.max(best[index]!, (operations * 1000) / (performance.now() - begun))
    }
  }
  return best
}

/** Nobody is measured who decides differently. */
function checkAgreement(rows: readonly Row[]): void {
  const handwritten = handwrittenRows(BOUNDS)
  const rules = compileRules(toRules(BOUNDS))
  const policy = compile(toPolicy(BOUNDS))
  for (const row of rows) {
    const expected = JSON.stringify(handwritten(row))
    if (JSON.stringify(rules.run(row as never)) !== expected) throw new Error('The rules and the handwritten function disagree.')
    if (
      JSON.stringify(policy.decide(row as never).events.map(event => event.type)) !==
      JSON.stringify(handwritten(row).events.map(event => event.type))
    )
      throw new Error('The policy and the handwritten function disagree.')
  }
}

async function jsonRulesEngineRate(rows: readonly Row[]): Promise<number> {
  const engine = new jsonRulesEngine.Engine(toRules(BOUNDS) as never)
  return asyncRate(rows, row => engine.run(row))
}

async function facadeRate(rows: readonly Row[]): Promise<number> {
  const engine = new Engine(toRules(BOUNDS))
  return asyncRate(rows, row => engine.run(row))
}

async function asyncRate(rows: readonly Row[], decide: (row: Row) => Promise<unknown>): Promise<number> {
  let best = 0
  for (let round = 0; round < 4; round++) {
    const begun = performance.now()
    for (const row of rows) await decide(row)
    best = Math.max(best, (rows.length * 1000) / (performance.now() - begun))
  }
  return best
}

async function zenRate(rows: readonly Row[]): Promise<number> {
  const engine = new ZenEngine()
  const decision = engine.createDecision(toZen(BOUNDS))
  let best = 0
  for (let round = 0; round < 3; round++) {
    const begun = performance.now()
    for (let start = 0; start < rows.length; start += 100)
      await Promise.all(rows.slice(start, start + 100).map(row => decision.evaluate(row)))
    best = Math.max(best, (rows.length * 1000) / (performance.now() - begun))
  }
  engine.dispose()
  return best
}

async function columnMeasurements(quick: boolean): Promise<Measurement[]> {
  const count = quick ? 200_000 : 2_000_000
  const set = toColumns(drawRows(count), bytes => new SharedArrayBuffer(bytes))
  const policy = compile(toPolicy(BOUNDS))
  const kernel = createKernel(policy, set)
  const byHand = handwrittenColumns(BOUNDS)
  const { amount, overdueDays, utilisation, grade } = set.columns as unknown as Record<string, { values: Float64Array; codes: Uint8Array }>
  const hits = BOUNDS.map(() => new Uint32Array((count + 31) >>> 5))
  const [ours, hand] = rates(
    quick,
    [() => void kernel.run(), () => byHand(amount!.values, overdueDays!.values, utilisation!.values, grade!.codes, hits, count)],
    count,
  )
  const counts = Object.values(kernel.result.hits).map(countBits)
  if (counts.join() !== hits.map(countBits).join()) throw new Error('The kernel and the handwritten loop disagree.')

  const duck = await duckRate(
    set.rows,
    { amount: amount!.values, overdueDays: overdueDays!.values, utilisation: utilisation!.values, grade: grade!.codes },
    counts,
  )
  const [one, two] = await threadRates(policy.policy, set, quick)
  return [
    compared('column-vs-handwritten', ours!, hand!, 'rows/s'),
    compared('column-vs-duckdb', ours!, duck, 'rows/s'),
    compared('column-threads', two, one, 'rows/s'),
  ]
}

async function duckRate(
  rows: number,
  columns: { amount: Float64Array; overdueDays: Float64Array; utilisation: Float64Array; grade: Uint8Array },
  expected: readonly number[],
): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run('create table history (amount double, overdueDays double, utilisation double, grade varchar)')
  const appender = await connection.createAppender('history')
  for (let row = 0; row < rows; row++) {
    appender.appendDouble(columns.amount[row]!)
    appender.appendDouble(columns.overdueDays[row]!)
    appender.appendDouble(columns.utilisation[row]!)
    appender.appendVarchar('ABCDE'[columns.grade[row]!]!)
    appender.endRow()
  }
  appender.closeSync()
  // Its best form: an enum instead of texts.
  await connection.run("create type grade as enum ('A', 'B', 'C', 'D', 'E'); alter table history alter grade type grade")
  let best = 0
  for (let round = 0; round < 5; round++) {
    const begun = performance.now()
    const reader = await connection.runAndReadAll(toSql(BOUNDS))
    best = Math.max(best, (rows * 1000) / (performance.now() - begun))
    if (reader.getRows()[0]!.map(Number).join() !== expected.join()) throw new Error('DuckDB and the kernel disagree.')
  }
  connection.closeSync()
  return best
}

/** One worker over all rows against two over a half each, on shared columns. */
async function threadRates(policy: Policy, set: ReturnType<typeof toColumns>, quick: boolean): Promise<[one: number, two: number]> {
  const workers = [1, 2].map(() => new Worker(new URL('./engine/column-worker.ts', import.meta.url), { workerData: { policy, set } }))
  const next = async (worker: Worker): Promise<unknown> => (await once(worker, 'message'))[0]
  await Promise.all(workers.map(next))
  const times = quick ? 5 : 10
  const run = async (parts: readonly (readonly [Worker, number, number])[]): Promise<number> => {
    const begun = performance.now()
    await Promise.all(
      parts.map(([worker, from, to]) => {
        worker.postMessage({ from, to, times }, [])
        return next(worker)
      }),
    )
    return (set.rows * times * 1000) / (performance.now() - begun)
  }
  const half = (set.rows >>> 6) << 5
  const best = [0, 0] as [number, number]
  for (let round = 0; round < (quick ? 3 : 8); round++) {
    best[0] = Math.max(best[0], await run([[workers[0]!, 0, set.rows]]))
    best[1] = Math.max(
      best[1],
      await run([
        [workers[0]!, 0, half],
        [workers[1]!, half, set.rows],
      ]),
    )
  }
  await Promise.all(workers.map(worker => worker.terminate()))
  return best
}

function sizeMeasurements(quick: boolean): Measurement[] {
  const document = toPolicy(drawBounds(1000))
  const compileMs = best(quick ? 3 : 10, () => compile(document))
  const parseMs = best(quick ? 3 : 10, () => parsePolicy(document))
  const rows = drawRows(2000)
  const small = compileRules(toRules(drawBounds(10)))
  const large = compileRules(toRules(drawBounds(1000)))
  const perRule = (rules: ReturnType<typeof compileRules>, count: number): number =>
    (best(quick ? 5 : 20, () => each(rows, row => rules.run(row as never))) * 1e6) / rows.length / count
  const table = compile(tablePolicy(16_000))
  const points = drawRows(20_000)
  const tableUs =
    (best(quick ? 3 : 10, () => each(points, row => table.decide({ amount: row.amount, code: row.overdueDays }))) * 1000) / points.length
  return [
    within('compile', compileMs, 100, 'ms for 1,000 rules'),
    within('parse', parseMs, 100, 'ms for 1,000 rules'),
    within('table-16k', tableUs, 2, 'µs per decision'),
    within('scaling', perRule(large, 1000), perRule(small, 10), 'ns per rule'),
    within(
      'memory',
      heapOf(() => compile(toPolicy(BOUNDS)), 200),
      1_000_000,
      'bytes for 20 rules',
    ),
    within(
      'memory-1000',
      heapOf(() => compile(document), 5),
      10_000_000,
      'bytes for 1,000 rules',
    ),
  ]
}

function best(rounds: number, action: () => unknown): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    action()
    least = Math.min(least, performance.now() - begun)
  }
  return least
}

function heapOf(make: () => unknown, count: number): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = process.memoryUsage().heapUsed
  const kept = Array.from({ length: count }, make)
  collect()
  return (process.memoryUsage().heapUsed - before) / kept.length
}

/** A first-hit table: 160 bands of the amount by 100 codes. */
function tablePolicy(rows: number): Policy {
  const bands = rows / 100
  const policy: Policy = {
    id: 'bench/table',
    title: { en: 'Table', zh: '表' },
    facts: { amount: { type: 'number' }, code: { type: 'number' } },
    outputs: { rate: { type: 'number' } },
    steps: [
      {
        id: 'table',
        kind: 'table',
        hitPolicy: 'F',
        inputs: [
          { id: 'amount', expression: 'amount' },
          { id: 'code', expression: 'code' },
        ],
        outputs: [{ id: 'rate', name: 'rate' }],
        rows: Array.from({ length: rows }, (_, index) => {
          const band = Math.floor(index / 100)
          const width = 100_000 / bands
          return { id: `row${index}`, when: [`[${band * width}..${(band + 1) * width})`, `${index % 100}`], then: [String(index)] }
        }),
      },
    ],
  }
  return policy
}
