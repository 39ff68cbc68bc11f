import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildConsole } from '../house/console-build.ts'
import { ROOT } from '../house/home.ts'

const DIST = join(ROOT, 'packages', 'console', 'dist')
const LIMIT_KB = 250

/** The scripts that the first screen waits for stay within their budget. */
export async function consoleSize(): Promise<string | undefined> {
  await buildConsole(AbortSignal.timeout(300_000))
  const page = readFileSync(join(DIST, 'index.html'), 'utf8')
  const scripts = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path!)
  if (scripts.length === 0) return 'packages/console/dist/index.html names no script.'
  const sizes = new Map<string, number>()
  for (const script of scripts) collect(script, sizes)
  const totalKb = [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1000
  if (totalKb <= LIMIT_KB) return undefined
  const list = [...sizes].toSorted(([, a], [, b]) => b - a).map(([path, size]) => `  ${(size / 1000).toFixed(1).padStart(7)} kB  ${path}`)
  return `The first screen loads ${totalKb.toFixed(0)} kB of compressed scripts, more than ${LIMIT_KB} kB:\n${list.join('\n')}`
}

// What a script imports statically is loaded before it runs; what it imports later is not counted.
function collect(path: string, sizes: Map<string, number>): void {
  if (sizes.has(path)) return
  const source = readFileSync(join(DIST, path))
  sizes.set(path, gzipSync(source).length)
  for (const [, imported] of source.toString('utf8').matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g))
    collect(join(path, '..', imported!), sizes)
}
