import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { ask, signInAs } from '../support/console.ts'
import { houseAddress } from '../support/house.ts'

interface Place {
  readonly login: string
  readonly path: string
}

/** Every page of the console, each seen by somebody for whom it is full. */
async function places(page: Page): Promise<Place[]> {
  const { customers, applications, policies, holds, securities } = await ask<{
    holds: { edges: { node: { id: string } }[] }
    securities: { edges: { node: { id: string } }[] }
    customers: { edges: { node: { customer: { id: string } } }[] }
    applications: { edges: { node: { id: string; assessment: { id: string } | null } }[] }
    policies: { id: string }[]
  }>(
    page,
    `{ customers(first: 1, sort: { field: OVERDUE, descending: true }) { edges { node { customer { id } } } }
       applications(first: 20) { edges { node { id assessment { id } } } } policies { id }
       holds(first: 1) { edges { node { id } } } securities(first: 1, filter: { states: [PROPOSED] }) { edges { node { id } } } }`,
  )
  const customer = customers.edges[0]!.node.customer.id
  const assessed = applications.edges.find(({ node }) => node.assessment)!.node
  return [
    ...[
      '',
      '/receivables',
      '/ledger',
      '/holds',
      '/securities',
      '/limits',
      '/applications',
      '/decisions',
      '/facts',
      '/contacts',
      '/timeline',
    ].map(tab => ({
      login: 'risk',
      path: `/customers/${customer}${tab}`,
    })),
    ...policies.map(({ id }) => ({ login: 'risk', path: `/policies/${id}/v/live` })),
    ...['/', '/customers', '/policies', '/audit', '/settings', '/applications', `/decisions/${assessed.assessment!.id}`, '/nowhere'].map(
      path => ({ login: 'risk', path }),
    ),
    { login: 'sales', path: `/applications/new?customer=${customer}` },
    { login: 'sales', path: `/applications/${assessed.id}` },
    { login: 'risk', path: '/holds' },
    { login: 'risk', path: '/securities' },
    { login: 'risk', path: '/portfolio' },
    { login: 'risk', path: '/alerts' },
    { login: 'risk', path: '/changes' },
    { login: 'risk', path: '/library' },
    { login: 'admin', path: '/settings/mail' },
    { login: 'approver1', path: `/holds/${holds.edges[0]!.node.id}` },
    { login: 'approver1', path: `/securities/${securities.edges[0]!.node.id}` },
    { login: 'approver1', path: '/' },
    { login: 'approver1', path: '/tasks' },
    { login: 'admin', path: '/import' },
    { login: 'collector', path: '/audit' },
  ]
}

describe.each(['zh-CN', 'en'] as const)('in %s', locale => {
  const open = new Map<string, { browser: BrowserContext; page: Page }>()
  let all: Place[]

  beforeAll(async () => {
    for (const login of ['risk', 'sales', 'approver1', 'admin', 'collector']) open.set(login, await signInAs(login, { locale }))
    all = await places(open.get('risk')!.page)
  }, 180_000)
  afterAll(async () => {
    for (const { browser } of open.values()) await browser.close()
  })

  test('no page has a violation that axe finds, in the light and in the dark', async () => {
    const found: string[] = []
    for (const { login, path } of all) {
      const { page } = open.get(login)!
      await page.goto(`${houseAddress()}${path}`)
      await settled(page)
      found.push(...(await violationsInBothSchemes(page)).map(violation => `${login} ${path}: ${violation}`))
    }
    console.log(`axe: ${all.length} pages in ${locale}, light and dark, ${found.length} violations`)
    expect(found).toEqual([])
  }, 300_000)

  test('the sign-in page has none either', async () => {
    const browser = await launchBrowser({ locale })
    const page = await browser.newPage()
    await page.goto(`${houseAddress()}/sign-in`)
    await settled(page)
    expect(await violationsInBothSchemes(page)).toEqual([])
    await browser.close()
  })
})

/** The page has its heading and nothing is being loaded any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ timeout: 15_000 })
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: 15_000 })
}

/** All rules in the light; in the dark, where only colours differ, those that look at colours. */
async function violationsInBothSchemes(page: Page): Promise<string[]> {
  const axe = (): AxeBuilder => new AxeBuilder({ page })
  const light = await axe().withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.locator('html.dark').waitFor()
  // What fades from one colour to the other is not what is read.
  await page.waitForTimeout(300)
  const dark = await axe().withRules(['color-contrast', 'link-in-text-block']).analyze()
  await page.emulateMedia({ colorScheme: 'light' })
  return [...describeViolations('light', light.violations), ...describeViolations('dark', dark.violations)]
}

function describeViolations(scheme: string, violations: Awaited<ReturnType<AxeBuilder['analyze']>>['violations']): string[] {
  return violations.map(
    ({ id, nodes }) =>
      `${scheme}, ${id}: ${nodes
        .slice(0, 3)
        .map(({ target }) => target.join(' '))
        .join(', ')}`,
  )
}
