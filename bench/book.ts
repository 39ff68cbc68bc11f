import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Policy } from '@surety/engine'
import {
  appUrlOf,
  asActor,
  checkOrder,
  connect,
  createCustomer,
  createSegment,
  migrate,
  publishPolicy,
  reconcileExposure,
  setLimit,
  SYSTEM,
  type OrderCheckRequest,
  type Sql,
} from '@surety/store'
import { startCluster } from '../scripts/services/postgres.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const ACCOUNTS = 1000
const CLIENTS = 16
const PASSWORD = 'surety-bench'

/**
 * Order checks as the API makes them, in this process and without HTTP, beside pgbench running the very statements of a check in the same
 * PostgreSQL: over many accounts, and on one that all want.
 */
export async function run({ quick = false, log }: BenchOptions): Promise<readonly Measurement[]> {
  const seconds = quick ? 3 : 15
  const folder = mkdtempSync(join(tmpdir(), 'surety-bench-book-'))
  const cluster = await startCluster({
    dataDirectory: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    password: randomBytes(12).toString('hex'),
    settings: { max_connections: '100' },
  })
  try {
    const ownerUrl = cluster.urlOf('postgres')
    await migrate(ownerUrl, { appPassword: PASSWORD })
    const url = appUrlOf(ownerUrl, PASSWORD)
    const sql = connect(url, { max: CLIENTS })
    try {
      const place = await populate(sql)
      const script = await recordScript(url, place)
      const measurements: Measurement[] = []
      for (const [name, accounts] of [
        ['order-check-vs-pgbench', ACCOUNTS],
        ['hot-account', 1],
      ] as const) {
        const ours = await ourRate(sql, place, accounts, seconds)
        const peer = await pgbenchRate(url, folder, script, accounts, seconds, log)
        log(
          `${name}: ${ours.rate.toFixed(0)}/s, p99 ${ours.p99.toFixed(1)} ms${peer === undefined ? '' : `; pgbench ${peer.toFixed(0)}/s`}`,
        )
        if (peer !== undefined)
          measurements.push({ name, ours: round(ours.rate), peer: round(peer), unit: 'checks/s', ratio: round(ours.rate / peer) })
      }
      const drift = await asActor(sql, SYSTEM, tx => reconcileExposure(tx))
      if (drift.length > 0) throw new Error(`The ledger drifted while it was measured: ${JSON.stringify(drift[0])}`)
      return measurements
    } finally {
      await sql.end()
    }
  } finally {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface Place {
  readonly segmentId: number
  /** Of the account `C1`; the others follow. */
  readonly firstAccountId: number
}

async function populate(sql: Sql): Promise<Place> {
  return asActor(sql, SYSTEM, async tx => {
    const policy = JSON.parse(readFileSync(new URL('../rules/order-check/standard/policy.json', import.meta.url), 'utf8')) as Policy
    await publishPolicy(tx, policy)
    const { id: segmentId } = await createSegment(tx, { code: 'bench', name: { en: 'Bench', zh: '测试' }, currency: 'CNY' })
    let first: number | undefined
    for (let number = 1; number <= ACCOUNTS; number += 1) {
      const { accountId } = await createCustomer(tx, { number: `C${number}`, name: `Customer ${number}` }, { segmentId, currency: 'CNY' })
      first ??= Number(accountId)
      await setLimit(tx, { accountId, kind: 'amount', amount: '100000000000', reason: 'bench' })
    }
    return { segmentId, firstAccountId: first! }
  })
}

let serial = 0

function order({ segmentId }: Place, account: number, name = `${(serial += 1)}`): OrderCheckRequest {
  return {
    key: `key ${name}`,
    segmentId,
    customerNumber: `C${account}`,
    source: 'erp',
    orderNumber: `order ${name}`,
    amount: '10.00',
    currency: 'CNY',
    checkpoint: 'entered',
  }
}

async function ourRate(sql: Sql, place: Place, accounts: number, seconds: number): Promise<{ rate: number; p99: number }> {
  const times: number[] = []
  const round = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now()
      const result = await asActor(sql, SYSTEM, tx => checkOrder(tx, order(place, 1 + Math.floor(Math.random() * accounts))))
      if (result.kind !== 'checked' || result.answer.action !== 'release')
        throw new Error(`A check that should release did not: ${JSON.stringify(result)}`)
      times.push(performance.now() - began)
    }
  }
  const clients = async (forSeconds: number): Promise<void> => {
    await Promise.all(Array.from({ length: CLIENTS }, () => round(performance.now() + forSeconds * 1000)))
  }
  await clients(1)
  times.length = 0
  await clients(seconds)
  times.sort((left, right) => left - right)
  return { rate: times.length / seconds, p99: times[Math.floor(times.length * 0.99)]! }
}

type Recorded = { readonly text: string; readonly parameters: readonly unknown[] }

/** What one check says to the database, as a script for pgbench: the order and the account are drawn anew each time. */
async function recordScript(url: string, place: Place): Promise<string> {
  const sql = connect(url, { max: 1 })
  const said: Recorded[] = []
  const check = (name: string) => asActor(sql, SYSTEM, tx => checkOrder(tx, order(place, 1, name)))
  await check('warm')
  Object.assign(sql.options, {
    debug: (_connection: number, text: string, parameters: readonly unknown[]) =>
      said.push({ text: text.trim(), parameters: [...parameters] }),
  })
  await check('recorded')
  await sql.end()
  const drawn = new Map<unknown, string>([
    ['key recorded', `('b' || :client_id || '-' || :n)`],
    ['order recorded', `('b' || :client_id || '-' || :n)`],
    ['C1', `('C' || :a)`],
    [String(place.firstAccountId), `(${place.firstAccountId - 1} + :a)`],
  ])
  const lines = said.map(({ text, parameters }) =>
    text
      .replaceAll(/--.*$/gm, '')
      .replaceAll(/\$(\d+)/g, (_all, place: string) => drawn.get(parameters[Number(place) - 1]) ?? literal(parameters[Number(place) - 1]))
      .replaceAll(/\s+/g, ' '),
  )
  return ['\\set a random(1, :accounts)', '\\set n random(1, 1000000000000)', ...lines.map(line => `${line};`)].join('\n')
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'::bytea`
  const text = value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : JSON.stringify(value)
  // A colon would begin a variable of pgbench.
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3a')}'`
}

async function pgbenchRate(
  url: string,
  folder: string,
  script: string,
  accounts: number,
  seconds: number,
  log: (line: string) => void,
): Promise<number | undefined> {
  const file = join(folder, 'check.sql')
  writeFileSync(file, script)
  try {
    const { stdout } = await promisify(execFile)(
      'pgbench',
      ['-n', '-M', 'prepared', '-c', String(CLIENTS), '-j', '2', '-T', String(seconds), '-D', `accounts=${accounts}`, '-f', file, url],
      {
        maxBuffer: 1 << 24,
      },
    )
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code !== 'ENOENT') throw new Error(`pgbench failed: ${stderr}`, { cause: error })
    log('pgbench is not on the path: nothing to compare with.')
    return undefined
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
