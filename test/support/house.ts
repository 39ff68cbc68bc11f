import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../scripts/services/ports.ts'

export interface HouseOptions {
  /** The folder of its data; kept when it stops. */
  readonly home: string
  readonly environment?: Readonly<Record<string, string>>
  readonly readyWithinMs?: number
}

/** The whole product, started as `npm start` starts it. */
export interface House {
  readonly address: string
  readonly home: string
  /** What its programs were told: database, Temporal, secret. */
  readonly environment: Readonly<Record<string, string>>
  /** The process id of one of its parts at this moment, for those who want to kill it. */
  pidOf(part: 'api' | 'worker' | 'temporal' | 'postgres'): number
  stop(): Promise<void>
}

/** Starts the product on a free port and waits until it says that it is ready. */
export async function startHouse({ home, environment = {}, readyWithinMs = 240_000 }: HouseOptions): Promise<House> {
  const port = await freePort()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../../scripts/start.ts')], {
    env: { ...withoutTestRunner(process.env), SURETY_HOME: home, SURETY_PORT: String(port), ...environment },
    // With the channel closed by our death, it stops itself.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  for (const pipe of [child.stdout!, child.stderr!]) pipe.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  const deadline = Date.now() + readyWithinMs
  while (!said.includes('Surety is at ')) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The house did not start:\n${said}`)
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`The house was not ready within ${readyWithinMs / 1000} s:\n${said}`)
    }
    await sleep(50)
  }
  return {
    address: `http://localhost:${port}`,
    home,
    environment: readJson(join(home, 'environment.json')),
    pidOf: part => Number(readJson(join(home, 'processes.json'))[part]?.split(' ')[0]),
    stop,
  }
}

/** The address of the house that this run shares. */
export function houseAddress(): string {
  return required('SURETY_TEST_HOUSE')
}

/** What the shared house's programs were told, so that a test can look into its book. */
export function houseEnvironment(): Readonly<Record<string, string>> {
  return readJson(join(required('SURETY_TEST_HOUSE_HOME'), 'environment.json'))
}

function readJson(file: string): Record<string, string> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
}

// A program that finds itself in a test run may behave otherwise than a person's.
function withoutTestRunner(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|NODE_OPTIONS$|SURETY_TEST_)/.test(name)),
  )
}

function required(variable: string): string {
  const value = process.env[variable]
  if (value) return value
  throw new Error(
    `${variable} is not set: this suite’s vitest.config.ts does not say needs: ['house'], or the test was started without it.`,
  )
}
