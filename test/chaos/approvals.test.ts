import { expect, test } from 'vitest'
import { tryApprovals } from './approvals.ts'

test(
  'approvals lose nothing and do nothing twice while worker, API, Temporal and Postgres are killed under them',
  { timeout: 600_000 },
  async () => {
    const { seconds: _, kills, ...report } = await tryApprovals({ rounds: 4, casesPerRound: 5 })
    console.log(`approvals under kills: ${JSON.stringify({ kills, ...report })}`)
    expect(report).toMatchObject({ cases: 20, ended: 20, lost: 0, doubled: 0, wrong: [] })
    expect(kills).toEqual({ worker: 1, api: 1, temporal: 1, postgres: 1 })
  },
)
