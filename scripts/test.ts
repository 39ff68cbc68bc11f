import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createVitest, type Vitest } from 'vitest/node'
import { onStopRequest } from './house/stop-request.ts'
import { ROOT } from './house/home.ts'

// npm test [-- [--check] [FILTER…]]: every suite, or the files whose path contains a filter; --check runs `npm run check` first.
const args = process.argv.slice(2)
const filters = args.filter(arg => !arg.startsWith('--'))
const unknown = args.find(arg => arg.startsWith('--') && arg !== '--check')
if (unknown) {
  process.stderr.write(`npm test does not know ${unknown}. Usage: npm test -- [--check] [FILTER…]\n`)
  process.exit(2)
}
// In the order of suite.ts's groups.
const KINDS = ['unit', 'integration', 'browser'] as const
const startedAt = Date.now()
let isInterrupted = false

if (args.includes('--check')) execFileSync(process.execPath, [join(ROOT, 'scripts', 'check.ts')], { stdio: 'inherit' })
const vitest = await createVitest('test', { root: ROOT, watch: false, passWithNoTests: false })
onStopRequest(isUrgent => {
  if (isUrgent) process.exit(130)
  isInterrupted = true
  void vitest.cancelCurrentRun('keyboard-input')
})
const unhandledErrors = await runSuites()
await vitest.close()
process.exit(report(vitest, unhandledErrors) && !isInterrupted ? 0 : 1)

async function runSuites(): Promise<number> {
  try {
    return (await vitest.start(filters)).unhandledErrors.length
  } catch (error) {
    if ((error as { code?: string }).code !== 'VITEST_FILES_NOT_FOUND') throw error
    process.stderr.write(`No test file's path contains ${filters.join(' or ')}.\n`)
    return 0
  }
}

function report({ state }: Vitest, unhandledErrors: number): boolean {
  const kinds = KINDS.map(kind => ({ kind, passed: 0, failed: 0, skipped: 0 }))
  const unplaced = { kind: 'outside any test', passed: 0, failed: unhandledErrors, skipped: 0 }
  for (const testModule of state.getTestModules()) {
    const tally = kinds[testModule.project.config.sequence.groupOrder] ?? unplaced
    const before = tally.failed
    for (const test of testModule.children.allTests())
      tally[test.result().state === 'pending' ? 'skipped' : (test.result().state as 'passed' | 'failed' | 'skipped')] += 1
    // A file that does not load has no test that could fail.
    if (testModule.state() === 'failed' && tally.failed === before) tally.failed += 1
  }
  const all = [...kinds, unplaced]
  const total = (state: 'passed' | 'failed' | 'skipped') => all.reduce((sum, tally) => sum + tally[state], 0)
  const counted = kinds.map(({ kind, passed, failed, skipped }) => `${passed + failed + skipped} ${kind}`).join(', ')
  process.stdout.write(`\n${counted} tests in ${duration(Date.now() - startedAt)}\n`)
  process.stdout.write(
    `${total('passed')} passed, ${total('failed')} failed${total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''}\n`,
  )
  return total('failed') === 0 && total('passed') > 0
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
