import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { freePort, isPortFree } from './ports.ts'
import { Problem } from './problem.ts'
import { launch, type ManagedProcess } from './process.ts'
import type { FoundBinary } from './temporal-binaries.ts'

export interface TemporalOptions {
  readonly binary: FoundBinary
  readonly logFile: string
  readonly namespace: string
  /** Kept in memory without one. */
  readonly databaseFile?: string
  readonly preferredPort?: number
  /** The port of Temporal's own pages; without one they are not served. */
  readonly preferredUiPort?: number | 'any'
}

/** A Temporal server of our own, running. */
export interface TemporalServer {
  readonly port: number
  readonly uiPort: number | undefined
  readonly address: string
  readonly process: ManagedProcess
  stop(): Promise<void>
}

/** Starts Temporal's dev server and waits until its namespace can be used. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  if (options.databaseFile) mkdirSync(dirname(options.databaseFile), { recursive: true })
  for (let attempt = 1, preferredPort = options.preferredPort, preferredUiPort = options.preferredUiPort; ; attempt += 1) {
    const port = await freePort(preferredPort)
    const uiPort = preferredUiPort && (await freePort(preferredUiPort === 'any' ? undefined : preferredUiPort))
    const server = launch({
      name: 'temporal',
      command: options.binary.path,
      args: [
        'server',
        'start-dev',
        '--ip=127.0.0.1',
        `--port=${port}`,
        `--namespace=${options.namespace}`,
        '--log-level=warn',
        uiPort ? `--ui-port=${uiPort}` : '--headless',
        ...(options.databaseFile ? [`--db-filename=${options.databaseFile}`] : []),
      ],
      logFile: options.logFile,
      // Neither a profile of the person's nor a variable may turn the server into something else.
      env: { ...process.env, TEMPORAL_CONFIG_FILE: '/dev/null', TEMPORAL_ADDRESS: undefined, TEMPORAL_NAMESPACE: undefined },
    })
    const address = `127.0.0.1:${port}`
    if (await becomesReady(server, address, options.namespace)) {
      return { port, uiPort, address, process: server, stop: () => server.stop('SIGTERM', 15_000) }
    }
    await server.stop('SIGTERM', 5000)
    const said = server.lastLines(8)
    const isPortTaken = !(await isPortFree(port)) || /address already in use/i.test(said)
    if (!isPortTaken || attempt === 3) {
      throw new Problem(
        'TEMPORAL_FAILED',
        `Temporal (${options.binary.path}) did not start. Its last words, from ${options.logFile}:\n${said}`,
      )
    }
    preferredPort = undefined
    if (preferredUiPort) preferredUiPort = 'any'
  }
}

/** Makes sure that a Temporal server which somebody else runs answers at this address and knows the namespace. */
export async function probeTemporal(address: string, namespace: string): Promise<void> {
  try {
    await describeNamespace(address, namespace, 8000)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem(
      'TEMPORAL_UNREACHABLE',
      `TEMPORAL_ADDRESS names ${address}, but its namespace ${namespace} cannot be used: ${reason}. Start that server, correct TEMPORAL_ADDRESS or TEMPORAL_NAMESPACE, or unset them and a server is brought along.`,
      { cause: error },
    )
  }
}

const RETENTION_DAYS = 30

async function becomesReady(server: ManagedProcess, address: string, namespace: string): Promise<boolean> {
  const deadline = Date.now() + 60_000
  while (!server.hasExited() && Date.now() < deadline) {
    try {
      await keepHistoryLonger(address, namespace)
      return true
    } catch {
      await sleep(100)
    }
  }
  return false
}

// A dev server forgets finished work after a day; people look at it for weeks.
async function keepHistoryLonger(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 2000 })
  try {
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: { seconds: (RETENTION_DAYS * 86_400) as never } },
    })
  } finally {
    await connection.close()
  }
}

async function describeNamespace(address: string, namespace: string, timeoutMs: number): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: timeoutMs })
  try {
    await connection.withDeadline(Date.now() + timeoutMs, () => connection.workflowService.describeNamespace({ namespace }))
  } finally {
    await connection.close()
  }
}
