import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { cacheDirectory } from '../../scripts/services/home.ts'

export interface BrowserOptions {
  readonly locale?: 'zh-CN' | 'en'
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
}

/** A profile of its own in a real Chromium, which disappears with `close()`. All that are open at once share the one Chromium. */
export async function launchBrowser(options: BrowserOptions = {}): Promise<BrowserContext> {
  shared ??= { users: 0, browser: launchChromium() }
  const { browser } = shared
  shared.users += 1
  const context = await (
    await browser
  ).newContext({
    locale: options.locale ?? 'en',
    timezoneId: 'UTC',
    colorScheme: options.colorScheme ?? 'light',
    viewport: options.viewport ?? { width: 1440, height: 900 },
  })
  const close = context.close.bind(context)
  context.close = async () => {
    await close()
    shared!.users -= 1
    if (shared!.users > 0) return
    shared = undefined
    await (await browser).close()
  }
  return context
}

/** The Chromium to use: CHROMIUM_PATH, the system's, Playwright's, else the one in the npm package. */
export async function findChromium(): Promise<string> {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) {
    if (existsSync(chosen)) return chosen
    throw new Error(`CHROMIUM_PATH names ${chosen}, which does not exist. ${HOW_TO_GET_ONE}`)
  }
  const installed = [...SYSTEM_PLACES, ...playwrightPlaces()].find(existsSync)
  if (installed) return installed
  try {
    return await unpackChromium()
  } catch (error) {
    throw new Error(`No Chromium was found. ${HOW_TO_GET_ONE}`, { cause: error })
  }
}

let shared: { users: number; readonly browser: Promise<Browser> } | undefined

async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), headless: true, args: LAUNCH_FLAGS })
}

const LAUNCH_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

const SYSTEM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const HOW_TO_GET_ONE =
  'Install one (Debian and Ubuntu: apt-get install chromium fonts-noto-cjk; macOS: brew install --cask chromium; anywhere with an open network: npx playwright install chromium) or set CHROMIUM_PATH to one.'

// The package unpacks itself into the temporary folder, where another person's copy would be in the way.
async function unpackChromium(): Promise<string> {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = join(cacheDirectory(), 'chromium')
  mkdirSync(process.env['TMPDIR'], { recursive: true })
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    return await packaged.executablePath()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

function playwrightPlaces(): string[] {
  const folder =
    process.env['PLAYWRIGHT_BROWSERS_PATH'] ??
    join(homedir(), process.platform === 'darwin' ? 'Library/Caches/ms-playwright' : '.cache/ms-playwright')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => /^chromium-\d+$/.test(name))
    .toSorted()
    .toReversed()
    .flatMap(name =>
      ['chrome-linux64/chrome', 'chrome-linux/chrome', 'chrome-mac/Chromium.app/Contents/MacOS/Chromium'].map(place =>
        join(folder, name, place),
      ),
    )
}
