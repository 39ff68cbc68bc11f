import { generateLedger, SEGMENT_LABELS, SEGMENTS } from '@surety/credit'
import { asActor, createSegment, createUser, findUserByLogin, listSegments, loadLedger, syncPolicies, SYSTEM, type Sql, type Tx } from '@surety/store'
import { DEMO_PEOPLE } from './people.ts'
import { readShippedPolicies } from './shipped-policies.ts'

export interface DemoOptions {
  readonly customers: number
  readonly months: number
  readonly seed: string
  readonly onCustomers?: (count: number) => void
}

/** What was added; nothing where it was there already. */
export interface SeededDemo {
  readonly customers: number
  readonly records: number
  readonly people: number
  readonly policies: number
}

const CURRENCY = 'CNY'
const SOURCE = 'demo'

/** Makes the demo company, all of it or nothing; what is there already is left as it is. */
export async function seedDemo(sql: Sql, options: DemoOptions): Promise<SeededDemo> {
  const documents = readShippedPolicies()
  return asActor(sql, SYSTEM, async (tx) => {
    // Two starts at once seed once.
    await tx`select pg_advisory_xact_lock(${DEMO_LOCK})`
    const { published } = await syncPolicies(tx, documents)
    const segmentIds = await openSegments(tx)
    const people = await hirePeople(tx)
    const [known] = await tx`select from customers where source = ${SOURCE} limit 1`
    if (known) return { customers: 0, records: 0, people, policies: published.length }
    const endDate = tx.now.toISOString().slice(0, 10)
    const { customers, records } = await loadLedger(tx, generateLedger({ ...options, endDate, currency: CURRENCY }), {
      segmentIds, source: SOURCE, ...(options.onCustomers && { onCustomers: options.onCustomers }),
    })
    return { customers, records, people, policies: published.length }
  })
}

const DEMO_LOCK = 58_230_031

async function openSegments(tx: Tx): Promise<Map<string, number>> {
  const known = new Map((await listSegments(tx)).map(({ code, id }) => [code, id]))
  const segmentIds = new Map<string, number>()
  for (const code of SEGMENTS) segmentIds.set(code, known.get(code) ?? (await createSegment(tx, { code, name: SEGMENT_LABELS[code], currency: CURRENCY })).id)
  return segmentIds
}

async function hirePeople(tx: Tx): Promise<number> {
  let hired = 0
  for (const { login, name, language, role, authorityLevel } of DEMO_PEOPLE) {
    if (await findUserByLogin(tx, login)) continue
    await createUser(tx, { login, name, language, email: `${login}@surety.example`, isDemo: true, grants: [{ role, segmentId: null, authorityLevel: authorityLevel ?? null }] })
    hired += 1
  }
  return hired
}
