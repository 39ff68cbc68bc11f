import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Simulation } from '@surety/simulation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { surety } from './support.ts'

let folder: string
const file = (name: string): string => join(folder, name)
const policyWith = (days: number): string =>
  JSON.stringify({
    id: 'test/late',
    title: { en: 'Late', zh: '逾期' },
    facts: { overdueDays: { type: 'integer' } },
    outputs: {},
    steps: [
      {
        id: 'late',
        kind: 'rules',
        rules: [
          {
            id: 'late',
            conditions: { all: [{ fact: 'overdueDays', operator: 'greaterThan', value: days }] },
            event: { type: 'late', params: { outcome: 'decline' } },
          },
        ],
      },
    ],
  })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surety-cli-simulate-'))
  await writeFile(file('base.json'), policyWith(30))
  await writeFile(file('challenger.json'), policyWith(10))
  await writeFile(file('rows.csv'), 'customer,overdueDays,amount,end\n=1+1,20,10.50,bad\nB,5,1.00,good\nC,45,7,good\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const asked = (...more: string[]): string[] => [
  'simulate',
  ...['--base', file('base.json')],
  ...['--challenger', file('challenger.json')],
  ...['--data', file('rows.csv')],
  ...more,
]

describe('surety simulate', () => {
  it('answers with the report as JSON, without a server', async () => {
    const ran = await surety(asked('--amount', 'amount', '--outcome', 'end', '--json'))
    expect(ran.stderr).toBe('')
    expect(ran.code).toBe(0)
    const { report, data, id } = ran.json() as Simulation
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(data).toMatchObject({ name: 'rows.csv', rows: 3 })
    expect(report.swapOut).toMatchObject({ count: 1, amount: '10.50', bad: 1 })
    expect(report.movers).toMatchObject([{ step: 'late', id: 'late', count: 1 }])
  })

  it('writes the records that move, with formulas as text', async () => {
    const ran = await surety(asked('--records', file('moved.csv')))
    expect(ran.stdout).toContain('3 rows of rows.csv; 1 are decided differently.')
    expect(await readFile(file('moved.csv'), 'utf8')).toBe(
      "\uFEFFrow,base,challenger,first difference,customer,overdueDays,amount,end\r\n1,approve,decline,late/late,'=1+1,20,10.50,bad\r\n",
    )
  })

  it('says what is wrong with the question and ends with 2', async () => {
    const unknown = await surety(asked('--amount', 'worth'))
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('rows.csv has no column "worth". It has: customer, overdueDays, amount, end.')
    expect((await surety(asked('--map', 'overdueDays'))).stderr).toContain('write fact=column')
    expect((await surety(asked('--records', file('moved.txt')))).code).toBe(2)
  })
})
