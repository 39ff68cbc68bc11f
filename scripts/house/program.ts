import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../services/problem.ts'
import { ROOT, shortPath } from './home.ts'

/** Runs a program of ours to its end and returns the last line that it said. */
export function runProgram(script: string, args: readonly string[], environment: Readonly<Record<string, string>>, logFile: string): Promise<string> {
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment, DATABASE_URL: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let complained = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-5000)))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complained = (complained + chunk).slice(-5000)))
  for (const pipe of [child.stdout, child.stderr]) pipe.pipe(log, { end: false })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      log.end()
      if (code === 0) resolve(said.trim().split('\n').at(-1) ?? '')
      else reject(new Problem('PROGRAM_FAILED', `${script} ${args.join(' ')} ended ${signal ? `by ${signal}` : `with code ${code}`} (log: ${shortPath(logFile)}):\n${(complained || said).trim()}`))
    })
  })
}
