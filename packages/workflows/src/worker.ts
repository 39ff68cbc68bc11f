import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NativeConnection, Runtime } from '@temporalio/worker'
import { Client, Connection } from '@temporalio/client'
import { connect, isConnectionLoss } from '@surety/store'
import { pino } from 'pino'
import { createActivities } from './activities/index.ts'
import { createWorkers } from './create-worker.ts'
import { dispatchOutbox } from './dispatch.ts'
import { watchCustomers } from './early-warning/watch-customers.ts'
import { deliverMail } from './mail/deliver-mail.ts'
import { startDemoMailServer } from './mail/demo-mail-server.ts'
import { reconcileSchedules } from './schedules.ts'
import { keepSealed } from './seal.ts'

// The worker program: runs workflows and activities, carries the outbox to Temporal and mail to its server, seals the audit log.

const log = pino({ name: 'worker', level: process.env['SURETY_LOG_LEVEL'] ?? 'info' })
const databaseUrl = required('SURETY_DATABASE_URL')
const address = required('TEMPORAL_ADDRESS')
const namespace = process.env['TEMPORAL_NAMESPACE'] ?? 'default'

// The driver asks questions of its own when it connects, and nobody waits for them: a connection that is lost then concerns nobody else.
process.on('unhandledRejection', error => {
  if (!isConnectionLoss(error)) throw error
  log.warn({ err: error }, 'a connection to the database was lost')
})

Runtime.install({ shutdownSignals: [] })
const sql = connect(databaseUrl, { max: 25, applicationName: 'surety-worker' })
const [connection, clientConnection] = await Promise.all([NativeConnection.connect({ address }), Connection.connect({ address })])
const client = new Client({ connection: clientConnection, namespace })

// Made ahead by whoever starts many workers, or one often; without it each bundles for itself.
const bundleFile = process.env['SURETY_WORKFLOW_BUNDLE']
const bundle = bundleFile ? { code: readFileSync(bundleFile, 'utf8'), sourceMap: '' } : undefined
const workers = await createWorkers({ connection, namespace, activities: createActivities({ sql, client }), ...(bundle && { bundle }) })
const running = Promise.all(workers.map(worker => worker.run()))
await reconcileSchedules(client)
const outbox = await dispatchOutbox(sql, client, log)
const home = process.env['SURETY_HOME']
// A demo without a mail server brings its own, so that nothing is ever sent to anybody from it.
const smtpUrl = process.env['SURETY_SMTP_URL']
const demoMailServer = !smtpUrl && process.env['SURETY_DEMO'] === '1' ? await startDemoMailServer(sql, 0) : undefined
const mailServer = smtpUrl ?? (demoMailServer && `smtp://127.0.0.1:${demoMailServer.port}`)
const mail =
  mailServer === undefined
    ? undefined
    : await deliverMail(
        sql,
        {
          server: mailServer,
          from: process.env['SURETY_MAIL_FROM'] ?? 'Surety <surety@localhost>',
          consoleUrl: process.env['SURETY_PUBLIC_URL'] ?? `http://localhost:${process.env['SURETY_PORT'] ?? '4000'}`,
        },
        log,
      )
if (!mail) log.warn('SURETY_SMTP_URL is not set: mails wait until it is')
const warnings = await watchCustomers(sql, log)
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
  await warnings.stop()
  await mail?.stop()
  await demoMailServer?.stop()
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
