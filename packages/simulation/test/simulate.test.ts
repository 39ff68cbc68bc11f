import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Policy } from '@surety/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { openDataSet, simulate, SimulationProblem } from '../src/index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surety-simulate-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function csv(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

const policyWith = (days: number): Policy => ({
  id: 'test/late',
  title: { en: 'Late', zh: '逾期' },
  facts: { overdueDays: { type: 'integer' }, listed: { type: 'boolean' }, since: { type: 'date' }, grade: { type: 'string' } },
  outputs: {},
  whenUnknown: 'refer',
  steps: [
    {
      id: 'checks',
      kind: 'rules',
      rules: [
        {
          id: 'late',
          conditions: {
            all: [
              { fact: 'overdueDays', operator: 'greaterThan', value: days },
              { fact: 'listed', operator: 'equal', value: false },
              { fact: 'since', operator: 'greaterThan', value: '2020-01-01' },
              { fact: 'grade', operator: 'in', value: ['C', '丁'] },
            ],
          },
          event: { type: 'late', params: { outcome: 'decline' } },
        },
      ],
    },
  ],
})
const TABLE =
  'Overdue Days,listed,since,grade,amount,result\n45,no,2021-05-01,C,"1,200.50",bad\n20,否,2021/05/01,丁,10,good\n20,0,2021-05-01,A,5.005,\n45,yes,2021-05-01,C,1,good\n45,no,2019-05-01,C,1,good\n'
const question = { base: policyWith(30), challenger: policyWith(10), amount: 'amount', outcome: 'result' }

async function problemOf(file: string, more: object = {}): Promise<SimulationProblem> {
  try {
    const data = await openDataSet(file)
    try {
      await simulate(data, { ...question, ...more })
    } finally {
      await data.close()
    }
  } catch (error) {
    if (error instanceof SimulationProblem) return error
    throw error
  }
  throw new Error('There was no problem.')
}

describe('simulate', () => {
  it('reads numbers, days, truths and texts as people write them, by the names of facts whatever their case', async () => {
    const data = await openDataSet(await csv('rows.csv', TABLE))
    const { simulation } = await simulate(data, question)
    await data.close()
    expect(simulation.unread).toEqual([])
    expect(simulation.unbound).toEqual([])
    const cells = simulation.report.cells.filter(({ count }) => count > 0)
    expect(cells).toMatchObject([
      { base: 'approve', challenger: 'approve', count: 3, amount: '7.01', known: 2, bad: 0 },
      { base: 'approve', challenger: 'decline', count: 1, amount: '10.00', known: 1, bad: 0 },
      { base: 'decline', challenger: 'decline', count: 1, amount: '1200.50', known: 1, bad: 1 },
    ])
  })

  it('finds the same in a workbook and in Parquet', async () => {
    const source = await csv('same.csv', TABLE)
    const sheet = join(folder, 'same.xlsx')
    const rows = TABLE.trim()
      .split('\n')
      .map(line => line.replaceAll(/"(.*?)"/g, (_, inner: string) => inner.replace(',', '')).split(','))
    await writeExcelFile(rows.map(row => row.map(value => ({ value, type: String as never })))).toFile(sheet)
    const parquet = join(folder, 'same.parquet')
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(`copy (select * from read_csv('${source}', header = true, all_varchar = true)) to '${parquet}' (format parquet)`)
    connection.closeSync()
    const reports = []
    for (const file of [source, sheet, parquet]) {
      const data = await openDataSet(file)
      reports.push((await simulate(data, question)).simulation.report)
      await data.close()
    }
    expect(reports[1]).toEqual(reports[0])
    expect(reports[2]).toEqual(reports[0])
  })

  it('counts cells that their fact can’t be, and names the first', async () => {
    const data = await openDataSet(await csv('odd.csv', TABLE.replace('45,yes', '4x5,perhaps')))
    const { simulation } = await simulate(data, question)
    await data.close()
    expect(simulation.unread).toEqual([
      { column: 'Overdue Days', fact: 'overdueDays', type: 'integer', count: 1, firstRow: 4, example: '4x5' },
      { column: 'listed', fact: 'listed', type: 'boolean', count: 1, firstRow: 4, example: 'perhaps' },
    ])
    expect(simulation.report.unknown).toEqual({ base: 1, challenger: 1 })
  })

  it('can be cancelled', async () => {
    const data = await openDataSet(await csv('cancel.csv', TABLE))
    await expect(simulate(data, question, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    await data.close()
  })

  it('says what is wrong with the data, where, and what would be right', async () => {
    const file = await csv('plain.csv', TABLE)
    expect(await problemOf(join(folder, 'none.csv'))).toMatchObject({ code: 'NO_FILE' })
    expect(await problemOf(await csv('data.txt', TABLE))).toMatchObject({
      code: 'UNKNOWN_FORMAT',
      message: 'data.txt should be a .csv, .xlsx or .parquet file.',
    })
    expect(await problemOf(await csv('empty.csv', 'a,b\n'))).toMatchObject({ code: 'NO_ROWS' })
    expect(await problemOf(file, { amount: 'value' })).toMatchObject({
      code: 'UNKNOWN_COLUMN',
      message: 'plain.csv has no column "value". It has: Overdue Days, listed, since, grade, amount, result.',
    })
    expect(await problemOf(file, { outcome: 'grade' })).toMatchObject({ code: 'UNCLEAR_OUTCOME' })
    expect(await problemOf(file, { amount: 'grade' })).toMatchObject({
      code: 'UNREADABLE_AMOUNT',
      message: 'Column grade: 5 amounts can\'t be read, the first in row 1: "C". Write decimals such as 1234.50.',
    })
    const gb = join(folder, 'gb.csv')
    await writeFile(gb, Buffer.concat([Buffer.from('grade,overdueDays\n'), Buffer.from([0xb6, 0xa1]), Buffer.from(',12\n')]))
    expect(await problemOf(gb, { amount: undefined, outcome: undefined })).toMatchObject({ code: 'NOT_UTF8' })
  })

  it('takes names that mean something to SQL for what they are', async () => {
    const data = await openDataSet(await csv('evil.csv', `"x""; drop table data; --",overdueDays\n1,45\n'; drop table data; --,20\n`))
    const { simulation } = await simulate(data, {
      base: question.base,
      challenger: question.challenger,
      segment: 'x"; drop table data; --',
    })
    await data.close()
    expect(simulation.report.segments.map(({ segment }) => segment)).toEqual(["'; drop table data; --", '1'])
  })
})
