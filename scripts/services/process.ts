import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readlinkSync, statSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** The account a process runs as, where that is not our own. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export interface LaunchOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly logFile: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly account?: Account
  /** Opens a channel which closes when we die, so that a child of ours can notice. */
  readonly lifeline?: boolean
}

export interface ExitReport {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A process that we started and answer for. */
export interface ManagedProcess {
  readonly name: string
  readonly pid: number
  readonly exited: Promise<ExitReport>
  hasExited(): boolean
  lastLines(count: number): string
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>
}

/** Starts a process in a group of its own: a Ctrl-C in the terminal reaches us alone, and we stop our parts in order. */
export function launch(options: LaunchOptions): ManagedProcess {
  // A file rather than a pipe: what a child still has to say when we are gone is not lost, and it cannot die of a broken pipe.
  const log = openSync(options.logFile, 'a', 0o600)
  writeSync(log, `--- ${new Date().toISOString()} ${options.name} starts\n`)
  const logStart = statSync(options.logFile).size
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: options.lifeline ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    ...(options.account && { uid: options.account.uid, gid: options.account.gid }),
  })
  closeSync(log)
  return manage(child, options.name, options.logFile, logStart)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Stops a process that an earlier, killed run left behind. */
export async function stopLeftover(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  send(pid, signal)
  const deadline = Date.now() + graceMs
  while (isAlive(pid) && Date.now() < deadline) await sleep(50)
  if (isAlive(pid)) send(pid, 'SIGKILL')
  while (isAlive(pid)) await sleep(50)
}

/** When the process began, in the system's own terms; with the pid it names one process for good. Undefined where the system does not say. */
export function startedAt(pid: number): string | undefined {
  return statFields(pid)?.[19] ?? fromPs(pid, 'lstart')
}

export function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

function manage(child: ChildProcess, name: string, logFile: string, logStart: number): ManagedProcess {
  let report: ExitReport | undefined
  const exited = new Promise<ExitReport>(resolve => {
    child.once('error', () => resolve((report ??= { code: 127, signal: null })))
    child.once('exit', (code, signal) => resolve((report ??= { code, signal })))
  })
  return {
    name,
    pid: child.pid ?? -1,
    exited,
    hasExited: () => report !== undefined,
    lastLines: count => tail(logFile, logStart, count),
    async stop(signal, graceMs) {
      if (report) return
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await exited
      clearTimeout(timer)
    },
  }
}

function tail(logFile: string, from: number, count: number): string {
  if (!existsSync(logFile)) return ''
  const lines = readFileSync(logFile).subarray(from).toString('utf8').trimEnd().split('\n')
  return lines.slice(-count).join('\n')
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function fromPs(pid: number, field: string): string | undefined {
  try {
    return (
      execFileSync('ps', ['-p', String(pid), '-o', `${field}=`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() ||
      undefined
    )
  } catch {
    return undefined
  }
}

function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === 'Z'
}

// The fields after the command name, which may itself hold blanks and brackets.
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
