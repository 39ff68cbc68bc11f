import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Problem } from '../services/problem.ts'
import { isAlive, startedAt, stopLeftover } from '../services/process.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

export interface Ports {
  postgres?: number
  temporal?: number
  temporalUi?: number
}

export interface Secrets {
  readonly postgresPassword: string
  readonly secret: string
}

/** The folder that holds all that one installation remembers. */
export interface Home {
  readonly folder: string
  readonly postgresData: string
  /** For what can be made again. */
  readonly cache: string
  readonly secrets: Secrets
  readonly ports: Ports
  logFile(component: string): string
  temporalDatabase(cliVersion: string): string
  savePorts(): void
  /** Tells other programs of ours, the command line above all, how to reach the servers. */
  publishEnvironment(environment: Readonly<Record<string, string>>): void
  noteProcess(name: string, pid: number): void
  announce(address: string): void
  leave(): void
}

/** Takes the folder for this process alone; a run that was killed is cleaned up after. Returns the address where another run holds it. */
export async function openHome(): Promise<Home | { readonly heldBy: string }> {
  const folder = resolve(ROOT, process.env['SURETY_HOME'] || '.surety')
  try {
    mkdirSync(join(folder, 'logs'), { recursive: true })
  } catch (error) {
    throw new Problem(
      'HOME_UNUSABLE',
      `${folder} cannot be used: ${(error as Error).message}. Set SURETY_HOME to a folder that you may write to.`,
      { cause: error },
    )
  }
  const lockFile = join(folder, 'running.json')
  const heldBy = takeLock(lockFile)
  if (heldBy) return { heldBy }
  const processesFile = join(folder, 'processes.json')
  await stopLeftovers(readJson<Record<string, string>>(processesFile, {}))
  const processes: Record<string, string> = {}
  const environmentFile = join(folder, 'environment.json')
  const portsFile = join(folder, 'ports.json')
  const ports = readJson<Ports>(portsFile, {})
  return {
    folder,
    postgresData: join(folder, 'postgres'),
    cache: join(folder, 'cache'),
    secrets: openSecrets(join(folder, 'secrets.json')),
    ports,
    logFile: component => rotated(join(folder, 'logs', `${component}.log`)),
    // An existing file is never migrated by a newer server, so each version has its own.
    temporalDatabase: cliVersion => join(folder, 'temporal', `${cliVersion}.db`),
    savePorts: () => writeJson(portsFile, ports),
    publishEnvironment: environment => writeJson(environmentFile, environment),
    noteProcess(name, pid) {
      processes[name] = signatureOf(pid)
      writeJson(processesFile, processes)
    },
    announce: address => writeJson(lockFile, { ...ourselves(), address }),
    leave() {
      for (const file of [processesFile, environmentFile, lockFile]) rmSync(file, { force: true })
    },
  }
}

/** The application role's password, the same for every clone that shares a database, and never written down. */
export function applicationPassword(ownerUrl: string): string {
  return createHmac('sha256', decodeURIComponent(new URL(ownerUrl).password))
    .update('surety_app')
    .digest('hex')
    .slice(0, 40)
}

/** A path as a person at the root of the clone would type it. */
export function shortPath(path: string): string {
  const inside = relative(ROOT, path)
  return inside.startsWith('..') ? path : inside
}

interface Holder {
  readonly holder: string
  readonly address?: string
}

function takeLock(lockFile: string): string | undefined {
  for (;;) {
    try {
      writeFileSync(lockFile, JSON.stringify(ourselves()), { flag: 'wx', mode: 0o600 })
      return undefined
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST')
        throw new Problem(
          'HOME_UNUSABLE',
          `${lockFile} cannot be written: ${(error as Error).message}. Set SURETY_HOME to a folder of your own.`,
          { cause: error },
        )
    }
    const { holder, address } = readJson<Holder>(lockFile, { holder: '' })
    if (isSame(holder)) return address ?? 'an address it is still preparing'
    rmSync(lockFile, { force: true })
  }
}

function ourselves(): Holder {
  return { holder: signatureOf(process.pid) }
}

// What depends on others ends first. PostgreSQL is looked after where it is started.
async function stopLeftovers(processes: Readonly<Record<string, string>>): Promise<void> {
  for (const name of ['api', 'worker', 'temporal']) {
    const signature = processes[name]
    if (signature && isSame(signature)) await stopLeftover(Number(signature.split(' ')[0]), 'SIGTERM', 10_000)
  }
}

// A number alone is soon another process's.
function signatureOf(pid: number): string {
  return `${pid} ${startedAt(pid) ?? 'at a time unknown'}`
}

function isSame(signature: string): boolean {
  const pid = Number(signature.split(' ')[0])
  return pid > 0 && isAlive(pid) && signatureOf(pid) === signature
}

function openSecrets(file: string): Secrets {
  if (!existsSync(file)) {
    writeJson(file, { postgresPassword: randomBytes(24).toString('hex'), secret: randomBytes(32).toString('hex') } satisfies Secrets)
  }
  const secrets = readJson<Partial<Secrets>>(file, {})
  if (!secrets.postgresPassword || !secrets.secret)
    throw new Problem(
      'SECRETS_DAMAGED',
      `${file} does not hold the passwords of this installation. Put it back from a backup, or move ${join(file, '..')} away to begin anew.`,
    )
  return secrets as Secrets
}

function rotated(file: string): string {
  if (existsSync(file) && statSync(file).size > 10_000_000) renameSync(file, `${file}.1`)
  return file
}

function readJson<T>(file: string, otherwise: T): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return otherwise
  }
}

// Whole or not at all, and for our eyes only.
function writeJson(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(value, undefined, 2), { mode: 0o600 })
  renameSync(draft, file)
}
