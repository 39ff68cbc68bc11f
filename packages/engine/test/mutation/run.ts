/**
 * Breaks the engine in one place at a time and expects the drawn cases to notice.
 *
 *   node packages/engine/test/mutation/run.ts
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { MUTANTS, type Mutant } from './mutants.ts'

const home = join(import.meta.dirname, '..', '..')
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const workshop = join(home, `.mutants-${process.pid}`)
const survivors: Mutant[] = []

try {
  for (const mutant of MUTANTS) {
    const isKilled = !passes(mutant)
    console.log(`${isKilled ? 'killed  ' : 'SURVIVED'}  ${mutant.file}: ${mutant.from}  →  ${mutant.to}`)
    if (!isKilled) survivors.push(mutant)
  }
  if (!passes(undefined)) throw new Error('The unbroken engine fails its own drawn cases; nothing is proved.')
} finally {
  rmSync(workshop, { recursive: true, force: true })
}
console.log(`${MUTANTS.length - survivors.length} of ${MUTANTS.length} mutants killed`)
process.exit(survivors.length === 0 ? 0 : 1)

function passes(mutant: Mutant | undefined): boolean {
  rmSync(workshop, { recursive: true, force: true })
  mkdirSync(workshop)
  for (const folder of ['src', 'test']) cpSync(join(home, folder), join(workshop, folder), { recursive: true })
  symlinkSync(join(home, 'node_modules'), join(workshop, 'node_modules'))
  writeFileSync(join(workshop, 'package.json'), '{ "type": "module" }')
  if (mutant) {
    const file = join(workshop, 'src', mutant.file)
    const source = readFileSync(file, 'utf8')
    if (!source.includes(mutant.from)) throw new Error(`${mutant.file} has no “${mutant.from}”; the mutant is out of date.`)
    writeFileSync(file, source.replace(mutant.from, mutant.to))
  }
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--root', workshop, '--bail', '1', 'test/differential.test.ts', 'test/evaluators.test.ts'], {
    env: { ...process.env, ENGINE_FUZZ_CASES: process.env.ENGINE_FUZZ_CASES ?? '5000' },
    stdio: 'ignore',
  })
  return status === 0
}
