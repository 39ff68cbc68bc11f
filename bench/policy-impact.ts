import { readdirSync, readFileSync } from 'node:fs'
import { generateLedger } from '../packages/credit/src/index.ts'
import type { Policy, ScorecardStep } from '@surety/engine'
import {
  actorOf,
  asActor,
  connect,
  findUserByLogin,
  measureImpact,
  openPolicyDraft,
  requestPolicyImpact,
  savePolicyDraft,
  seedDemo,
  SYSTEM,
} from '@surety/store'
import { openHouse } from './book/house.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const GOAL_MS = 10_000
const AGAIN_GOAL_MS = 2_000

/**
 * The effect of a draft on every customer of today: facts computed from the whole book and decided twice in columns; then, the book unchanged,
 * another look at an edited draft, as an author takes many.
 */
export async function run({ quick = false, log }: BenchOptions): Promise<readonly Measurement[]> {
  const customers = quick ? 1_000 : 10_000
  const house = await openHouse()
  try {
    const policies = shippedPolicies()
    const records = generateLedger({ customers, months: 12, seed: '1', endDate: new Date().toISOString().slice(0, 10) })
    const seeded = await seedDemo(house.sql, records, { policies, log: line => log(line) })
    if (seeded.kind !== 'seeded') throw new Error('The house is not new.')
    // The seed has looked at the facts already; this connection has not.
    const sql = connect(house.url, { max: 4 })
    const officer = (await asActor(house.sql, SYSTEM, tx => findUserByLogin(tx, 'risk')))!
    const measure = async (points: number): Promise<{ tookMs: number; moved: number; total: number }> => {
      const asked = await asActor(house.sql, actorOf(officer), async tx => {
        const opened = valueOf(await openPolicyDraft(tx, 'assessment/trade-credit'))
        valueOf(
          await savePolicyDraft(tx, {
            id: opened.id,
            baseRevision: opened.revision,
            document: shifted(opened.document, points),
            cases: [],
          }),
        )
        return valueOf(await requestPolicyImpact(tx, opened.id))
      })
      const start = performance.now()
      const { result, problem } = await measureImpact(sql, asked.id)
      if (!result) throw new Error(problem ?? 'no result')
      return { tookMs: performance.now() - start, moved: result.moved, total: result.total }
    }
    const first = await measure(3)
    log(`first: ${first.tookMs.toFixed(0)} ms, ${first.moved} of ${first.total} customers move`)
    const again = await measure(5)
    await sql.end()
    log(`again: ${again.tookMs.toFixed(0)} ms, ${again.moved} of ${again.total} customers move`)
    return [
      {
        name: `impact-${customers}-customers`,
        ours: Math.round(first.tookMs),
        peer: GOAL_MS,
        unit: 'ms, at most',
        ratio: GOAL_MS / first.tookMs,
      },
      {
        name: `impact-${customers}-again`,
        ours: Math.round(again.tookMs),
        peer: AGAIN_GOAL_MS,
        unit: 'ms, at most',
        ratio: AGAIN_GOAL_MS / again.tookMs,
      },
    ]
  } finally {
    await house.close()
  }
}

/** The policy with so many points taken off the first bin of each characteristic. */
function shifted(policy: Policy, points: number): Policy {
  return {
    ...policy,
    steps: policy.steps.map(step =>
      step.kind === 'scorecard'
        ? ({
            ...step,
            characteristics: step.characteristics.map(one => ({
              ...one,
              bins: one.bins.map((bin, at) => (at === 0 ? { ...bin, points: bin.points - points } : bin)),
            })),
          } satisfies ScorecardStep)
        : step,
    ),
  }
}

function shippedPolicies(): Policy[] {
  const rules = new URL('../rules/', import.meta.url)
  return readdirSync(rules, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('policy.json'))
    .toSorted()
    .map(file => JSON.parse(readFileSync(new URL(file, rules), 'utf8')) as Policy)
}

function valueOf<T>(result: { readonly kind: string; readonly value?: T }): T {
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result))
  return result.value!
}
