import { connect, deleteExpiredSessions, isConnectionLoss, pendingMigrations } from '@surety/store'
import { pino } from 'pino'
import { readConfig, type Config } from './config.ts'
import { createHoldWatch } from './hold-watch.ts'
import { createLiveHub } from './live/hub.ts'
import { BULK_CONNECTIONS } from './ingest/turns.ts'
import { createLedgerWatch } from './ledger-watch.ts'
import { createServer } from './server.ts'
import { createTemporalProbe } from './temporal.ts'
import { createSeal } from './webhooks/seal.ts'
import { createWebhookSender } from './webhooks/sender.ts'

const HOUR_MS = 3_600_000
const GRACE_MS = 8000

/** Puts the program together and runs it until it is told to stop. */
const config = configOrExit()
const logger = pino({ name: 'api', level: config.logLevel })
const sql = connect(config.databaseUrl, { max: 20, applicationName: 'surety-api' })
const bulk = connect(config.databaseUrl, { max: BULK_CONNECTIONS, applicationName: 'surety-api-bulk' })
const temporal = createTemporalProbe(config.temporalAddress, config.temporalNamespace)
const live = createLiveHub(sql, problem => logger.warn({ err: problem }, 'not listening to the database'))
const holds = createHoldWatch(sql, problem => logger.warn({ err: problem }, 'holds are not looked at'))
const ledger = createLedgerWatch(
  bulk,
  ({ id, segmentId, findingCount }) =>
    logger.error({ reconciliation: id, segmentId, findingCount }, 'the ledger differs from its documents'),
  problem => logger.warn({ err: problem }, 'the ledger is not reconciled'),
)
// Without a key of the house there are no webhooks to send.
const webhooks =
  config.secret === undefined
    ? undefined
    : createWebhookSender(sql, createSeal(config.secret), problem => logger.warn({ err: problem }, 'webhooks are not sent'))
const server = createServer({
  config,
  sql,
  bulk,
  live,
  logger,
  probes: {
    postgres: async () => (await sql`select 1`).length === 1,
    migrations: async () => (await pendingMigrations(sql)).length === 0,
    temporal: temporal.isUp,
    worker: temporal.hasWorker,
  },
})

server.listen(config.port, config.host, () => logger.info({ port: config.port, environment: config.environment }, 'listening'))
server.on('error', error => {
  logger.fatal({ err: error }, 'can not listen')
  process.exit(3)
})
// The driver asks questions of its own when it connects, and nobody waits for them: a connection that is lost then concerns nobody else.
process.on('unhandledRejection', error => {
  if (!isConnectionLoss(error)) throw error
  logger.warn({ err: error }, 'a connection to the database was lost')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal))

setInterval(
  () => void deleteExpiredSessions(sql).catch((error: unknown) => logger.warn({ err: error }, 'expired sessions are left')),
  HOUR_MS,
).unref()

// Live connections are ended at once, so that browsers move on; requests at work get their time.
async function stop(signal: string): Promise<void> {
  logger.info({ signal }, 'stopping')
  const forced = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  const closed = new Promise(resolve => server.close(resolve))
  await Promise.all([live.close(), holds.close(), ledger.close(), webhooks?.close()])
  server.closeIdleConnections()
  await closed
  clearTimeout(forced)
  await Promise.allSettled([sql.end({ timeout: 5 }), bulk.end({ timeout: 5 }), temporal.close()])
  logger.info('stopped')
  process.exit(0)
}

function configOrExit(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  }
}
