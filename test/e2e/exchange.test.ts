/// <reference lib="dom" />
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportDmn } from '@surety/engine/dmn'
import { exportWorkbook } from '@surety/engine/xlsx'
import { hashPolicy, parsePolicy, type Policy, type TableStep } from '@surety/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEditorPage, type EditorPage } from '../support/editor-page.ts'

const LIMITS = parsePolicy(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../rules/limit-and-terms/standard/policy.json'), 'utf8')),
).policy!
const folder = mkdtempSync(join(tmpdir(), 'surety-exchange-'))
let editor: EditorPage
beforeAll(async () => {
  editor = await openEditorPage()
}, 180_000)
afterAll(async () => {
  await editor?.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const dialog = () => editor.page.getByRole('dialog')
async function choose(path: string): Promise<void> {
  await editor.page.getByRole('button', { name: 'Import, export' }).click()
  await editor.page.getByRole('menuitem', { name: 'Import into the draft' }).click()
  await dialog().locator('input[type=file]').setInputFiles(path)
}
const close = async (): Promise<void> => {
  await dialog().getByRole('button', { name: 'Cancel' }).click()
  await dialog().waitFor({ state: 'detached' })
}

test('a workbook leaves, is changed, and comes back as a previewed change that one undo takes back', async () => {
  await editor.open(LIMITS, '/steps/0', { language: 'en' })
  await editor.page.getByRole('button', { name: 'Import, export' }).click()
  await editor.page.getByRole('menuitem', { name: 'Export' }).click()
  const [download] = await Promise.all([editor.page.waitForEvent('download'), dialog().getByRole('button', { name: 'Download' }).click()])
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  expect(path).toMatch(/\.xlsx$/)
  await choose(path)
  await dialog().getByText('Nothing would change').waitFor()
  expect(await dialog().getByRole('button', { name: 'Take over' }).isDisabled()).toBe(true)
  await close()

  const table = LIMITS.steps[0] as TableStep
  const later: Policy = {
    ...LIMITS,
    steps: LIMITS.steps.with(0, {
      ...table,
      rows: table.rows.with(3, { ...table.rows[3]!, then: table.rows[3]!.then.with(0, '8000000') }),
    }),
  }
  await choose(file('later.xlsx', exportWorkbook(later)))
  await dialog().getByText('1 change', { exact: true }).waitFor()
  expect(hashPolicy(await editor.document())).toBe(hashPolicy(LIMITS))
  await dialog().getByRole('button', { name: 'Take over' }).click()
  await expect.poll(async () => hashPolicy(await editor.document())).toBe(hashPolicy(later))
  expect(await editor.undoLabel()).toBe('Import later.xlsx')
})

test('a DMN model comes to the steps of the draft, and what it cannot bring is listed', async () => {
  await editor.open(LIMITS, '/steps/0', { language: 'en' })
  const { xml } = await exportDmn({ ...LIMITS, steps: [{ ...(LIMITS.steps[0] as TableStep), id: 'imported' }] })
  await choose(file('model.dmn', xml))
  await dialog()
    .getByText(/\d+ changes?$/)
    .waitFor()
  await dialog().getByRole('button', { name: 'Take over' }).click()
  await expect.poll(async () => (await editor.document()).steps.length).toBe(LIMITS.steps.length + 1)
  expect((await editor.document()).id).toBe(LIMITS.id)
})

test('json-rules-engine rules become a step of rules', async () => {
  await editor.open(LIMITS, '/steps/0', { language: 'en' })
  const rules = [
    { name: 'late', conditions: { all: [{ fact: 'overdueDays', operator: 'greaterThan', value: 60 }] }, event: { type: 'late' } },
  ]
  await choose(file('rules.json', JSON.stringify(rules)))
  await dialog().getByRole('button', { name: 'Take over' }).click()
  await expect.poll(async () => (await editor.document()).steps.at(-1)!.kind).toBe('rules')
})

test('bad files are told with their place, and nothing changes', async () => {
  await editor.open(LIMITS, '/steps/0', { language: 'en' })
  await choose(file('broken.json', '{\n  "id": "x",\n  oops\n}'))
  await dialog().getByText('line 3').waitFor()
  expect(await dialog().getByRole('button', { name: 'Take over' }).isDisabled()).toBe(true)
  await close()
  await choose(file('other.xlsx', 'no workbook'))
  await dialog().getByText('no XLSX workbook').waitFor()
  await close()
  await choose(
    file(
      'services.dmn',
      '<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x"><decision id="a" name="a"><invocation/></decision></definitions>',
    ),
  )
  await dialog().locator('.say').first().waitFor()
  await close()
  // 5 MB of rules are read beside the page.
  const many = Array.from({ length: 34_000 }, (_, at) => ({
    name: `rule-${at}`,
    conditions: { all: [{ fact: 'overdueDays', operator: 'greaterThan', value: at }] },
    event: { type: `late-${at}`, params: { outcome: 'refer' } },
  }))
  const text = JSON.stringify(many)
  expect(text.length).toBeGreaterThan(5_000_000)
  await editor.page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(window, { tasks })
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(one => one.duration))).observe({ type: 'longtask' })
  })
  await choose(file('many.json', text))
  await dialog()
    .getByText(/\d+ changes?$/)
    .waitFor({ timeout: 60_000 })
  const longest = await editor.page.evaluate(() => Math.max(0, ...(window as never as { tasks: number[] }).tasks))
  console.log(`longest task while ${Math.round(text.length / 1e6)} MB of rules were read: ${Math.round(longest)} ms`)
  await close()
  expect(hashPolicy(await editor.document())).toBe(hashPolicy(LIMITS))
  expect(readdirSync(folder).length).toBeGreaterThan(0)
})
