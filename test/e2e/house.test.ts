import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BrowserContext } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { houseAddress } from '../support/house.ts'

let browser: BrowserContext

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

test('a fresh house asks a visitor to sign in and loads without an error in the browser', async () => {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', error => errors.push(error.message))
  await page.goto(houseAddress())
  await page.getByRole('button').first().waitFor()
  expect(new URL(page.url()).pathname).toBe('/sign-in')
  expect(errors).toEqual([])
})

test('says what it consists of and that all of it is up', async () => {
  const response = await fetch(`${houseAddress()}/readyz`)
  expect(await response.json()).toEqual({ ready: true, postgres: true, temporal: true, worker: true, migrations: true })
})
