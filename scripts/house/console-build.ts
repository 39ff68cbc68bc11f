import { execFile } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '../services/problem.ts'
import { fingerprint } from './fingerprint.ts'
import { ROOT } from './home.ts'

/** Builds the console unless what it is made of is what it was. */
export async function buildConsole(signal: AbortSignal): Promise<'built' | 'unchanged'> {
  const wanted = fingerprint(INPUTS)
  const stamp = join(DIST, '.inputs')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'unchanged'
  const draft = `${DIST}.draft-${process.pid}`
  try {
    const vite = join(CONSOLE, 'node_modules', 'vite', 'bin', 'vite.js')
    await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'], {
      cwd: CONSOLE,
      env: { ...process.env, NODE_ENV: 'production' },
      maxBuffer: 50_000_000,
      signal,
    })
    writeFileSync(join(draft, '.inputs'), wanted)
    rmSync(DIST, { recursive: true, force: true })
    renameSync(draft, DIST)
    return 'built'
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string }
    throw new Problem('CONSOLE_BUILD_FAILED', `The console did not build:\n${`${stdout}${stderr}`.trim() || message}`, { cause: error })
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

const CONSOLE = join(ROOT, 'packages', 'console')
const DIST = join(CONSOLE, 'dist')

// The console checks and tries policies with the engine, so the engine's sources count as its own.
const INPUTS = [
  'packages/console/{src,public}/**/*',
  'packages/console/*.{html,ts,json,css}',
  'packages/engine/src/**/*.ts',
  'packages/api/schema.graphql',
  'pnpm-lock.yaml',
]
