import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { compile, parsePolicy, type Facts, type Policy } from '@surety/engine'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BrowserContext } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'

const ROOT = join(import.meta.dirname, '../..')
const RULES = join(ROOT, 'rules')

interface Found {
  /** What came of turning text into code. */
  readonly evaluated: string
  readonly policies: readonly { readonly isGenerated: boolean; readonly decisions: string }[]
}

const policies = readdirSync(RULES, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('policy.json'))
  .map(file => parsePolicy(JSON.parse(readFileSync(join(RULES, file), 'utf8'))).policy!)
let server: Server
let browser: BrowserContext
let found: Found

beforeAll(async () => {
  const pages: Readonly<Record<string, readonly [type: string, content: string]>> = {
    '/': ['text/html', '<!doctype html><title>engine</title><body><script type="module" src="/main.js"></script>'],
    '/main.js': ['text/javascript', MAIN],
    '/cases.js': ['text/javascript', `export default ${JSON.stringify(policies.map(policy => ({ policy, facts: drawnFacts(policy) })))}`],
    '/engine.js': ['text/javascript', await bundleEngine()],
  }
  server = createServer(({ url }, response) => {
    const [type, content] = pages[url!] ?? ['text/plain', '']
    // What a strict host allows: scripts of its own, and no text turned into code.
    response.writeHead(200, { 'content-type': type, 'content-security-policy': "default-src 'none'; script-src 'self'" }).end(content)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  browser = await launchBrowser()
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  found = JSON.parse((await page.locator('output').textContent({ timeout: 60_000 }))!) as Found
}, 180_000)

afterAll(async () => {
  await browser?.close()
  server?.close()
})

test('the page may not turn text into code', () => {
  expect(found.evaluated).toBe('EvalError')
})

test('the policies that ship decide in such a page as they do here', () => {
  for (const [index, policy] of policies.entries()) {
    const compiled = compile(policy)
    expect(compiled.isGenerated).toBe(true)
    const here = drawnFacts(policy).map(known => compiled.decide(known))
    expect(found.policies[index]).toEqual({ isGenerated: false, decisions: JSON.stringify(here) })
  }
})

const MAIN = `
import cases from '/cases.js'
import { compile } from '/engine.js'
const evaluate = () => { try { return String(new Function('return 1')()) } catch (error) { return error.name } }
const policies = cases.map(({ policy, facts }) => {
  const compiled = compile(policy)
  return { isGenerated: compiled.isGenerated, decisions: JSON.stringify(facts.map(known => compiled.decide(known))) }
})
const output = document.createElement('output')
output.textContent = JSON.stringify({ evaluated: evaluate(), policies })
document.body.append(output)
`

async function bundleEngine(): Promise<string> {
  const output = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(ROOT, 'packages/engine/src/index.ts'), formats: ['es'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  const [bundle] = Array.isArray(output) ? output : [output]
  if (!bundle || !('output' in bundle)) throw new Error('The engine was not bundled.')
  return bundle.output[0].code
}

/** Low, middle and high values of every fact, and nothing at all. */
function drawnFacts(policy: Policy): Facts[] {
  const draw = (share: number): Facts =>
    Object.fromEntries(
      Object.entries(policy.facts).flatMap(([name, { type, min = 0, max = 1000, values = [] }]): [string, string | number | boolean][] => {
        const number = Math.round(min + (max - min) * share)
        switch (type) {
          case 'number':
          case 'integer':
          case 'percent':
            return [[name, number]]
          case 'money':
            return [[name, `${number * 1000}.00`]]
          case 'boolean':
            return [[name, share > 0.5]]
          case 'enum': {
            const value = values[Math.min(values.length - 1, Math.floor(values.length * share))]
            return value === undefined ? [] : [[name, typeof value === 'string' ? value : value.value]]
          }
          case 'date':
            return [[name, '2026-03-05']]
          default:
            return []
        }
      }),
    )
  return [{}, draw(0), draw(0.3), draw(0.6), draw(1)]
}
