import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { buildConsole } from './house/console-build.ts'
import { applicationPassword, type Home, openHome, ROOT, shortPath } from './house/home.ts'
import { runProgram } from './house/program.ts'
import { onStopRequest } from './house/stop-request.ts'
import { type Component, createSupervisor } from './house/supervisor.ts'
import { prepareWorkflowBundle } from './house/workflow-bundle.ts'
import { createProgress, type Step } from './progress.mjs'
import { cacheDirectory } from './services/home.ts'
import { freePort, isPortFree } from './services/ports.ts'
import { type Cluster, probePostgres, startCluster } from './services/postgres.ts'
import { Problem } from './services/problem.ts'
import { launch, type ManagedProcess } from './services/process.ts'
import { probeTemporal, startTemporal } from './services/temporal.ts'
import { findTemporalBinary } from './services/temporal-binaries.ts'

const NAMESPACE = process.env['TEMPORAL_NAMESPACE'] || 'default'
const READY_WITHIN_MS = 180_000
const LIFELINE = join(import.meta.dirname, 'house', 'lifeline.ts')

const progress = createProgress(process.stdout)
const supervisor = createSupervisor({ note: progress.note, giveUp: explanation => void end(1, explanation) })
let home: Home | undefined
const ending = new AbortController()
let publish = (): void => {}

onStopRequest(isUrgent => {
  if (isUrgent) supervisor.hurry()
  else void end(0)
})
await start().catch((error: unknown) => end(1, explain(error)))

async function start(): Promise<void> {
  const opened = await openHome()
  if ('heldBy' in opened) {
    progress.note(`Surety already runs from this folder, at ${opened.heldBy}.`)
    process.exit(0)
  }
  home = opened
  const port = await choosePort()
  const [ownerUrl, temporal] = await all(
    progress.run('PostgreSQL', step => bringPostgres(opened, step)),
    progress.run('Temporal', step => bringTemporal(opened, step)),
  )
  ending.signal.throwIfAborted()
  const { appUrlOf, hasChanged } = await progress.run('schema', step => prepareSchema(ownerUrl(), step))
  const environment = (): Record<string, string> => ({
    SURETY_DATABASE_URL: appUrlOf(ownerUrl()),
    ...temporal(),
    TEMPORAL_NAMESPACE: NAMESPACE,
    SURETY_PORT: String(port),
    SURETY_HOME: opened.folder,
    SURETY_DEMO: isDemo() ? '1' : '0',
    SURETY_SECRET: process.env['SURETY_SECRET'] || opened.secrets.secret,
    NODE_ENV: process.env['NODE_ENV'] || 'production',
  })
  publish = () => opened.publishEnvironment({ ...environment(), SURETY_DATABASE_OWNER_URL: ownerUrl() })
  publish()
  ending.signal.throwIfAborted()
  const demo = () =>
    progress.run(isDemo() ? 'demo company' : 'policies', step =>
      seed(opened, { ...environment(), SURETY_DATABASE_OWNER_URL: ownerUrl() }, step),
    )
  const [workflows] = await all(
    progress.run('workflows', step => bundle(opened, step)),
    progress.run('console', async step => step.say(await buildConsole(ending.signal))),
    // A new book is filled before anyone looks at it; one that has its company is only asked about it, which need not be waited for.
    hasChanged ? demo() : undefined,
  )
  ending.signal.throwIfAborted()
  const worker = ourProgram(opened, 'worker', 'packages/workflows/src/worker.ts', () => ({
    ...environment(),
    SURETY_WORKFLOW_BUNDLE: workflows,
  }))
  const api = ourProgram(opened, 'api', 'packages/api/src/main.ts', environment)
  await all(supervisor.start(worker), supervisor.start(api))
  const address = `http://localhost:${port}`
  await all(
    progress.run('programs', step => untilReady(`http://127.0.0.1:${port}/readyz`, step)),
    hasChanged ? undefined : demo(),
  )
  opened.announce(address)
  progress.note(`\nSurety is at ${address} (${seconds()} s; data in ${shortPath(opened.folder)}; Ctrl-C stops it)`)
}

