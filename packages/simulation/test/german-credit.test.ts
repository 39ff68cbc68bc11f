import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Policy, ScorecardStep } from '@surety/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import card from '../../engine/test/conformance/policies/german-credit.json' with { type: 'json' }
import { findRecords, openDataSet, simulate, type DataSet, type SimulationRun } from '../src/index.ts'

const folder = resolve(import.meta.dirname, '../../..', process.env['SURETY_SHARED_DATA'] ?? '../shared/data', 'german-credit')
const file = resolve(folder, 'germancredit.csv')

/** Whole points for each bin, as the reference publishes them, and cut-offs over their sum. */
const POINTS: Readonly<Record<string, readonly number[]>> = {
  status_of_existing_checking_account: [-49, -24, 71, 25],
  duration_in_month: [67, 18, -6, -27, -58],
  credit_history: [37, -4, -4, -68, -57],
  savings_account_and_bonds: [38, -15, 38, 59, -8],
  age_in_years: [-28, -3, 30, 10],
  credit_amount: [-2, 38, 14, -20, -61],
  other_installment_plans: [7, -26, -25],
}

function policyWith(refer: number, decline: number): Policy {
  const { scaling: _, ...step } = (card as unknown as Policy).steps[0] as ScorecardStep
  const below = (score: number) => ({ all: [{ fact: 'score', operator: 'lessThan', value: score }] })
  return {
    ...(card as unknown as Policy),
    steps: [
      {
        ...step,
        initial: 449,
        characteristics: step.characteristics.map(characteristic => ({
          ...characteristic,
          bins: characteristic.bins.map((bin, index) => ({ ...bin, points: POINTS[characteristic.id]![index]! })),
        })),
      },
      {
        id: 'cut-offs',
        kind: 'rules',
        rules: [
          { id: 'too-low', conditions: below(decline), event: { type: 'too-low', params: { outcome: 'decline' } } },
          { id: 'grey', conditions: below(refer), event: { type: 'grey', params: { outcome: 'refer' } } },
        ],
      },
    ],
  }
}

/** The same by hand, from the file itself. */
const BY_HAND = (column: string): string => `
  with scored as (
    select credit_amount, creditability, purpose,
      449
      + case status_of_existing_checking_account when '... < 0 DM' then -49 when '0 <= ... < 200 DM' then -24 when 'no checking account' then 71 else 25 end
      + case when duration_in_month < 8 then 67 when duration_in_month < 16 then 18 when duration_in_month < 34 then -6 when duration_in_month < 44 then -27 else -58 end
      + case credit_history when 'critical account/ other credits existing (not at this bank)' then 37 when 'existing credits paid back duly till now' then -4
          when 'delay in paying off in the past' then -4 when 'no credits taken/ all credits paid back duly' then -68 else -57 end
      + case savings_account_and_bonds when 'unknown/ no savings account' then 38 when '... < 100 DM' then -15 when '500 <= ... < 1000 DM' then 38 when '... >= 1000 DM' then 59 else -8 end
      + case when age_in_years < 26 then -28 when age_in_years < 35 then -3 when age_in_years < 40 then 30 else 10 end
      + case when credit_amount < 1400 then -2 when credit_amount < 1800 then 38 when credit_amount < 4000 then 14 when credit_amount < 9200 then -20 else -61 end
      + case other_installment_plans when 'none' then 7 when 'bank' then -26 else -25 end as score
    from read_csv('${file}', header = true)
  ), decided as (
    select *, case when score < 400 then 'decline' when score < 450 then 'refer' else 'approve' end as base,
      case when score < 420 then 'decline' when score < 440 then 'refer' else 'approve' end as challenger
    from scored
  )
  select ${column}, count(*)::integer as count, sum(credit_amount)::decimal(18, 2)::varchar as amount,
    count(*) filter (creditability = 'bad')::integer as bad, coalesce(sum(credit_amount) filter (creditability = 'bad'), 0)::decimal(18, 2)::varchar as bad_amount,
    (count(*) filter (creditability = 'bad'))::double / count(*) as bad_rate
  from decided group by all order by all`

