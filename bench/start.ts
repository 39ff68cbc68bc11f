import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../scripts/services/ports.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const COLD_GOAL_S = 180
const WARM_GOAL_S = 10

/** From `npm start` to a ready house: a clone with nothing installed and nothing cached, then the same clone again. The peer is the goal. */
export async function run({ quick = false, log }: BenchOptions): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'surety-bench-start-'))
  const clone = join(folder, 'clone')
  const home = join(folder, 'home')
  mkdirSync(home)
  try {
    execFileSync('git', ['clone', '--quiet', join(import.meta.dirname, '..'), clone])
    const cold = await timeToReady(clone, home, log)
    log(`cold: ${cold.toFixed(1)} s`)
    const warm: number[] = []
    for (let time = 0; time < (quick ? 1 : 3); time += 1) {
      warm.push(await timeToReady(clone, home, log))
      log(`warm: ${warm.at(-1)!.toFixed(1)} s`)
    }
    const slowest = Math.max(...warm)
    return [
      { name: 'start-cold', ours: round(cold), peer: COLD_GOAL_S, unit: 's', ratio: round(COLD_GOAL_S / cold) },
      { name: 'start-warm', ours: round(slowest), peer: WARM_GOAL_S, unit: 's', ratio: round(WARM_GOAL_S / slowest) },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function timeToReady(clone: string, home: string, log: (line: string) => void): Promise<number> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn('npm', ['start'], { cwd: clone, env: emptyEnvironment(home, port), stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`npm start ended before it was ready:\n${said}`)
      await sleep(50)
    }
    return (performance.now() - startedAt) / 1000
  } finally {
    child.kill('SIGTERM')
    await ended
    log(said.trim())
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })
    return ((await response.json()) as { ready?: boolean }).ready === true
  } catch {
    return false
  }
}

// A person's first day: no cache of any tool, and nothing that this very run was told. How the network is reached stays.
function emptyEnvironment(home: string, port: number): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|LANG|LC_.*|TERM|TMPDIR|USER|LOGNAME|SHELL|.*_PROXY|.*_proxy|PIP_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_.*|GO.*)$/.test(name),
  )
  const path = (process.env['PATH'] ?? '').split(':').filter(part => !part.includes('node_modules/.bin'))
  return { ...Object.fromEntries(kept), PATH: path.join(':'), HOME: home, XDG_CACHE_HOME: join(home, '.cache'), SURETY_PORT: String(port) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
