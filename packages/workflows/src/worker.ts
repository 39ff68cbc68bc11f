import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NativeConnection, Runtime } from '@temporalio/worker'
import { Client, Connection } from '@temporalio/client'
import { connect } from '@surety/store'
import { pino } from 'pino'
import { createActivities } from './activities/index.ts'
import { createWorkers } from './create-worker.ts'
import { dispatchOutbox } from './dispatch.ts'
import { keepSealed } from './seal.ts'

// The worker program: runs workflows and activities, carries the outbox to Temporal, seals the audit log.

const log = pino({ name: 'worker', level: process.env['SURETY_LOG_LEVEL'] ?? 'info' })
const databaseUrl = required('SURETY_DATABASE_URL')
const address = required('TEMPORAL_ADDRESS')
const namespace = process.env['TEMPORAL_NAMESPACE'] ?? 'default'

Runtime.install({ shutdownSignals: [] })
const sql = connect(databaseUrl, { max: 25, applicationName: 'surety-worker' })
const [connection, clientConnection] = await Promise.all([NativeConnection.connect({ address }), Connection.connect({ address })])
const client = new Client({ connection: clientConnection, namespace })

// Made ahead by whoever starts many workers, or one often; without it each bundles for itself.
const bundleFile = process.env['SURETY_WORKFLOW_BUNDLE']
const bundle = bundleFile ? { code: readFileSync(bundleFile, 'utf8'), sourceMap: '' } : undefined
const workers = await createWorkers({ connection, namespace, activities: createActivities({ sql }), ...(bundle && { bundle }) })
const running = Promise.all(workers.map(worker => worker.run()))
const outbox = await dispatchOutbox(sql, client, log)
const home = process.env['SURETY_HOME']
const sealing = keepSealed(sql, home && join(home, 'audit-anchors.ndjson'), log)
log.info({ queues: workers.map(worker => worker.options.taskQueue) }, 'worker ready')

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  })
}

try {
  await running
} finally {
  await sealing.stop()
  await outbox.stop()
  await clientConnection.close()
  await connection.close()
  await sql.end({ timeout: 5 })
}

function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  log.fatal(`${name} is not set. \`npm start\` sets it; see docs/operations for running a worker by itself.`)
  process.exit(2)
}
