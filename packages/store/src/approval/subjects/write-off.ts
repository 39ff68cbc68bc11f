import { Decimal } from '@surety/credit'
import { addDocuments } from '../../documents.ts'
import { applyPayments } from '../../payments.ts'
import type { Issue } from '../../result.ts'
import { today, type Tx } from '../../sql.ts'
import type { Approval } from '../approval.ts'
import { asLastSignatory } from './last-signatory.ts'
import type { Subject } from './subject.ts'

/** What will not be paid leaves the receivables: a credit note of its own, set against the documents that were agreed on. */
export const writeOff: Subject = {
  async check(tx, { request, currency }): Promise<Issue[]> {
    const ids = documentIdsOf(request)
    const open = await openOf(tx, ids)
    if (ids.length === 0) return [issue('NOTHING_TO_WRITE_OFF', 'Choose what is to be written off.', '请选择要核销的单据。')]
    if (open.length < ids.length) return [issue('NOT_OPEN', 'One of the documents is not open any more.', '其中有单据已结清。')]
    if (open.some(document => document.currency !== currency))
      return [issue('MIXED_CURRENCIES', 'Documents of one currency at a time.', '一次只能核销同一币种的单据。')]
    return []
  },
  async approve(tx, approval) {
    const signed = await asLastSignatory(tx, approval)
    const documents = await openOf(signed, documentIdsOf(approval.request))
    const total = documents.reduce((sum, { open_amount }) => sum.plus(open_amount), new Decimal(0))
    // Paid meanwhile: there is nothing left to write off.
    if (total.isZero()) return
    const { ids } = await addDocuments(signed, [
      {
        segmentId: approval.segmentId!,
        customerId: approval.customerId!,
        type: 'credit_note',
        number: `WO-${approval.id}`,
        source: 'write-off',
        issuedOn: today(tx),
        currency: approval.currency!,
        amount: total.toFixed(),
      },
    ])
    await applyPayments(
      signed,
      documents.map(({ id, open_amount }) => ({
        source: { kind: 'creditNote', id: ids[0]! },
        documentId: id,
        amount: open_amount,
        on: today(tx),
      })),
    )
  },
  reject: async () => {},
}

function documentIdsOf({ documents }: Approval['request']): string[] {
  return Array.isArray(documents) ? documents.map(String).filter(id => /^\d{1,18}$/.test(id)) : []
}

async function openOf(tx: Tx, ids: readonly string[]) {
  return tx<{ id: string; currency: string; open_amount: string }[]>`
    select id, currency, open_amount from documents where id = any (${ids as string[]}::bigint[]) and type = 'invoice' and open_amount > 0 and cancelled_on is null order by id`
}

function issue(code: string, en: string, zh: string): Issue {
  return { path: ['documents'], code, message: { en, zh } }
}
