import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vitest/config'

const facade = (file: string): string => fileURLToPath(new URL(`../../packages/engine/src/facade/${file}`, import.meta.url))

/** The suite's own implementation, file by file, and what stands in its place. */
const REPLACED: Readonly<Record<string, string>> = {
  index: `export { default } from '${facade('index.ts')}'; export * from '${facade('index.ts')}'`,
  almanac: `export { Almanac as default } from '${facade('index.ts')}'`,
  condition: `export { Condition as default } from '${facade('index.ts')}'`,
  fact: `export { Fact as default } from '${facade('index.ts')}'`,
  rule: `export { Rule as default } from '${facade('index.ts')}'`,
  'engine-default-operators': `export { defaultOperators as default } from '${facade('index.ts')}'`,
}

/** Helpers of the suite that need not be installed for it. */
const HELPERS: Readonly<Record<string, string>> = {
  clone: 'export default (value) => structuredClone(value)',
  lodash: 'export const get = (value, path) => path.match(/[A-Za-z0-9_]+/g).reduce((inner, key) => inner?.[key], value)',
  perfy:
    'const begun = {}; export default { start: (name) => { begun[name] = performance.now() }, end: (name) => ({ time: (performance.now() - begun[name]) / 1000 }) }',
}

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'dist', 'index.js')

const redirect: Plugin = {
  name: 'redirect-json-rules-engine',
  enforce: 'pre',
  resolveId(source) {
    const file = /\/src\/([\w-]+)\.mjs$/.exec(source)?.[1]
    if (file !== undefined && file in REPLACED) return `\0replaced:${file}`
    if (source in HELPERS) return `\0helper:${source}`
    return source === 'vitest' ? vitest : undefined
  },
  load(id) {
    if (id.startsWith('\0replaced:')) return REPLACED[id.slice('\0replaced:'.length)]
    return id.startsWith('\0helper:') ? HELPERS[id.slice('\0helper:'.length)] : undefined
  },
}

export default defineConfig({
  plugins: [redirect],
  server: { fs: { strict: false } },
  test: { include: ['test/**/*.test.mjs'], typecheck: { enabled: false } },
})
