import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.ts'
import { type ProgramOptions, runProgram } from './program.ts'

/** Bundles the workflows for Temporal's sandbox unless a bundle of these very sources is there; a worker then starts seconds sooner. */
export async function prepareWorkflowBundle(
  folder: string,
  options: ProgramOptions,
): Promise<{ readonly file: string; readonly isNew: boolean }> {
  const file = join(folder, `workflows-${fingerprint(INPUTS).slice(0, 16)}.js`)
  if (existsSync(file)) return { file, isNew: false }
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) if (name.startsWith('workflows-')) rmSync(join(folder, name))
  await runProgram('scripts/house/bundle-workflows.ts', [`${file}.draft`], options)
  renameSync(`${file}.draft`, file)
  return { file, isNew: true }
}

const INPUTS = ['packages/{engine,credit,workflows}/src/**/*.ts', 'packages/{engine,credit,workflows}/package.json', 'pnpm-lock.yaml']
