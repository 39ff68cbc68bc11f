import { afterAll, describe, expect, test } from 'vitest'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { ask, signInAs, wordsOf } from '../support/console.ts'
import { houseAddress } from '../support/house.ts'

const browsers: BrowserContext[] = []
afterAll(async () => {
  for (const browser of browsers) await browser.close()
})
async function enter(login: string, locale: 'zh-CN' | 'en'): Promise<Page> {
  const { browser, page } = await signInAs(login, { locale })
  browsers.push(browser)
  return page
}

/** Counts what a hand does; typing is free. */
function hand(): { clicks: number; click(target: Locator): Promise<void> } {
  return {
    clicks: 0,
    async click(target) {
      await target.click()
      this.clicks += 1
    },
  }
}

// A policy each, so that the two languages don't meet in one draft; a threshold each that can move without breaking a case of it.
const THRESHOLDS = {
  'zh-CN': { policy: 'early-warning/standard', from: 45, to: 44 },
  en: { policy: 'adjustment/standard', from: 30, to: 25 },
} as const

describe.each(['zh-CN', 'en'] as const)('in %s', locale => {
  const words = wordsOf(locale)
  const { policy, from, to } = THRESHOLDS[locale]
  const intent = `e2e ${locale} ${policy}`

  test('a threshold is changed, its impact seen and the change submitted in 6 clicks; approved in 3', async () => {
    const officer = await enter('risk', locale)
    // The policy that one works on is on the first page.
    await officer.goto(`${houseAddress()}/policies/${policy}/v/live`)
    await officer.getByRole('heading', { level: 1 }).waitFor()
    const title = await officer.getByRole('heading', { level: 1 }).innerText()
    await officer.goto(`${houseAddress()}/`)

    const one = hand()
    await one.click(officer.getByRole('region', { name: words('draft.pinned') }).getByRole('link', { name: title }))
    await one.click(officer.getByRole('button', { name: new RegExp(`^${words('draft.edit')}`) }))
    const valueOf = (days: number): Locator => officer.locator('.sentence .ph.value', { hasText: new RegExp(`^\\s*${days}\\b`) }).first()
    await one.click(valueOf(from))
    await officer.keyboard.type(String(to))
    await officer.keyboard.press('Enter')
    await valueOf(to).waitFor()
    await one.click(officer.getByRole('button', { name: words('impact.test') }).first())
    await officer.getByRole('tabpanel').locator('.running').waitFor({ state: 'detached', timeout: 120_000 })
    await officer.getByRole('tabpanel').locator('.report').waitFor()
    await one.click(officer.getByRole('button', { name: new RegExp(`^${words('draft.submit')}`) }))
    await officer.getByRole('dialog').locator('textarea').fill(intent)
    const confirm = officer.getByRole('button', { name: new RegExp(`^${words('change.confirmSubmit')}`) })
    // Its warnings are there once it has been checked.
    await officer.getByRole('dialog').locator('.hash').waitFor()
    await officer.getByText(words('change.checking')).waitFor({ state: 'detached' })
    for (const word of await officer.getByPlaceholder(words('change.acknowledge')).all()) await word.fill(intent)
    await one.click(confirm)
    await officer.waitForURL(/\/changes\/\d+/)
    expect(one.clicks).toBe(6)
    const id = /\/changes\/(\d+)/.exec(officer.url())![1]!

    // Whoever made it can't agree to it.
    const { change } = await ask<{ change: { canDecide: boolean; contentHash: string } }>(
      officer,
      `query ($id: ID!) { change(id: $id) { canDecide contentHash } }`,
      { id },
    )
    expect(change.canDecide).toBe(false)
    expect(await officer.getByRole('button', { name: new RegExp(`^${words('change.approve')}`) }).count()).toBe(0)

    // Everybody that the approval asks for, in three clicks each.
    for (const login of ['approver1', 'approver2', 'approver3']) {
      const { change: now } = await ask<{ change: { status: string } }>(officer, `query ($id: ID!) { change(id: $id) { status } }`, { id })
      if (now.status !== 'IN_REVIEW') break
      const approver = await enter(login, locale)
      const { change: mine } = await ask<{ change: { canDecide: boolean } }>(
        approver,
        `query ($id: ID!) { change(id: $id) { canDecide } }`,
        { id },
      )
      if (!mine.canDecide) continue
      const other = hand()
      await other.click(approver.getByRole('link', { name: intent }).first())
      // The hash on the page is the hash that is agreed to.
      await approver.getByText(change.contentHash.slice(0, 12)).first().waitFor()
      await other.click(approver.getByRole('button', { name: new RegExp(`^${words('change.approve')}`) }))
      await other.click(approver.getByRole('button', { name: new RegExp(`^${words('change.confirm.approve')}`) }))
      expect(other.clicks).toBe(3)
      await approver.getByText(words('change.bound')).waitFor({ state: 'detached' })
    }
    const inForce = await until(
      () =>
        ask<{ policy: { current: { hash: string } } }>(officer, `query ($id: ID!) { policy(id: $id) { current { hash } } }`, {
          id: policy,
        }),
      ({ policy: { current } }) => current.hash === change.contentHash,
    )
    expect(inForce.policy.current.hash).toBe(change.contentHash)
  }, 300_000)

  test('a declined customer is explained on the rule in 3 clicks', async () => {
    const officer = await enter('risk', locale)
    const { customers } = await ask<{
      customers: {
        edges: {
          node: {
            customer: { id: string; number: string; decisions: { edges: { node: { id: string; outcome: string; result: unknown } }[] } }
          }
        }[]
      }
    }>(
      officer,
      `{ customers(first: 60) { edges { node { customer { id number decisions(first: 1) { edges { node { id outcome result } } } } } } } }`,
    )
    const found = customers.edges
      .map(({ node }) => node.customer)
      .find(({ decisions }) => JSON.stringify(decisions.edges[0]?.node.result ?? '').includes('"kind":"rules"'))
    expect(found).toBeDefined()
    await officer.keyboard.press('Control+k')
    await officer.getByRole('dialog').locator('input').waitFor()
    await officer.keyboard.type(found!.number)

    const one = hand()
    await one.click(officer.getByRole('option', { name: new RegExp(found!.number) }).first())
    await officer.waitForURL(/\/customers\//)
    await one.click(officer.locator('a[href^="/decisions/"]').first())
    await officer.waitForURL(/\/decisions\//)
    await one.click(officer.locator('.leaf a.to').first())
    await officer.waitForURL(/\/policies\/.*rule=/)
    await officer.getByRole('treeitem').first().waitFor()
    // The decision lights up on the rule: what was seen stands beside the threshold.
    await officer.locator('.ln .mark').first().waitFor()
    expect(one.clicks).toBe(3)
  }, 120_000)
})

async function until<T>(look: () => Promise<T>, holds: (found: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const found = await look()
    if (holds(found)) return found
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('It did not come to that within a minute.')
}
