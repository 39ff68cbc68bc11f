import { addMonths, computeFacts, toEngineFacts } from '@surety/credit'
import { compile } from '@surety/engine'
import { setGrade } from '../accounts.ts'
import { loadBooks } from '../book.ts'
import { recordDecision } from '../decisions.ts'
import { policiesInForce } from '../policies.ts'
import { today, type Tx } from '../sql.ts'

/** Grades accounts as the assessment policy in force decides on what the book says today; says how many. */
export async function gradeAccounts(tx: Tx, customerIds: readonly string[]): Promise<number> {
  const [version] = await policiesInForce(tx, 'assessment')
  if (!version) return 0
  const policy = compile(version.document, { version: version.version })
  const wanted = Object.keys(version.document.facts)
  const currency = Object.values(version.document.facts).find(({ type, currency: own }) => type === 'money' && own)?.currency
  const asOf = today(tx)
  let graded = 0
  for (let start = 0; start < customerIds.length; start += BATCH) {
    const ids = customerIds.slice(start, start + BATCH)
    const books = await loadBooks(tx, ids, { asOf })
    const accounts = await tx<
      { id: string; customer_id: string; segment_id: number }[]
    >`select id, customer_id, segment_id from credit_accounts where customer_id = any (${ids}::bigint[])`
    for (const { id, customer_id, segment_id } of accounts) {
      const book = books.get(customer_id)!
      const values = computeFacts(currency ? { ...book, currency } : book, asOf)
      const known = toEngineFacts(values)
      const facts = Object.fromEntries(wanted.filter(name => Object.hasOwn(known, name)).map(name => [name, known[name]]))
      const sources = Object.fromEntries(
        wanted.flatMap(name => {
          const fact = values[name as keyof typeof values]
          return fact
            ? [[name, fact.kind === 'known' ? { source: fact.source, asOf: fact.asOf } : { source: fact.source, missing: fact.reason }]]
            : []
        }),
      )
      const result = policy.decide(facts, { trace: true })
      const decision = await recordDecision(tx, {
        segmentId: segment_id,
        customerId: customer_id,
        kind: 'assessment',
        policyId: version.policyId,
        policyVersion: version.version,
        policyHash: version.hash,
        asOf,
        facts,
        sources,
        result,
        subject: `account:${id}`,
        key: `demo-assessment-${id}`,
      })
      const { grade, score } = result.outputs
      if (typeof grade !== 'string') continue
      await setGrade(tx, id, {
        grade,
        score: typeof score === 'number' ? score : null,
        validTo: addMonths(asOf, 12),
        decisionId: decision.id,
      })
      graded += 1
    }
  }
  return graded
}

const BATCH = 50
