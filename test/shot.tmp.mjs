import { chromium } from 'playwright-core'
const [, , outDir, lang, theme, login, ...paths] = process.argv
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const ctx = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: lang, colorScheme: theme })
const page = await ctx.newPage()
page.on('console', m => {
  if (m.type() === 'error') console.log('console:', m.text())
})
page.on('pageerror', e => console.log('pageerror:', e.message))
await page.goto('http://localhost:4700/sign-in')
await page.waitForTimeout(1200)
if (login === '-') {
  await page.screenshot({ path: `${outDir}/signin.${lang}.${theme}.png` })
  await browser.close()
  process.exit()
}
const r = await page.evaluate(
  async login =>
    (
      await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-graphql-yoga-csrf': '1', 'x-surety': '1', 'graphql-require-preflight': '1' },
        body: JSON.stringify({ query: 'mutation($l:String!){signInDemo(login:$l){__typename}}', variables: { l: login } }),
      })
    ).text(),
  login,
)
console.log(r)
for (const p of paths) {
  await page.goto('http://localhost:4700' + p)
  await page.waitForTimeout(2000)
  await page.screenshot({ path: `${outDir}/${p.replace(/[^a-z0-9]+/gi, '_') || 'home'}.${lang}.${theme}.png` })
}
await browser.close()
