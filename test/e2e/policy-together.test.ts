import { afterAll, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright-core'
import { ask, signInAs, wordsOf } from '../support/console.ts'
import { houseAddress } from '../support/house.ts'

const POLICY = 'appetite/standard'
// What is typed is saved after a pause.
const SOON = { timeout: 15_000 }
const words = wordsOf('en')
const browsers: BrowserContext[] = []
afterAll(async () => {
  for (const browser of browsers) await browser.close()
})

async function openDraft(rule: number): Promise<Page> {
  const { browser, page } = await signInAs('risk', { locale: 'en' })
  browsers.push(browser)
  await page.goto(`${houseAddress()}/policies/${POLICY}/v/draft?focus=/steps/0/rules/${rule}`)
  await page.locator('.sentence .ph.value').first().waitFor()
  return page
}
async function setFirstValue(page: Page, value: number): Promise<void> {
  await page.locator('.sentence .ph.value', { hasText: /\d/ }).first().click()
  await page.keyboard.type(String(value))
  await page.keyboard.press('Enter')
}
const isSaved = (page: Page): Promise<void> =>
  page
    .getByRole('status')
    .filter({ hasText: /^Saved/ })
    .first()
    .waitFor()
const valueOf = async (page: Page, rule: number): Promise<unknown> => {
  const { policy } = await ask<{
    policy: { draft: { document: { steps: { rules: { conditions: { all: { value: unknown }[] } }[] }[] } } }
  }>(page, `query ($id: ID!) { policy(id: $id) { draft { document } } }`, { id: POLICY })
  return policy.draft.document.steps[0]!.rules[rule]!.conditions.all[0]!.value
}

test('two browsers edit one draft: different rules merge, the same value asks, and nothing typed offline is lost', async () => {
  const first = await openDraft(2)
  const second = await openDraft(4)

  // Different rules: both survive.
  await setFirstValue(first, 7)
  await isSaved(first)
  await setFirstValue(second, 17)
  await isSaved(second)
  await expect.poll(() => valueOf(first, 2), SOON).toBe(7)
  await expect.poll(() => valueOf(first, 4), SOON).toBe(17)

  // The same value, while one of them has no line.
  await second.goto(`${houseAddress()}/policies/${POLICY}/v/draft?focus=/steps/0/rules/2`)
  await second.locator('.sentence .ph.value', { hasText: '7%' }).first().waitFor()
  await second.context().setOffline(true)
  await setFirstValue(second, 9)
  await second.getByText(words('draft.offlineKept')).waitFor({ timeout: 20_000 })
  await setFirstValue(first, 8)
  await expect.poll(() => valueOf(first, 2), SOON).toBe(8)
  await second.context().setOffline(false)
  const dialog = second.getByRole('dialog', { name: words('draft.conflictTitle') })
  await dialog.waitFor({ timeout: 30_000 })
  // What the other one has is not overwritten before somebody chooses.
  expect(await valueOf(first, 2)).toBe(8)
  await dialog.getByText(words('draft.conflictSide.mine')).click()
  await dialog.getByRole('button', { name: words('draft.conflictSettle') }).click()
  await isSaved(second)
  await expect.poll(() => valueOf(first, 2), SOON).toBe(9)
  await first.locator('.sentence .ph.value', { hasText: '9%' }).first().waitFor({ timeout: 20_000 })

  // Undo takes back only what was done here.
  await first.getByRole('button', { name: new RegExp(`^${words('draft.undo')}`) }).click()
  await isSaved(first)
  expect(await valueOf(first, 4)).toBe(17)
}, 180_000)

test('a rule is built and changed with the keyboard alone', async () => {
  const page = await openDraft(6)
  await page.getByRole('treeitem').first().focus()
  await page.keyboard.press('ArrowDown')
  const count = await page.getByRole('treeitem').count()
  await page.keyboard.press('Control+d')
  await expect.poll(() => page.getByRole('treeitem').count(), SOON).toBe(count + 1)
  await page.keyboard.press('Alt+ArrowUp')
  await page.keyboard.press('!')
  await expect.poll(() => page.getByRole('treeitem').count(), SOON).toBe(count + 2)
  await page.keyboard.press('Delete')
  await expect.poll(() => page.getByRole('treeitem').count(), SOON).toBe(count)
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox').waitFor()
  await page.keyboard.type('33')
  await page.keyboard.press('Enter')
  await page.locator('.sentence .ph.value', { hasText: '33%' }).waitFor()
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('Control+z')
  await expect.poll(() => page.locator('.sentence .ph.value', { hasText: '33%' }).count(), SOON).toBe(0)
}, 120_000)
