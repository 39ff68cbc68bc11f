import { endHold, findHold } from '../../holds.ts'
import { reserveReleased, type OrderCheckRequest } from '../../order-check/check-order.ts'
import type { Issue } from '../../result.ts'
import { asLastSignatory } from './last-signatory.ts'
import type { Subject } from './subject.ts'

/** A held order goes on, and keeps its place as any released order does. One that was released meanwhile stays as it is. */
export const holdRelease: Subject = {
  async check(tx, { subjectId }): Promise<Issue[]> {
    const hold = await findHold(tx, subjectId)
    if (hold?.status === 'open') return []
    return [{ path: ['hold'], code: 'HOLD_CLOSED', message: { en: 'This order is not held any more.', zh: '该订单已不再被拦截。' } }]
  },
  async approve(tx, approval) {
    const [locked] = await tx<{ id: string; request: OrderCheckRequest }[]>`
      select a.id, h.request from credit_accounts a join holds h on h.account_id = a.id where h.id = ${approval.subjectId} for no key update of a`
    const hold = await findHold(tx, approval.subjectId)
    if (!locked || hold?.status !== 'open') return
    await reserveReleased(tx, locked.id, locked.request)
    await endHold(await asLastSignatory(tx, approval), hold, 'actor', approval.purpose ?? `approval ${approval.id}`)
  },
  reject: async () => {},
}
