import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Runtime } from '@temporalio/worker'
import { connect } from '@surety/store'
import { createActivities, type Activities } from '../../packages/workflows/src/activities/index.ts'
import { createWorkers } from '../../packages/workflows/src/create-worker.ts'
import { dispatchOutbox } from '../../packages/workflows/src/dispatch.ts'

// The worker program, except that it tells each step it takes and dies on the spot at the one that CRASH_AT names:
// `takeApplicationOn 1 before`, `carry 2 after`. "After" is the worst moment: done, and nobody told.

const [crashStep, crashCount, crashSide] = (process.env['CRASH_AT'] ?? '').split(' ')
const counts = new Map<string, number>()
// Whoever started it is gone.
process.stdout.on('error', () => process.exit(1))

async function step<T>(name: string, act: () => Promise<T>): Promise<T> {
  const count = (counts.get(name) ?? 0) + 1
  counts.set(name, count)
  process.stdout.write(`step ${name} ${count}\n`)
  const isTheOne = name === crashStep && String(count) === crashCount
  if (isTheOne && crashSide === 'before') process.kill(process.pid, 'SIGKILL')
  const result = await act()
  if (isTheOne && crashSide === 'after') process.kill(process.pid, 'SIGKILL')
  return result
}

const address = process.env['TEMPORAL_ADDRESS']!
const namespace = process.env['TEMPORAL_NAMESPACE']!
Runtime.install({
  shutdownSignals: [],
  logger: { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
})
const sql = connect(process.env['SURETY_DATABASE_URL']!, { max: 5 })
const connection = await NativeConnection.connect({ address })
const client = new Client({ connection: await Connection.connect({ address }), namespace })

const activities = Object.fromEntries(
  Object.entries(createActivities({ sql })).map(([name, act]) => [
    name,
    (input: never) => step(name, () => (act as (input: never) => Promise<unknown>)(input)),
  ]),
) as unknown as Activities
const signalWithStart = client.workflow.signalWithStart.bind(client.workflow)
client.workflow.signalWithStart = ((...args: Parameters<typeof signalWithStart>) =>
  step('carry', () => signalWithStart(...args))) as typeof client.workflow.signalWithStart

const workers = await createWorkers({ connection, namespace, activities, bundle: JSON.parse(process.env['WORKFLOW_BUNDLE']!) })
await dispatchOutbox(sql, client, { warn: () => {} })
process.stdout.write('ready\n')
await Promise.all(workers.map(worker => worker.run()))
