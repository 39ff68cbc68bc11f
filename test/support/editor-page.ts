/// <reference lib="dom" />
import { createServer } from 'node:http'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { Policy } from '@surety/engine'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { launchBrowser } from './browser.ts'

export interface EditorPage {
  readonly page: Page
  open(policy: Policy, path: string, options?: { readonly language?: 'zh-CN' | 'en'; readonly right?: string }): Promise<void>
  document(): Promise<Policy>
  undoLabel(): Promise<string | undefined>
  /** How many components were drawn anew since this was last asked. */
  renders(): Promise<number>
  close(): Promise<void>
}

const CONSOLE = join(import.meta.dirname, '../../packages/console')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
}

/** The console's policy editors alone on a page, built as they ship, in a browser of their own. */
export async function openEditorPage(): Promise<EditorPage> {
  const folder = mkdtempSync(join(tmpdir(), 'surety-editor-'))
  await build({
    root: CONSOLE,
    configFile: join(CONSOLE, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, rolldownOptions: { input: join(CONSOLE, 'test/editor-page/index.html') } },
  })
  const server = createServer(({ url = '/' }, response) => {
    const file = join(folder, url === '/' ? 'test/editor-page/index.html' : url)
    if (!existsSync(file)) return response.writeHead(404).end()
    return response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(readFileSync(file))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await launchBrowser({ viewport: { width: 1180, height: 820 } })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => 'editorPage' in window)
  return {
    page,
    async open(policy, path, options = {}) {
      const given: readonly unknown[] = [JSON.stringify(policy), path, options]
      await page.evaluate(
        ([text, ...rest]) =>
          (window as never as Record<'editorPage', { open(...all: readonly unknown[]): Promise<void> }>).editorPage.open(
            JSON.parse(text as string),
            ...rest,
          ),
        given as unknown[],
      )
      await page.locator('section').first().waitFor()
    },
    document: () => page.evaluate(() => (window as never as Record<'editorPage', { document(): Policy }>).editorPage.document()),
    undoLabel: () => page.evaluate(() => (window as never as Record<'editorPage', { undoLabel(): string }>).editorPage.undoLabel()),
    renders: () => page.evaluate(() => (window as never as Record<'editorPage', { renders(): number }>).editorPage.renders()),
    async close() {
      await browser.close()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
