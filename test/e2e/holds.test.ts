import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { ask, signInAs, wordsOf } from '../support/console.ts'
import { houseAddress } from '../support/house.ts'

// So that a house may be tested more than once.
const RUN = Date.now().toString(36)
const browsers: BrowserContext[] = []
afterAll(async () => {
  for (const browser of browsers) await browser.close()
})

async function enter(login: string, locale: 'zh-CN' | 'en'): Promise<Page> {
  const { browser, page } = await signInAs(login, { locale })
  browsers.push(browser)
  return page
}

interface Checked {
  readonly action: string
  readonly availableBefore: string | null
  readonly holdId: string | null
}

interface Buyer {
  readonly number: string
  readonly segment: string
  readonly currency: string
  readonly available: number
}

describe.each([
  ['zh-CN', 0],
  ['en', 1],
] as const)('in %s', (locale, index) => {
  const words = wordsOf(locale)

  test('a blocked order is opened, the customer pays, and it goes before the eyes of who looks at it', async () => {
    const sales = await enter('sales', locale)
    const buyer = await findBuyer(sales, index)
    const orderNumber = `E2E-PAY-${RUN}-${locale}`
    const { holdId } = await checkCredit(sales, buyer, orderNumber, buyer.available + 1000)
    expect(holdId).not.toBeNull()

    // From the list to the case, on the keyboard.
    const watcher = await enter('risk', locale)
    await watcher.goto(`${houseAddress()}/holds?q=${orderNumber}`)
    await watcher.getByRole('link', { name: orderNumber }).waitFor()
    await watcher.keyboard.press('j')
    await watcher.keyboard.press('Enter')
    await watcher.waitForURL(new RegExp(`/holds/${holdId}$`))
    await watcher.getByText(words('hold.statusOf.OPEN'), { exact: true }).first().waitFor()
    await watcher.evaluate('window.stayed = true')

    // The customer pays.
    const admin = await enter('admin', locale)
    const paid = await post(
      admin,
      `/v1/payments?segment=${buyer.segment}&source=bank`,
      [
        {
          customerNumber: buyer.number,
          number: `PAY-${orderNumber}`,
          receivedOn: new Date().toISOString().slice(0, 10),
          currency: buyer.currency,
          amount: '5000.00',
        },
      ],
      `pay-${orderNumber}`,
    )
    expect(paid.status, JSON.stringify(paid.body)).toBeLessThan(300)

    await watcher.getByText(words('hold.statusOf.RELEASED'), { exact: true }).first().waitFor({ timeout: 15_000 })
    await watcher.getByText(words('hold.releasedItself')).first().waitFor()
    expect(await watcher.evaluate('window.stayed')).toBe(true)
  }, 120_000)

  test('an approver lets an order go that its maker can not, and the maker sees it', async () => {
    const sales = await enter('sales', locale)
    const buyer = await findBuyer(sales, index + 2)
    const { holdId } = await checkCredit(sales, buyer, `E2E-APPROVE-${RUN}-${locale}`, buyer.available + 1000)
    await sales.goto(`${houseAddress()}/holds/${holdId}`)
    await sales.getByText(words('hold.cannot')).waitFor()
    expect(await sales.getByRole('button', { name: new RegExp(`^${words('hold.release')}`) }).count()).toBe(0)
    await sales.evaluate('window.stayed = true')

    const approver = await enter('approver3', locale)
    await approver.goto(`${houseAddress()}/holds/${holdId}`)
    await approver.getByRole('textbox', { name: words('hold.comment') }).fill(locale === 'en' ? 'agreed with the customer' : '已与客户确认')
    await approver.getByRole('button', { name: new RegExp(`^${words('hold.release')}`) }).click()
    await approver.getByText(words('hold.statusOf.RELEASED'), { exact: true }).first().waitFor({ timeout: 15_000 })

    await sales.getByText(words('hold.statusOf.RELEASED'), { exact: true }).first().waitFor({ timeout: 15_000 })
    expect(await sales.evaluate('window.stayed')).toBe(true)
    const { hold } = await ask<{ hold: { releasedBy: { login: string } | null; reasons: { clearedAt: string | null }[] } }>(
      approver,
      `query ($id: ID!) { hold(id: $id) { releasedBy { login } reasons { clearedAt } } }`,
      { id: holdId },
    )
    expect(hold.releasedBy?.login).toBe('approver3')
    expect(hold.reasons.every(({ clearedAt }) => clearedAt !== null)).toBe(true)
  }, 120_000)
})

/** The nth customer of the demo company whose small orders go and who has room left. */
async function findBuyer(page: Page, nth: number): Promise<Buyer> {
  const { customers } = await ask<{
    customers: { edges: { node: { customer: { number: string }; account: { currency: string; segment: { id: string } } } }[] }
  }>(
    page,
    `{ customers(first: 200, sort: { field: NUMBER }) { edges { node { customer { number } account { currency segment { id } exposure { overdue available } } } } } }`,
  )
  let found = 0
  for (const { node } of customers.edges) {
    const { number } = node.customer
    const { currency } = node.account
    const segment = node.account.segment.id
    const { body } = await post(page, `/v1/credit-checks?segment=${segment}&source=e2e`, {
      customerNumber: number,
      orderNumber: 'probe',
      amount: '1.00',
      currency,
      isDryRun: true,
    })
    const { action, availableBefore } = body as Checked
    if (action !== 'release' || availableBefore === null || Number(availableBefore) < 10_000) continue
    if (found === nth) return { number, segment, currency, available: Math.ceil(Number(availableBefore)) }
    found += 1
  }
  throw new Error(`There are not ${nth + 1} customers with room.`)
}

async function checkCredit(page: Page, { number, segment, currency }: Buyer, orderNumber: string, amount: number): Promise<Checked> {
  const { status, body } = await post(
    page,
    `/v1/credit-checks?segment=${segment}&source=e2e`,
    { customerNumber: number, orderNumber, amount: amount.toFixed(2), currency },
    orderNumber,
  )
  expect(status, JSON.stringify(body)).toBe(200)
  return body as Checked
}

async function post(page: Page, path: string, body: unknown, key?: string): Promise<{ status: number; body: unknown }> {
  return page.evaluate(
    async ([address, content, idempotencyKey]) => {
      const response = await fetch(address!, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
        body: content!,
      })
      return { status: response.status, body: (await response.json()) as unknown }
    },
    [path, JSON.stringify(body), key],
  )
}
