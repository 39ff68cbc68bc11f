import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { asActor, checkOrder, connect, SYSTEM, type OrderCheckRequest } from '@surety/store'
import { figuresOf, type Figures } from './figures.ts'
import type { House } from './house.ts'

/** What one check says to the database, as a script for pgbench: the order and the account are drawn anew each time. */
export async function recordScript(url: string, order: (name: string) => OrderCheckRequest, firstAccountId: number): Promise<string> {
  const sql = connect(url, { max: 1 })
  const said: { readonly text: string; readonly parameters: readonly unknown[] }[] = []
  const check = (name: string) =>
    asActor(sql, SYSTEM, tx => checkOrder(tx, order(name)), { settings: { lock_timeout: '60000', plan_cache_mode: 'force_generic_plan' } })
  await check('warm')
  Object.assign(sql.options, {
    debug: (_connection: number, text: string, parameters: readonly unknown[]) =>
      said.push({ text: text.trim(), parameters: [...parameters] }),
  })
  await check('recorded')
  await sql.end()
  const lines = said.map(({ text, parameters }) =>
    text
      .replaceAll(/--.*$/gm, '')
      .replaceAll(/\$(\d+)/g, (_all, place: string) => drawn(parameters[Number(place) - 1], firstAccountId))
      .replaceAll(/\s+/g, ' '),
  )
  return ['\\set a random(1, :accounts)', '\\set n random(1, 1000000000000)', ...lines.map(line => `${line};`)].join('\n')
}

/** The same over and over by pgbench; undefined where there is none. */
export async function pgbench(
  house: House,
  script: string,
  accounts: number,
  clients: number,
  seconds: number,
): Promise<Figures | undefined> {
  const folder = mkdtempSync(join(house.folder, 'pgbench-'))
  const file = join(folder, 'check.sql')
  writeFileSync(file, script)
  const options = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-D', `accounts=${accounts}`, '-f', file, house.url]
  try {
    await promisify(execFile)('pgbench', ['-T', '2', ...options], { cwd: folder, maxBuffer: 1 << 24 })
    await promisify(execFile)('pgbench', ['-T', String(seconds), '-l', ...options], { cwd: folder, maxBuffer: 1 << 24 })
    const times = readdirSync(folder)
      .filter(name => name.startsWith('pgbench_log'))
      .flatMap(name => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
      .map(line => Number(line.split(' ')[2]) / 1000)
    return figuresOf(times, seconds)
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT') return undefined
    throw new Error(`pgbench failed: ${stderr}`, { cause: error })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// A value of the recorded check as SQL that draws another order and another account.
function drawn(value: unknown, firstAccountId: number): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return `'${value.toISOString().replaceAll(':', '\\x3a')}'`.replace("'", "E'")
  if (Array.isArray(value) && value.every(item => typeof item === 'string'))
    return `array[${value.map(item => drawn(item, firstAccountId)).join(', ')}]`
  if (value === 'C1') return `('C' || :a)`
  if (value === String(firstAccountId)) return `(${firstAccountId - 1} + :a)::text`
  if (typeof value === 'string') return value.includes('recorded') ? named(value) : literal(value)
  const json = JSON.stringify(value)
  return `replace(${named(json)}, '"account"' || chr(58) || '"${firstAccountId}"', '"account"' || chr(58) || (${firstAccountId - 1} + :a))::jsonb`
}

function named(text: string): string {
  return `replace(${literal(text)}, 'recorded', 'b' || :client_id || '-' || :n)`
}

// A colon would begin a variable of pgbench.
function literal(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3a')}'`
}