describe.skipIf(!existsSync(file))('a cut-off changed on the German credit data (needs the shared data folder)', () => {
  let data: DataSet
  let run: SimulationRun
  let ask: (sql: string) => Promise<readonly Record<string, unknown>[]>

  beforeAll(async () => {
    data = await openDataSet(file)
    run = await simulate(data, {
      base: policyWith(450, 400),
      challenger: policyWith(440, 420),
      outcome: 'creditability',
      amount: 'credit_amount',
      segment: 'purpose',
    })
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    ask = async sql => (await connection.runAndReadAll(sql)).getRowObjectsJson()
  })
  afterAll(() => data?.close())

  it('gives the swap set of SQL written by hand, to the last digit', async () => {
    const byHand = await ask(BY_HAND('base, challenger'))
    const { cells, rows } = run.simulation.report
    expect(rows).toBe(1000)
    const found = cells
      .filter(({ count }) => count > 0)
      .map(({ base, challenger, count, amount, bad, badAmount, badRate }) => ({
        base,
        challenger,
        count,
        amount,
        bad,
        bad_amount: badAmount,
        bad_rate: badRate,
      }))
      .toSorted((left, right) => (`${left.base}${left.challenger}` < `${right.base}${right.challenger}` ? -1 : 1))
    console.log(`German credit: ${found.map(({ base, challenger, count }) => `${base} → ${challenger} ${count}`).join(', ')}`)
    expect(found).toEqual(byHand)
    // All that moves: both cut-offs did.
    expect(found.filter(({ base, challenger }) => base !== challenger).length).toBeGreaterThan(1)
  })

  it('gives its outcomes by segment too', async () => {
    const byHand = await ask(BY_HAND('purpose, challenger'))
    const found = run.simulation.report.segments
      .flatMap(({ segment, challenger }) => challenger.map(total => ({ segment, ...total })))
      .filter(({ count }) => count > 0)
      .map(({ segment, outcome, count, amount, bad, badAmount, badRate }) => ({
        purpose: segment,
        challenger: outcome,
        count,
        amount,
        bad,
        bad_amount: badAmount,
        bad_rate: badRate,
      }))
    const key = (row: Record<string, unknown>): string => `${row['purpose'] as string} ${row['challenger'] as string}`
    const sort = <T extends Record<string, unknown>>(list: readonly T[]): T[] =>
      list.toSorted((left, right) => (key(left) < key(right) ? -1 : 1))
    expect(sort(found)).toEqual(sort(byHand))
  })

  it('says of each record that moves which rule moved it, and shows the record', async () => {
    const { total, records } = await findRecords(data, run, { isChanged: true }, { offset: 0, limit: 500 })
    expect(total).toBe(run.simulation.report.changed.count)
    expect(records).toHaveLength(Math.min(500, total))
    for (const { base, challenger, firstDifference, data: row } of records) {
      expect(firstDifference).toMatchObject({
        kind: 'rule',
        step: 'cut-offs',
        id: base === 'decline' || challenger === 'decline' ? 'too-low' : 'grey',
      })
      expect(Object.keys(row)).toHaveLength(21)
    }
    expect(run.simulation.report.movers.reduce((sum, { count }) => sum + count, 0)).toBe(total)
  })

  it('is the same to the byte when asked again, and marks what was never observed', async () => {
    const again = await simulate(data, {
      base: policyWith(450, 400),
      challenger: policyWith(440, 420),
      outcome: 'CREDITABILITY',
      amount: 'credit_amount',
      segment: 'purpose',
    })
    expect(JSON.stringify(again.simulation)).toBe(JSON.stringify(run.simulation))
    for (const { base, isInferred, expectedBadRate } of run.simulation.report.cells) {
      expect(isInferred).toBe(base !== 'approve')
      expect(typeof expectedBadRate === 'number').toBe(base !== 'approve' && isInferred && (expectedBadRate ?? null) !== null)
    }
  })
})
