import { parseArgs } from 'node:util'
import { tryApprovals } from './approvals.ts'

// The long trials: `npm run chaos -- --rounds 20`. Each prints its counts; the short ones run with the tests.

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, cases: { type: 'string', default: '7' } } })
const report = await tryApprovals({ rounds: Number(values.rounds), casesPerRound: Number(values.cases), log: line => console.log(line) })
console.log(JSON.stringify(report, null, 2))
process.exitCode = report.lost + report.doubled + report.wrong.length === 0 && report.ended === report.cases ? 0 : 1
