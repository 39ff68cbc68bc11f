import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { appUrlOf, connect, migrate, type Sql } from '@surety/store'
import { freePort } from '../../scripts/services/ports.ts'
import { startCluster } from '../../scripts/services/postgres.ts'

/** A PostgreSQL of its own with our schema, and the API as the program that it is. */
export interface House {
  readonly folder: string
  readonly sql: Sql
  readonly url: string
  readonly ownerUrl: string
  readonly port: number
  close(): Promise<void>
}

export async function openHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'surety-bench-book-'))
  const cluster = await startCluster({
    dataDirectory: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    password: randomBytes(12).toString('hex'),
    settings: { max_connections: '100', shared_buffers: '512MB', max_wal_size: '4GB' },
  })
  const password = randomBytes(12).toString('hex')
  const ownerUrl = cluster.urlOf('postgres')
  await migrate(ownerUrl, { appPassword: password })
  const url = appUrlOf(ownerUrl, password)
  const sql = connect(url, { max: 8 })
  const port = await freePort()
  const api = spawn(process.execPath, [join(import.meta.dirname, '../../packages/api/src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      SURETY_DATABASE_URL: url,
      SURETY_PORT: String(port),
      SURETY_HOST: '127.0.0.1',
      SURETY_LOG_LEVEL: 'warn',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const close = async (): Promise<void> => {
    if (api.exitCode === null && api.kill('SIGTERM')) await once(api, 'exit')
    await sql.end({ timeout: 5 })
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  for (let attempt = 0; !(await isUp(port)); attempt += 1) {
    if (api.exitCode !== null || attempt > 200) {
      await close()
      throw new Error('The API does not start.')
    }
    await sleep(100)
  }
  return { folder, sql, url, ownerUrl, port, close }
}

async function isUp(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}
