import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../services/problem.ts'
import { ROOT, shortPath } from './home.ts'

export interface ProgramOptions {
  readonly environment: Readonly<Record<string, string>>
  readonly logFile: string
  readonly signal: AbortSignal
}

/** Runs a program of ours to its end and returns the last line that it said. */
export function runProgram(script: string, args: readonly string[], { environment, logFile, signal }: ProgramOptions): Promise<string> {
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment, DATABASE_URL: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  let said = ''
  let complained = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-5000)))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complained = (complained + chunk).slice(-5000)))
  for (const pipe of [child.stdout, child.stderr]) pipe.pipe(log, { end: false })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, endedBy) => {
      log.end()
      if (code === 0) resolve(said.trim().split('\n').at(-1) ?? '')
      else
        reject(
          new Problem(
            'PROGRAM_FAILED',
            `${script} ${args.join(' ')} ended ${endedBy ? `by ${endedBy}` : `with code ${code}`} (log: ${shortPath(logFile)}):\n${(complained || said).trim()}`,
          ),
        )
    })
  })
}
