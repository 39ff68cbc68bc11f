import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildConsole } from '../house/console-build.ts'
import { ROOT } from '../house/home.ts'

const DIST = join(ROOT, 'packages', 'console', 'dist')
const LIMIT_KB = 250
/** What opening a policy may load on top of that, whichever of its editors is shown. */
const EDITOR_LIMITS_KB: Readonly<Record<string, number>> = {
  TableEditor: 200,
  ScorecardEditor: 200,
  FormulaEditor: 200,
  FlowView: 200,
  // A code editor and the published schema, for those who ask for them.
  CodeView: 250,
}

/** The scripts that the first screen waits for, and those of the policy editor, stay within their budgets. */
export async function consoleSize(): Promise<string | undefined> {
  await buildConsole(AbortSignal.timeout(300_000))
  const page = readFileSync(join(DIST, 'index.html'), 'utf8')
  const scripts = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path!)
  if (scripts.length === 0) return 'packages/console/dist/index.html names no script.'
  const sizes = new Map<string, number>()
  for (const script of scripts) collect(script, sizes)
  const problems = [tooMuch('The first screen', sizes, LIMIT_KB)]
  const files = readdirSync(join(DIST, 'assets'))
  for (const [editor, limitKb] of Object.entries(EDITOR_LIMITS_KB)) {
    const loaded = new Map(sizes)
    for (const name of ['PolicyVersionPage', editor]) {
      const file = files.find(one => one.startsWith(`${name}-`) && one.endsWith('.js'))
      if (file === undefined) return `packages/console/dist/assets has no script of ${name}.`
      collect(join('assets', file), loaded)
    }
    problems.push(tooMuch(`A policy with its ${editor}`, new Map([...loaded].filter(([path]) => !sizes.has(path))), limitKb))
  }
  return problems.filter(problem => problem !== undefined).join('\n') || undefined
}

function tooMuch(what: string, sizes: ReadonlyMap<string, number>, limitKb: number): string | undefined {
  const totalKb = [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1000
  if (totalKb <= limitKb) return undefined
  const list = [...sizes].toSorted(([, a], [, b]) => b - a).map(([path, size]) => `  ${(size / 1000).toFixed(1).padStart(7)} kB  ${path}`)
  return `${what} loads ${totalKb.toFixed(0)} kB of compressed scripts, more than ${limitKb} kB:\n${list.join('\n')}`
}

// What a script imports statically is loaded before it runs; what it imports later is not counted.
function collect(path: string, sizes: Map<string, number>): void {
  if (sizes.has(path)) return
  const source = readFileSync(join(DIST, path))
  sizes.set(path, gzipSync(source).length)
  for (const [, imported] of source.toString('utf8').matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g))
    collect(join(path, '..', imported!), sizes)
}
