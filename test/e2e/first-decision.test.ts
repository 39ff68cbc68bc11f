import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright-core'
import { ask, signInAs, wordsOf } from '../support/console.ts'
import { houseAddress } from '../support/house.ts'

let folder: string
// So that a house may be tested more than once.
const RUN = Date.now().toString(36)
const browsers: BrowserContext[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'surety-ledger-'))
})
afterAll(async () => {
  for (const browser of browsers) await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

async function enter(login: string, locale: 'zh-CN' | 'en'): Promise<Page> {
  const { browser, page } = await signInAs(login, { locale })
  browsers.push(browser)
  return page
}

describe.each(['zh-CN', 'en'] as const)('in %s', locale => {
  const words = wordsOf(locale)
  const number = `E2E-${locale}-${RUN}`

  test('a ledger is imported, a limit is asked for, approved at two levels, and seen in force without a reload', async () => {
    // A ledger of a customer that nobody knows yet.
    const file = join(folder, `ledger.${locale}.csv`)
    writeFileSync(file, ledgerOf(number))
    const admin = await enter('admin', locale)
    await admin.goto(`${houseAddress()}/import`)
    await admin.locator('input[type="file"]').setInputFiles(file)
    await admin.waitForURL(/\/import\/\d+/)
    // Pressed twice: the first says what will happen.
    await admin.getByRole('button', { name: starting(words('import.apply')) }).click()
    await admin.getByText(words('import.confirmApply')).waitFor()
    await admin.getByRole('button', { name: starting(words('import.apply')) }).click()
    await until(
      () =>
        ask<{ import: { status: string } }>(admin, `query ($id: ID!) { import(id: $id) { status } }`, {
          id: /\d+$/.exec(new URL(admin.url()).pathname)![0],
        }),
      ({ import: { status } }) => status === 'APPLIED',
    )
    await admin.getByRole('link', { name: words('import.toCustomers') }).waitFor()

    // Sales asks for a limit.
    const sales = await enter('sales', locale)
    const { search } = await ask<{ search: { kind: string; id: string }[] }>(
      sales,
      `query ($q: String!) { search(query: $q) { kind id } }`,
      { q: number },
    )
    const customer = search.find(({ kind }) => kind === 'customer')!.id
    await sales.goto(`${houseAddress()}/customers/${customer}`)
    await sales
      .getByRole('link', { name: words('customer.apply') })
      .first()
      .click()
    await sales.locator('#requested-limit').fill('30万')
    await sales.getByRole('button', { name: words('applicationForm.submit') }).click()
    await sales.waitForURL(/\/applications\/\d+/)
    const application = /\/applications\/(\d+)/.exec(sales.url())![1]!

    // Somebody keeps the customer's page open.
    const watcher = await enter('risk', locale)
    await watcher.goto(`${houseAddress()}/customers/${customer}`)
    await watcher.getByRole('heading', { level: 1 }).waitFor()
    await watcher.evaluate('window.stayed = true')

    const { levels } = await until(
      () =>
        ask<{ application: { levels: number[] | null } }>(sales, `query ($id: ID!) { application(id: $id) { levels } }`, {
          id: application,
        }),
      ({ application: { levels: found } }) => found !== null,
    ).then(({ application: found }) => ({ levels: found.levels! }))
    expect(levels.length).toBeGreaterThanOrEqual(2)

    for (const level of levels) {
      const approver = await enter(`approver${level}`, locale)
      const task = await until(
        () =>
          ask<{ application: { tasks: { id: string; status: string }[] } }>(
            approver,
            `query ($id: ID!) { application(id: $id) { tasks { id status } } }`,
            { id: application },
          ).then(({ application: { tasks } }) => tasks.find(({ status }) => status === 'OPEN')?.id),
        found => found !== undefined,
      )
      await approver.goto(`${houseAddress()}/tasks/${task}`)
      await approver.locator('#grant-limit').fill(locale === 'en' ? '200' : '20')
      await approver.getByRole('textbox', { name: words('task.comment') }).fill(locale === 'en' ? 'as discussed' : '同意')
      await approver.getByRole('button', { name: starting(words('task.approve')) }).click()
      const confirm = approver.getByRole('button', { name: starting(words('task.confirm')) })
      // More than was recommended takes a reason.
      if ((await confirm.getAttribute('aria-disabled')) === 'true')
        await approver.getByRole('radio', { name: words('overrideReason.STRATEGIC_CUSTOMER') }).click()
      await confirm.click()
      await until(
        () => ask<{ task: { status: string } }>(approver, `query ($id: ID!) { task(id: $id) { status } }`, { id: task }),
        ({ task: found }) => found.status === 'DONE',
      )
    }

    // 200 thousand, as the language writes it, on the page that was open all the time.
    await watcher
      .getByText(locale === 'en' ? '200' : '20.0', { exact: true })
      .first()
      .waitFor({ timeout: 15_000 })
    expect(await watcher.evaluate('window.stayed')).toBe(true)
  }, 240_000)
})

/** A button's words, whatever key is written beside them. */
function starting(words: string): RegExp {
  return new RegExp(`^${words}`)
}

/** Two years of prompt payment. */
function ledgerOf(customer: string): string {
  const rows = ['customer number,customer name,invoice number,invoice date,due date,currency,amount,settled date']
  for (let month = 0; month < 24; month += 1) {
    const day = (offset: number): string => new Date(Date.UTC(2024, 9 + month, 5 + offset)).toISOString().slice(0, 10)
    rows.push([customer, `E2E Trading ${customer}`, `${customer}-${month}`, day(0), day(30), 'CNY', '50000.00', day(29)].join(','))
  }
  return `${rows.join('\n')}\n`
}

async function until<T>(look: () => Promise<T>, holds: (found: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const found = await look()
    if (holds(found)) return found
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('It did not come to that within 30 s.')
}
