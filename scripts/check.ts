import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { consoleSize } from './check/console-size.ts'
import { runTool } from './check/tool.ts'
import { ROOT } from './house/home.ts'
import { createProgress } from './progress.mjs'

// npm run check [-- NAME…]: what the compiler, the linters and the maps of the house have to say; all of it, or the checks named.
interface Check {
  readonly name: string
  /** Returns what is wrong, as its tool says it; nothing when all is well. */
  run(): Promise<string | undefined>
}

const CHECKS: readonly Check[] = [
  {
    name: 'types',
    run: () =>
      inOrder(
        globSync(['tsconfig.json', '{packages/*,test,bench}/tsconfig*.json'], { cwd: ROOT })
          .toSorted()
          .filter(file => !file.startsWith('packages/console/')),
        project => runTool('tsc', ['-p', project]),
      ),
  },
  { name: 'vue types', run: () => runTool('vue-tsc', ['--noEmit', '-p', 'tsconfig.json'], 'packages/console') },
  { name: 'lint', run: () => runTool('oxlint', ['--type-aware', '--deny-warnings', '--quiet']) },
  { name: 'vue lint', run: () => runTool('eslint', ['--max-warnings', '0', 'src/**/*.vue'], 'packages/console') },
  { name: 'format', run: () => runTool('oxfmt', ['--list-different']).then(files => files && `${files}\nnpm run format puts them right.`) },
  {
    name: 'directions',
    run: () =>
      runTool('depcruise', [
        '--output-type',
        'err-long',
        ...['packages', 'scripts', 'test', 'bench'].filter(folder => existsSync(join(ROOT, folder))),
      ]),
  },
  { name: 'dead code', run: () => runTool('knip', ['--no-progress', '--no-config-hints']) },
  { name: 'API schema', run: () => runTool('node', ['packages/api/src/print-schema.ts', '--check']) },
  { name: 'console size', run: consoleSize },
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !CHECKS.some(check => check.name === name))
if (unknown.length > 0) {
  process.stderr.write(`There is no check “${unknown.join('”, “')}”; there are ${CHECKS.map(({ name }) => `“${name}”`).join(', ')}.\n`)
  process.exit(2)
}

const progress = createProgress(process.stdout)
const startedAt = Date.now()
const queue = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const total = queue.length
const wrong: string[] = []
await Promise.all([work(), work()])
process.stdout.write(
  `${wrong.map(text => `\n${text}\n`).join('')}\n${total - wrong.length} checks passed, ${wrong.length} failed, in ${((Date.now() - startedAt) / 1000).toFixed(0)} s\n`,
)
process.exit(wrong.length > 0 ? 1 : 0)

async function work(): Promise<void> {
  for (let check = queue.shift(); check; check = queue.shift()) {
    const { name, run } = check
    await progress
      .run(name, () => orThrow(run()))
      .catch((error: unknown) => wrong.push(`── ${name}\n${error instanceof Error ? error.message : String(error)}`))
  }
}

async function orThrow(findings: Promise<string | undefined>): Promise<void> {
  const found = await findings
  if (found) throw new Error(found)
}

async function inOrder<T>(items: readonly T[], act: (item: T) => Promise<string | undefined>): Promise<string | undefined> {
  const findings: string[] = []
  for (const item of items) findings.push((await act(item)) ?? '')
  return findings.filter(Boolean).join('\n') || undefined
}
