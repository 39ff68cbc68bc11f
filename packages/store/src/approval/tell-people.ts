import { findCustomers } from '../customers.ts'
import { sendMail } from '../mail/mails.ts'
import type { MailTemplateKey } from '../mail/shipped-templates.ts'
import type { Tx } from '../sql.ts'
import type { Task } from '../tasks.ts'
import type { Approval } from './approval.ts'
import { APPROVAL_TITLES } from './start-approval.ts'

/** Mails those who have something to do with a task. A person is told once a kind and occasion. */
export async function tellPeople(
  tx: Tx,
  template: Extract<MailTemplateKey, `task.${string}`>,
  task: Task,
  people: readonly { readonly userId: string }[],
  say: { readonly from?: string; readonly comment?: string | null; readonly occasion?: string | number } = {},
): Promise<void> {
  if (people.length === 0) return
  const customer = task.customerId === null ? undefined : (await findCustomers(tx, [task.customerId])).get(task.customerId)
  const title = APPROVAL_TITLES[task.kind]
  for (const { userId } of people) {
    await sendMail(tx, {
      key: `${template}-${task.id}-${say.occasion ?? 0}-${userId}`,
      template,
      to: { userId },
      segmentId: task.segmentId,
      params: {
        subject: `${title.zh} ${title.en}${customer ? ` · ${customer.name}` : ''}`,
        customer: customer?.name ?? '',
        amount: task.amount === null ? '' : `${task.currency} ${task.amount}`,
        from: say.from ?? task.maker,
        due: task.dueAt.toISOString().slice(0, 16).replace('T', ' '),
        comment: say.comment ?? '',
        link: `/tasks/${task.id}`,
      },
    })
  }
}

/** Mails the maker what became of what they asked. */
export async function tellMaker(
  tx: Tx,
  approval: Approval,
  template: 'task.decided' | 'task.returned',
  say: { readonly outcome: string; readonly comment: string },
): Promise<void> {
  if (approval.makerUserId === null) return
  const customer = approval.customerId === null ? undefined : (await findCustomers(tx, [approval.customerId])).get(approval.customerId)
  const title = approval.title
  await sendMail(tx, {
    key: `${template}-approval-${approval.id}-${approval.round}`,
    template,
    to: { userId: approval.makerUserId },
    segmentId: approval.segmentId,
    params: {
      subject: `${title.zh} ${title.en}${customer ? ` · ${customer.name}` : ''}`,
      customer: customer?.name ?? '',
      amount: approval.amount === null ? '' : `${approval.currency} ${approval.amount}`,
      from: 'Surety',
      due: '',
      outcome: say.outcome,
      comment: say.comment,
      link: approval.kind === 'credit_application' ? `/applications/${approval.subjectId}` : `/approvals/${approval.id}`,
    },
  })
}
