import { readFileSync } from 'node:fs'
import { compile, type Policy } from '@surety/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountsToDun, asActor, runDunning, SYSTEM, type DunningPolicy } from '../../src/index.ts'
import { createGround, sharedFile, type Ground } from '../import/support.ts'

const settled = sharedFile('ibm-accounts-receivable/ibm_ar_dev_391_406.csv')
const document = JSON.parse(readFileSync(new URL('../../../../rules/dunning/by-grade/policy.json', import.meta.url), 'utf8')) as Policy
const policy: DunningPolicy = { id: document.id, version: 1, compiled: compile(document) }

// The real amounts are small: none is above 130. What is below 30 is left alone here, as the policy's 100 leaves alone what is small there.
const MINIMUM = 30
const FROM = '2013-01-01'
const UNTIL = '2013-12-31'

/** By hand, for customers without a grade: 5, 20, 40 and 75 days past due, a level a run, five quiet days, disputed items wait. */
function lettersByHand(rows: readonly Row[]): string[] {
  const steps = [5, 20, 40, 75]
  const sent: string[] = []
  for (const { customer, number, issued, due, settled: paid, amount, isDisputed } of rows) {
    if (isDisputed || amount < MINIMUM) continue
    let level = 0
    let last = -Infinity
    let hadCourtesy = false
    for (let day = dayNumber(FROM); day <= dayNumber(UNTIL); day += 1) {
      // Paid on the day is paid; billed on the day is open.
      if (day < dayNumber(issued) || day >= dayNumber(paid)) continue
      const late = day - dayNumber(due)
      if (level === 0 && late >= -3 && late < 0 && !hadCourtesy) {
        hadCourtesy = true
        sent.push(`${dayText(day)} ${customer} ${number} courtesy`)
      } else if (late >= steps[Math.min(level, 3)]! && day - last >= 5) {
        level = Math.min(level + 1, 4)
        last = day
        sent.push(`${dayText(day)} ${customer} ${number} ${level}`)
      }
    }
  }
  return sent.toSorted()
}

interface Row {
  readonly customer: string
  readonly number: string
  readonly issued: string
  readonly due: string
  readonly settled: string
  readonly amount: number
  readonly isDisputed: boolean
}

describe.skipIf(!settled)('a year of dunning on a real ledger (needs the shared data folder)', () => {
  let ground: Ground
  beforeAll(async () => {
    ground = await createGround()
    await ground.load(settled!, { mapping: { customerName: 'customerID' } })
  }, 60_000)
  afterAll(() => ground?.close())

  test('sends the letters that an independent reckoning sends, each once', async () => {
    const rows = settled!
      .toString()
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map(line => line.split(','))
      .map(cells => ({
        customer: cells[1]!,
        number: cells[3]!,
        issued: dayOf(cells[4]!),
        due: dayOf(cells[5]!),
        settled: dayOf(cells[8]!),
        amount: Number(cells[6]),
        isDisputed: cells[7] === 'Yes',
      }))
    const small = {
      ...document,
      steps: document.steps.map(step =>
        step.kind === 'rules'
          ? {
              ...step,
              rules: step.rules.map(rule =>
                rule.id === 'trifle'
                  ? { ...rule, conditions: { all: [{ fact: 'itemOpenAmount', operator: 'lessThan', value: MINIMUM }] } }
                  : rule,
              ),
            }
          : step,
      ),
    }
    const own = { ...policy, compiled: compile(small) }
    const began = performance.now()
    for (let day = dayNumber(FROM); day <= dayNumber(UNTIL); day += 1) {
      const at = new Date(`${dayText(day)}T01:00:00Z`)
      await asActor(
        ground.sql,
        SYSTEM,
        async tx => {
          // As the day saw it: what was paid later was open.
          const accounts = await tx<{ customer_id: string; segment_id: number }[]>`
            select distinct customer_id, segment_id from documents d where issued_on <= ${dayText(day)}::date and due_on <= ${dayText(day + 3)}::date
              and exists (select from payment_applications a where a.document_id = d.id and a.applied_on > ${dayText(day)}::date)
            union select customer_id, segment_id from dunning_cases where resolved_on is null order by 1`
          for (const { customer_id, segment_id } of accounts) await runDunning(tx, { customerId: customer_id, segmentId: segment_id }, own)
        },
        { at },
      )
    }
    const letters = await asActor(
      ground.sql,
      SYSTEM,
      tx => tx<{ line: string }[]>`
        select to_char(l.run_on, 'YYYY-MM-DD') || ' ' || c.name || ' ' || d.number || ' ' || case when l.kind = 'courtesy' then 'courtesy' else i.level::text end as line
        from dunning_letters l join dunning_letter_items i on i.letter_id = l.id join documents d on d.id = i.document_id join customers c on c.id = l.customer_id`,
    )
    const byHand = lettersByHand(rows)
    console.log(
      `a year of dunning: ${byHand.length} reminders to ${new Set(byHand.map(line => line.split(' ')[1])).size} customers in ${((performance.now() - began) / 1000).toFixed(0)} s`,
    )
    expect(byHand.length).toBeGreaterThan(100)
    expect(letters.map(({ line }) => line).toSorted()).toEqual(byHand)
  }, 300_000)

  test('leaves cases only for what is open, and charges each level of a case once', async () => {
    const [figures] = await asActor(
      ground.sql,
      SYSTEM,
      tx => tx<{ cases: number; open: number; fees: number; levels: number }[]>`
        select (select count(*)::int from dunning_cases) as cases, (select count(*)::int from dunning_cases where resolved_on is null) as open,
          (select count(*)::int from dunning_fees) as fees,
          (select count(*)::int from (select distinct l.case_id, l.level from dunning_letters l where l.level >= 3) x) as levels`,
    )
    expect(figures!.cases).toBeGreaterThan(10)
    expect(figures!.fees).toBe(figures!.levels)
    expect(await asActor(ground.sql, SYSTEM, tx => accountsToDun(tx), { at: new Date('2014-12-31T01:00:00Z') })).toHaveLength(figures!.open)
  })
})

const dayNumber = (day: string): number => Date.parse(day) / 86_400_000
const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

/** `1/31/2013` as `2013-01-31`. */
function dayOf(text: string): string {
  const [month, day, year] = text.split('/') as [string, string, string]
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
