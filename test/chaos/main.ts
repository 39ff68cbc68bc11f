import { parseArgs } from 'node:util'
import startPostgres from '../support/setup/postgres.ts'
import startTemporal from '../support/setup/temporal.ts'
import { tryApiKills } from './api-kills.ts'
import { tryApprovals } from './approvals.ts'

// The long trials: `npm run chaos -- --rounds 20`, `npm run chaos -- --api-kills 1000`. Each prints its counts; the short ones run with the tests.

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, cases: { type: 'string', default: '7' }, 'api-kills': { type: 'string' } },
})
const log = (line: string): void => console.log(line)
const apiKills = values['api-kills']
if (apiKills !== undefined) await killApi(Number(apiKills))
if (values.rounds !== undefined || apiKills === undefined) await killInTurn(Number(values.rounds ?? 20), Number(values.cases))

async function killInTurn(rounds: number, casesPerRound: number): Promise<void> {
  const report = await tryApprovals({ rounds, casesPerRound, log })
  tell(report, report.lost + report.doubled + report.wrong.length === 0 && report.ended === report.cases)
}

async function killApi(kills: number): Promise<void> {
  // A Temporal of its own, also where a house runs.
  delete process.env['TEMPORAL_ADDRESS']
  const stops = [await startPostgres(), await startTemporal()]
  try {
    const report = await tryApiKills({ kills, log })
    tell(report, report.lost + report.doubled === 0)
  } finally {
    for (const stop of stops) await stop()
  }
}

function tell(report: object, isWell: boolean): void {
  console.log(JSON.stringify(report, null, 2))
  if (!isWell) process.exitCode = 1
}
