import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What it answered to --json. */
  readonly json: () => unknown
}

/** Runs the program as a terminal would, in a process of its own, away from any house that runs here. */
export function surety(args: readonly string[], environment: Readonly<Record<string, string>> = {}, input?: string): Promise<Ran> {
  const { PATH = '', TMPDIR } = process.env
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../src/main.ts'), ...args], {
    env: { PATH, ...(TMPDIR && { TMPDIR }), SURETY_HOME: '/nowhere', LANG: 'en_US.UTF-8', ...environment },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) as unknown }))
  })
}
