import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { migrate } from '@surety/store'
import postgres from 'postgres'
import { probePostgres, startCluster, THROWAWAY_SETTINGS } from '../../../scripts/services/postgres.ts'
import { TEST_APP_PASSWORD, TEST_TEMPLATE, withDatabase } from '../database.ts'
import { once } from '../once.ts'
import { noteServer, removeFolder, throwawayFolder } from '../throwaway.ts'

/** One PostgreSQL for a whole run, with a migrated template that every test file clones. */
export default once('postgres', async () => {
  const server = process.env['DATABASE_URL'] ? await borrowed(process.env['DATABASE_URL']) : await ours()
  process.env['SURETY_TEST_POSTGRES'] = server.url
  process.env['SURETY_TEST_TEMPLATE'] = `${TEST_TEMPLATE}_${process.pid}`
  await makeTemplate(server.url, process.env['SURETY_TEST_TEMPLATE'])
  return server.stop
})

interface TestServer {
  readonly url: string
  stop(): Promise<void>
}

async function ours(): Promise<TestServer> {
  const folder = await throwawayFolder()
  const cluster = await startCluster({
    dataDirectory: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    password: randomBytes(12).toString('hex'),
    settings: THROWAWAY_SETTINGS,
  })
  noteServer(folder, cluster.process.pid)
  return {
    url: cluster.urlOf('postgres'),
    async stop() {
      await cluster.process.stop('SIGQUIT', 10_000)
      removeFolder(folder)
    },
  }
}

async function borrowed(url: string): Promise<TestServer> {
  await probePostgres(url, 'DATABASE_URL')
  return {
    url,
    async stop() {
      const sql = postgres(url, { max: 1, onnotice: () => {} })
      const rows = await sql<
        { datname: string }[]
      >`select datname from pg_database where datname like ${`surety\\_test\\_%\\_${process.pid}%`}`
      for (const { datname } of rows) await sql`drop database if exists ${sql(datname)} with (force)`
      await sql.end()
    },
  }
}

async function makeTemplate(serverUrl: string, template: string): Promise<void> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} })
  try {
    await sql`create database ${sql(template)}`
    await migrate(withDatabase(serverUrl, template), { appPassword: TEST_APP_PASSWORD })
  } finally {
    await sql.end()
  }
}
