import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { OUTCOMES, type Outcome, type Policy } from '@surety/engine'
import { openDataSet, simulate } from '@surety/simulation'
import jsonRulesEngine from 'json-rules-engine'
import { drawBounds, drawRows, toPolicy, toRules, type Row } from './engine/workload.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const BASE = drawBounds(20)
// The challenger moves every third amount.
const CHALLENGER = BASE.map((bound, index) => (index % 3 === 0 ? { ...bound, amount: Math.round(bound.amount * 1.2) } : bound))
/** What a rule asks for when it fires. */
const ASKS = (index: number): Outcome => (index % 3 === 0 ? 'decline' : 'refer')
const SECONDS_FOR_A_MILLION = 10

/** A back-test from the file to the report: two versions of 20 rules, the swap set with money and bad rates, hits of every rule. */
export async function run({ quick = false, log }: BenchOptions): Promise<Measurement[]> {
  const rows = quick ? 50_000 : 1_000_000
  const folder = await mkdtemp(join(tmpdir(), 'surety-bench-'))
  try {
    const file = join(folder, 'history.parquet')
    await writeHistory(file, rows)
    const ours = await best(quick ? 1 : 3, () => ourSwapSet(file))
    const duck = await best(quick ? 1 : 3, () => swapSetInSql(file))
    if (JSON.stringify(ours.value) !== JSON.stringify(duck.value)) throw new Error('DuckDB and the simulation disagree.')
    const peer = await jsonRulesEngineRate(drawRows(quick ? 500 : 10_000))
    const rate = rows / ours.seconds
    log(
      `${rows} rows by two versions: ${ours.seconds.toFixed(2)} s here, ${duck.seconds.toFixed(2)} s in DuckDB, json-rules-engine ${Math.round(peer)} rows/s`,
    )
    return [
      {
        name: 'backtest-1m',
        ours: (ours.seconds * 1_000_000) / rows,
        peer: SECONDS_FOR_A_MILLION,
        unit: 's (goal)',
        ratio: (SECONDS_FOR_A_MILLION * rows) / (ours.seconds * 1_000_000),
      },
      { name: 'vs-duckdb', ours: rate, peer: rows / duck.seconds, unit: 'rows/s', ratio: duck.seconds / ours.seconds },
      { name: 'vs-json-rules-engine', ours: rate, peer, unit: 'rows/s', ratio: rate / peer },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type SwapLine = readonly [base: string, challenger: string, count: number, amount: string, bad: number]

async function ourSwapSet(file: string): Promise<SwapLine[]> {
  const data = await openDataSet(file)
  try {
    const { simulation } = await simulate(data, {
      base: policyOf(BASE),
      challenger: policyOf(CHALLENGER),
      amount: 'amount',
      outcome: 'result',
      segment: 'grade',
    })
    return simulation.report.cells
      .filter(({ count }) => count > 0)
      .map(({ base, challenger, count, amount, bad }): SwapLine => [base, challenger, count, amount!, bad!])
      .toSorted(byOutcome)
  } finally {
    await data.close()
  }
}

/** The same by hand: the swap set, the hits of all rules and the segments, read from the same file. */
async function swapSetInSql(file: string): Promise<SwapLine[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const hits = (bounds: typeof BASE, side: string): string =>
    bounds
      .map(
        ({ amount, days, grades, utilisation }, index) =>
          `(amount > ${amount} and overdueDays <= ${days} and grade in (${grades.map(grade => `'${grade}'`).join(', ') || `''`}) and utilisation >= ${utilisation}) as ${side}${index}`,
      )
      .join(', ')
  const outcome = (side: string): string => {
    const when = (wanted: Outcome): string => BASE.flatMap((_, index) => (ASKS(index) === wanted ? [`${side}${index}`] : [])).join(' or ')
    return `case when ${when('decline')} then 'decline' when ${when('refer')} then 'refer' else 'approve' end`
  }
  await connection.run(`create temp table fired as select *, ${hits(BASE, 'b')}, ${hits(CHALLENGER, 'c')} from read_parquet('${file}')`)
  const reader = await connection.runAndReadAll(
    `select ${outcome('b')} as base, ${outcome('c')} as challenger, count(*)::integer, sum(amount)::decimal(18, 2)::varchar, (count(*) filter (result = 'bad'))::integer from fired group by all`,
  )
  const sums = (side: string): string => BASE.map((_, index) => `count(*) filter (${side}${index})`).join(', ')
  await connection.runAndReadAll(`select ${sums('b')}, ${sums('c')} from fired`)
  await connection.runAndReadAll(`select grade, ${outcome('b')}, ${outcome('c')}, count(*), sum(amount) from fired group by all`)
  const lines = (reader.getRowsJson() as unknown as SwapLine[]).toSorted(byOutcome)
  connection.closeSync()
  instance.closeSync()
  return lines
}

async function jsonRulesEngineRate(rows: readonly Row[]): Promise<number> {
  const engines = [BASE, CHALLENGER].map(bounds => new jsonRulesEngine.Engine(toRules(bounds) as never))
  const begun = performance.now()
  for (const row of rows) for (const engine of engines) await engine.run(row)
  return (rows.length * 1000) / (performance.now() - begun)
}

function policyOf(bounds: typeof BASE): Policy {
  const policy = toPolicy(bounds)
  return {
    ...policy,
    steps: policy.steps.map(step =>
      step.kind === 'rules'
        ? { ...step, rules: step.rules.map((rule, index) => ({ ...rule, event: { ...rule.event, params: { outcome: ASKS(index) } } })) }
        : step,
    ),
  }
}

async function writeHistory(file: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('create table history (amount double, overdueDays double, utilisation double, grade varchar, result varchar)')
  const appender = await connection.createAppender('history')
  for (const [index, { amount, overdueDays, utilisation, grade }] of drawRows(rows).entries()) {
    appender.appendDouble(amount)
    appender.appendDouble(overdueDays)
    appender.appendDouble(utilisation)
    appender.appendVarchar(grade)
    appender.appendVarchar((index * 7919) % 13 === 0 ? 'bad' : 'good')
    appender.endRow()
  }
  appender.closeSync()
  await connection.run(`copy history to '${file}' (format parquet)`)
  connection.closeSync()
  instance.closeSync()
}

async function best<T>(rounds: number, work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  let seconds = Infinity
  let value: T | undefined
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now()
    value = await work()
    seconds = Math.min(seconds, (performance.now() - begun) / 1000)
  }
  return { value: value!, seconds }
}

const byOutcome = (left: SwapLine, right: SwapLine): number =>
  OUTCOMES.indexOf(left[0] as Outcome) * 3 +
  OUTCOMES.indexOf(left[1] as Outcome) -
  OUTCOMES.indexOf(right[0] as Outcome) * 3 -
  OUTCOMES.indexOf(right[1] as Outcome)