async function end(code: number, explanation?: string): Promise<void> {
  if (ending.signal.aborted) return
  ending.abort()
  progress.mute()
  if (explanation) process.stderr.write(`\n${explanation}\n\n`)
  else progress.note('\nStopping …')
  await supervisor.stop()
  home?.leave()
  if (!explanation) progress.note('Stopped.')
  process.exit(code)
}

async function choosePort(): Promise<number> {
  const chosen = process.env['SURETY_PORT']
  if (!chosen) {
    for (let port = 4000; port < 4100; port += 1) {
      if (!(await isPortFree(port))) continue
      if (port !== 4000) progress.note(`  port 4000 is taken, so this is ${port}; SURETY_PORT chooses another`)
      return port
    }
    return freePort()
  }
  const port = Number(chosen)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Problem('PORT_MALFORMED', `SURETY_PORT is “${chosen}”; it should be a number from 1 to 65535.`)
  if (!(await isPortFree(port)))
    throw new Problem(
      'PORT_TAKEN',
      `SURETY_PORT asks for port ${port}, but another program listens there. Stop it, or set SURETY_PORT to a free port.`,
    )
  return port
}

async function bringPostgres(at: Home, step: Step): Promise<() => string> {
  const borrowed = process.env['DATABASE_URL']
  if (borrowed) {
    step.say(`${await probePostgres(borrowed, 'DATABASE_URL')}, from DATABASE_URL`)
    return () => borrowed
  }
  let cluster: Cluster | undefined
  const isNew = !existsSync(at.postgresData)
  await supervisor.start({
    name: 'postgres',
    stopSignal: 'SIGINT',
    hurriedSignal: 'SIGQUIT',
    graceMs: 30_000,
    async start() {
      const before = cluster?.port
      cluster = await startCluster({
        dataDirectory: at.postgresData,
        logFile: at.logFile('postgres'),
        password: at.secrets.postgresPassword,
        preferredPort: before ?? at.ports.postgres,
        settings: { max_wal_size: '2GB', shared_buffers: '256MB' },
      })
      await rememberPort(at, 'postgres', cluster.port, cluster.process.pid, before)
      return cluster.process
    },
  })
  await createDatabase(cluster!.urlOf('postgres'))
  step.say(`${cluster!.version} from npm, port ${cluster!.port}, ${isNew ? 'new ' : ''}data in ${shortPath(at.postgresData)}`)
  return () => cluster!.urlOf('surety')
}

async function createDatabase(serverUrl: string): Promise<void> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} })
  try {
    const [found] = await sql`select from pg_database where datname = 'surety'`
    if (!found) await sql`create database surety`
  } finally {
    await sql.end()
  }
}

async function bringTemporal(at: Home, step: Step): Promise<() => Record<string, string>> {
  const borrowed = process.env['TEMPORAL_ADDRESS']
  if (borrowed) {
    await probeTemporal(borrowed, NAMESPACE)
    step.say(`at ${borrowed}, from TEMPORAL_ADDRESS`)
    return () => ({ TEMPORAL_ADDRESS: borrowed })
  }
  const binary = await findTemporalBinary('dev-server', {
    cacheDirectory: cacheDirectory(),
    log: line => progress.note(`  ${line}`),
    signal: ending.signal,
  })
  let address: string | undefined
  let uiPort: number | undefined
  await supervisor.start({
    name: 'temporal',
    stopSignal: 'SIGTERM',
    hurriedSignal: 'SIGKILL',
    graceMs: 15_000,
    async start() {
      const before = at.ports.temporal
      const isFirst = address === undefined
      const server = await startTemporal({
        binary,
        logFile: at.logFile('temporal'),
        namespace: NAMESPACE,
        databaseFile: at.temporalDatabase(binary.version),
        ...(before && { preferredPort: before }),
        preferredUiPort: at.ports.temporalUi ?? 'any',
      })
      address = server.address
      uiPort = server.uiPort
      if (uiPort) at.ports.temporalUi = uiPort
      await rememberPort(at, 'temporal', server.port, server.process.pid, isFirst ? undefined : before)
      return server.process
    },
  })
  step.say(`${binary.version} ${binary.origin}, port ${address!.split(':')[1]}, its own pages at http://localhost:${uiPort}`)
  return () => ({ TEMPORAL_ADDRESS: address!, ...(uiPort && { SURETY_TEMPORAL_UI: `http://localhost:${uiPort}` }) })
}

