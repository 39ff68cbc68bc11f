import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'

const ROWS = Number(process.env['SURETY_IMPORT_ROWS'] ?? 0)

// Minutes on a small machine: SURETY_IMPORT_ROWS=1000000 asks for it.
describe.skipIf(ROWS === 0)(`${ROWS.toLocaleString('en')} invoices`, () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  test('are imported in bounded memory', { timeout: 600_000 }, async () => {
    const { stdout } = await promisify(execFile)('node', [
      fileURLToPath(new URL('./import-million.ts', import.meta.url)),
      database.appUrl,
      String(ROWS),
    ])
    const result = JSON.parse(stdout) as { peakRssMb: number; status: string; counts: { new: number } }
    console.log(stdout.trim())
    expect(result).toMatchObject({ status: 'applied', counts: { new: ROWS, wrong: 0, newCustomers: Math.min(ROWS, 10_000) } })
    expect(result.peakRssMb).toBeLessThan(512)
  })
})
