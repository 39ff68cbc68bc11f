import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { launchBrowser, type BrowserOptions } from './browser.ts'
import { houseAddress } from './house.ts'

/** Words of the console by message key, so that a journey reads the same in both languages. */
export function wordsOf(locale: 'zh-CN' | 'en'): (key: string) => string {
  const files = new Map<string, Record<string, unknown>>()
  return key => {
    const [file, ...path] = key.split('.')
    if (!files.has(file!)) {
      const place = join(import.meta.dirname, `../../packages/console/src/i18n/${locale}/${file}.json`)
      files.set(file!, JSON.parse(readFileSync(place, 'utf8')) as Record<string, unknown>)
    }
    const word = path.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], files.get(file!))
    if (typeof word !== 'string') throw new Error(`There is no message ${key} in ${locale}.`)
    return word
  }
}

/** A browser of somebody's own in which they have signed in with one click. */
export async function signInAs(login: string, options: BrowserOptions = {}): Promise<{ browser: BrowserContext; page: Page }> {
  const browser = await launchBrowser(options)
  const page = await browser.newPage()
  await page.goto(`${houseAddress()}/sign-in`)
  const person = DEMO_NAMES[login]
  if (!person) throw new Error(`${login} is nobody of the demo company.`)
  await page.getByRole('button', { name: person }).click()
  await page.waitForURL(`${houseAddress()}/`)
  return { browser, page }
}

const DEMO_NAMES: Readonly<Record<string, string>> = {
  sales: 'Lu Chen',
  risk: 'Shen Lan',
  approver1: 'Gu Heng',
  approver2: 'Ye Zhan',
  approver3: 'Helen Marsh',
  analyst: 'Su Chen',
  collector: 'Jiang Pei',
  auditor: 'Daniel Frost',
  admin: 'Han Yi',
}

/** Asks the API as the person whose browser this is. */
export async function ask<T>(page: Page, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const answer = await page.evaluate(async body => {
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return (await response.json()) as { data?: unknown; errors?: unknown }
  }, JSON.stringify({ query, variables }))
  if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  return answer.data as T
}