async function rememberPort(at: Home, name: 'postgres' | 'temporal', port: number, pid: number, before: number | undefined): Promise<void> {
  at.noteProcess(name, pid)
  at.ports[name] = port
  at.savePorts()
  if (before === undefined || before === port) return
  // Its old port went to somebody else while it was down, and the programs were told the old one.
  progress.note(`! ${name} moved from port ${before} to ${port}`)
  publish()
  void Promise.all([supervisor.restart('api'), supervisor.restart('worker')])
}

async function prepareSchema(ownerUrl: string, step: Step): Promise<{ appUrlOf(ownerUrl: string): string; hasChanged: boolean }> {
  // Loaded here, so that a start can show its first steps before the store's modules are read.
  const { appUrlOf, migrate } = await import('../packages/store/src/index.ts')
  const given = process.env['SURETY_DATABASE_URL']
  const appPassword = applicationPassword(ownerUrl)
  const { applied } = await migrate(ownerUrl, given ? {} : { appPassword })
  step.say(applied.length > 0 ? `${applied.length} migrations applied` : 'up to date')
  return { appUrlOf: url => given ?? appUrlOf(url, appPassword), hasChanged: applied.length > 0 }
}

async function seed(at: Home, environment: Record<string, string>, step: Step): Promise<void> {
  const said = await runProgram('packages/cli/src/main.ts', [isDemo() ? 'seed-demo' : 'publish-policies'], {
    environment,
    logFile: at.logFile('seed-demo'),
    signal: ending.signal,
  })
  step.say(said)
}

async function bundle(at: Home, step: Step): Promise<string> {
  const { file, isNew } = await prepareWorkflowBundle(at.cache, {
    environment: {},
    logFile: at.logFile('workflows'),
    signal: ending.signal,
  })
  step.say(isNew ? 'bundled' : 'unchanged')
  return file
}

function isDemo(): boolean {
  return process.env['SURETY_DEMO'] !== '0'
}

function ourProgram(at: Home, name: string, script: string, environment: () => Record<string, string>): Component {
  return {
    name,
    stopSignal: 'SIGTERM',
    hurriedSignal: 'SIGKILL',
    graceMs: 20_000,
    start(): Promise<ManagedProcess> {
      const started = launch({
        name,
        command: process.execPath,
        args: ['--disable-warning=ExperimentalWarning', '--import', LIFELINE, join(ROOT, script)],
        cwd: ROOT,
        env: { ...process.env, ...environment(), DATABASE_URL: undefined },
        logFile: at.logFile(name),
        lifeline: true,
      })
      at.noteProcess(name, started.pid)
      return Promise.resolve(started)
    },
  }
}

async function untilReady(url: string, step: Step): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  let last = 'no answer'
  while (!ending.signal.aborted) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
      last = await response.text()
      if ((JSON.parse(last) as { ready?: boolean }).ready === true) return step.say('worker and API are ready')
    } catch (error) {
      if (last === 'no answer') last = error instanceof Error ? error.message : String(error)
    }
    if (Date.now() > deadline)
      throw new Problem(
        'NOT_READY',
        `The house is not ready after ${READY_WITHIN_MS / 1000} s. ${url} last said: ${last}\nThe logs are in ${shortPath(join(home!.folder, 'logs'))}.`,
      )
    await sleep(100)
  }
}

/** All of them, or the first failure; but not before the others have come to their end, so that nothing half-started is left behind. */
async function all<T extends readonly unknown[]>(...promises: T): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  const results = await Promise.allSettled(promises)
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return results.map(result => (result as PromiseFulfilledResult<unknown>).value) as { -readonly [I in keyof T]: Awaited<T[I]> }
}

// What carries a code of ours is written for the person who reads it; anything else is for us, with its stack.
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { code?: unknown }
  const isOurs = error instanceof Problem || (typeof code === 'string' && code.startsWith('MIGRATION_'))
  return isOurs ? error.message : (error.stack ?? error.message)
}

// Counted from the moment the bootstrap began, the installing included.
function seconds(): string {
  const startedAt = Number(process.env['SURETY_STARTED_AT'] ?? performance.timeOrigin)
  return ((Date.now() - startedAt) / 1000).toFixed(1)
}
