/**
 * Breaks the engine in one place at a time and expects the drawn cases to notice.
 *
 *   ENGINE_MUTANTS=1 npx vitest run --root packages/engine test/mutation
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { MUTANTS, type Mutant } from './mutants.ts'

const home = join(import.meta.dirname, '..', '..')
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const workshop = join(home, `.mutants-${process.pid}`)

describe.skipIf(!process.env.ENGINE_MUTANTS)('the drawn cases notice', { timeout: 600_000 }, () => {
  afterAll(() => rmSync(workshop, { recursive: true, force: true }))

  test('nothing where nothing is broken', () => expect(notices(undefined)).toBe(false))

  test.each(MUTANTS)('$file: $from → $to', mutant => expect(notices(mutant)).toBe(true))
})

test.each(MUTANTS)('$file still has the place that is broken', ({ file, from }) =>
  expect(readFileSync(join(home, 'src', file), 'utf8')).toContain(from),
)

function notices(mutant: Mutant | undefined): boolean {
  rmSync(workshop, { recursive: true, force: true })
  mkdirSync(workshop)
  for (const folder of ['src', 'test']) cpSync(join(home, folder), join(workshop, folder), { recursive: true })
  symlinkSync(join(home, 'node_modules'), join(workshop, 'node_modules'))
  writeFileSync(join(workshop, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(workshop, 'test', 'tsconfig.json'), '{}')
  if (mutant) {
    const file = join(workshop, 'src', mutant.file)
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(mutant.from, () => mutant.to),
    )
  }
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', workshop, '--bail', '1', 'test/differential.test.ts', 'test/evaluators.test.ts'],
    {
      env: { ...process.env, ENGINE_FUZZ_CASES: process.env.ENGINE_FUZZ_CASES ?? '8000' },
      stdio: 'ignore',
    },
  )
  return status !== 0
}
