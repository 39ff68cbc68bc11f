/**
 * Runs json-rules-engine's own test suite against our `Engine`.
 *
 *   git clone --branch v8 https://github.com/CacheControl/json-rules-engine suite
 *   JSON_RULES_ENGINE_SUITE=suite node test/conformance/json-rules-engine.ts
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const suite = process.env.JSON_RULES_ENGINE_SUITE
if (!suite || !existsSync(join(suite, 'test', 'engine.test.mjs'))) {
  console.log('Skipped: set JSON_RULES_ENGINE_SUITE to a checkout of json-rules-engine, branch v8.')
  process.exit(0)
}
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const config = fileURLToPath(new URL('json-rules-engine.config.ts', import.meta.url))
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', config, '--root', resolve(suite), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exit(status ?? 1)
