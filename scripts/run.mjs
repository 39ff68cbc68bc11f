// node scripts/run.mjs SCRIPT [ARGUMENTS…]: a script of ours under Node 24. Where `npm start` runs, the script finds its servers.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { handOver } from './bootstrap.mjs'

const [script, ...args] = process.argv.slice(2)
if (!script) throw new Error('Usage: node scripts/run.mjs SCRIPT [ARGUMENTS…]')
await handOver(script, args, { quiet: true, cwd: process.env['INIT_CWD'] ?? process.cwd(), env: environmentOfTheHouse() })

/** @returns {NodeJS.ProcessEnv} */
function environmentOfTheHouse() {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const file = resolve(root, process.env['SURETY_HOME'] ?? '.surety', 'environment.json')
  if (!existsSync(file)) return {}
  const known = /** @type {Record<string, string>} */ (JSON.parse(readFileSync(file, 'utf8')))
  return Object.fromEntries(Object.entries(known).filter(([name]) => process.env[name] === undefined))
}
