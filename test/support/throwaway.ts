import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clearLeftover } from '../../scripts/services/postgres.ts'
import { isAlive, startedAt, stopLeftover } from '../../scripts/services/process.ts'

/** A folder for one run's servers. Those of runs that were killed are emptied first, their servers stopped. */
export async function throwawayFolder(): Promise<string> {
  mkdirSync(tmpdir(), { recursive: true })
  for (const name of readdirSync(tmpdir())) if (name.startsWith(PREFIX)) await sweep(join(tmpdir(), name))
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  writeFileSync(join(folder, 'owner'), signatureOf(process.pid))
  return folder
}

/** Notes a server that would outlive us if we were killed. */
export function noteServer(folder: string, pid: number): void {
  writeFileSync(join(folder, `server-${pid}`), signatureOf(pid))
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

const PREFIX = 'surety-test-'

async function sweep(folder: string): Promise<void> {
  try {
    if (statSync(folder).uid !== process.getuid?.()) return
    const owner = existsSync(join(folder, 'owner')) ? readFileSync(join(folder, 'owner'), 'utf8') : undefined
    // One that has no owner yet may be in the making.
    if (owner === undefined ? Date.now() - statSync(folder).mtimeMs < 60_000 : isSame(owner)) return
    for (const place of ['postgres', 'home/postgres']) await clearLeftover(join(folder, place))
    for (const name of readdirSync(folder)) {
      if (!name.startsWith('server-')) continue
      const signature = readFileSync(join(folder, name), 'utf8')
      if (isSame(signature)) await stopLeftover(Number(signature.split(' ')[0]), 'SIGTERM', 5000)
    }
    removeFolder(folder)
  } catch {
    // Another run is sweeping the same folder.
  }
}

// A number alone is soon another process's.
function signatureOf(pid: number): string {
  return `${pid} ${startedAt(pid) ?? ''}`
}

function isSame(signature: string): boolean {
  const pid = Number(signature.split(' ')[0])
  return isAlive(pid) && signatureOf(pid) === signature
}
