import { describe, expect, it } from 'vitest'
import { addDocuments, addPayments, applyPayments, similarCases } from '../src/index.ts'
import { makeCustomer, makeUser, useWorld } from './support.ts'

const world = useWorld()

interface Case {
  readonly grade: string
  readonly amount: string
  readonly status: 'approved' | 'rejected' | 'withdrawn' | 'in_approval'
  readonly segment?: 'industrial' | 'consumer'
}

async function makeCase({ grade, amount, status, segment = 'industrial' }: Case): Promise<{ id: string; customerId: string }> {
  const { customerId, accountId } = await makeCustomer(world, world[segment])
  const maker = await makeUser(world, [{ role: 'sales' }])
  const [row] = await world.asSystem(
    tx => tx<{ id: string }[]>`
      insert into credit_applications (segment_id, customer_id, account_id, requested_limit, currency, requested_by, status, grade, approved_limit, submitted_at, closed_at)
      values (${world[segment].id}, ${customerId}, ${accountId}, ${amount}, 'CNY', ${maker.id}, ${status}, ${grade}, ${status === 'approved' ? amount : null},
        '2026-01-05', ${status === 'in_approval' ? null : '2026-01-10'}) returning id`,
  )
  return { id: row!.id, customerId }
}

describe('similar cases', () => {
  it('are decided ones of the segment, a grade away at most and between half and twice the amount', async () => {
    const asked = await makeCase({ grade: 'C', amount: '100000', status: 'in_approval' })
    const near = [
      await makeCase({ grade: 'C', amount: '90000', status: 'approved' }),
      await makeCase({ grade: 'B', amount: '199999', status: 'rejected' }),
    ]
    await makeCase({ grade: 'A', amount: '100000', status: 'approved' })
    await makeCase({ grade: 'C', amount: '210000', status: 'approved' })
    await makeCase({ grade: 'C', amount: '100000', status: 'withdrawn' })
    await makeCase({ grade: 'C', amount: '100000', status: 'approved', segment: 'consumer' })
    const found = await world.asSystem(tx => similarCases(tx, asked.id))
    expect(found.map(({ applicationId }) => applicationId).toSorted()).toEqual(near.map(({ id }) => id).toSorted())
  })

  it('tell how the customer has paid what fell due since', async () => {
    const asked = await makeCase({ grade: 'D', amount: '7000', status: 'in_approval' })
    const { id, customerId } = await makeCase({ grade: 'D', amount: '7000', status: 'approved' })
    await world.asSystem(async tx => {
      const invoice = {
        segmentId: world.industrial.id,
        customerId,
        source: 'test',
        type: 'invoice' as const,
        currency: 'CNY',
        amount: '500',
      }
      const { ids } = await addDocuments(tx, [
        // Due before the decision: says nothing of what came after.
        { ...invoice, number: 'S0', issuedOn: '2025-11-01', dueOn: '2025-12-01' },
        { ...invoice, number: 'S1', issuedOn: '2026-01-11', dueOn: '2026-01-20' },
        { ...invoice, number: 'S2', issuedOn: '2026-02-01', dueOn: '2026-02-20' },
      ])
      const payments = await addPayments(tx, [
        {
          segmentId: world.industrial.id,
          customerId,
          number: 'SP',
          source: 'test',
          receivedOn: '2026-02-04',
          currency: 'CNY',
          amount: '1000',
        },
      ])
      const pay = (documentId: string, on: string) => ({
        source: { kind: 'payment' as const, id: payments.ids[0]! },
        documentId,
        amount: '500',
        on,
      })
      await applyPayments(tx, [pay(ids[0]!, '2026-02-04'), pay(ids[1]!, '2026-02-04')])
    })
    // On 5 March S1 was paid 15 days late and S2 is 13 days past due.
    expect(await world.asSystem(tx => similarCases(tx, asked.id))).toMatchObject([
      { applicationId: id, outcome: 'approved', worstDaysLate: 15, overdueNow: expect.stringMatching(/^500(\.0+)?$/) },
    ])
  })
})
