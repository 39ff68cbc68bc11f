import { chromium } from 'playwright-core'
import { AxeBuilder } from '@axe-core/playwright'
export const BASE = 'http://localhost:5291'
export async function start({ lang = 'en', theme = 'light', width = 1440, height = 900, login = 'admin' } = {}) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  const ctx = await browser.newContext({ viewport: { width, height }, locale: lang, colorScheme: theme })
  const page = await ctx.newPage()
  page.on('console', m => {
    if (m.type() === 'error') console.log('console:', m.text().slice(0, 300))
  })
  page.on('pageerror', e => console.log('pageerror:', e.message.slice(0, 300)))
  await page.goto(BASE + '/sign-in')
  await page.waitForTimeout(1500)
  const r = await page.evaluate(
    async login =>
      (
        await fetch('/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-graphql-yoga-csrf': '1' },
          body: JSON.stringify({ query: 'mutation($l:String!){signInDemo(login:$l){__typename}}', variables: { l: login } }),
        })
      ).text(),
    login,
  )
  if (!r.includes('Success')) console.log(r)
  return {
    browser,
    page,
    shot: async n => {
      await page.screenshot({ path: `/tmp/c3shots/${n}.png` })
    },
    axe: async n => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      for (const v of violations)
        console.log('AXE', n, v.id, v.nodes.length, v.nodes[0].html.slice(0, 160), v.nodes[0].failureSummary?.slice(0, 200))
      if (!violations.length) console.log('axe ok', n)
    },
  }
}
