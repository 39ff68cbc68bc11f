import { asActor, listWebhookDeliveries, listWebhooks, SYSTEM } from '@surety/store'
import { EXIT, textOption, UsageError, type Command } from '../command.ts'
import { table } from '../table.ts'

export const webhooksCommand: Command = {
  name: 'webhooks',
  summary: 'Who is told what happens, and whether it arrives.',
  describe: command => command.option('--deliveries <id>', 'the last messages to one of them'),
  async run(session, _, options) {
    const id = textOption(options, 'deliveries')
    if (id !== undefined && !/^\d{1,18}$/.test(id))
      throw new UsageError(`--deliveries is ${JSON.stringify(id)}; write the id of a webhook.`)
    if (id !== undefined) {
      const page = await asActor(session.sql, SYSTEM, tx => listWebhookDeliveries(tx, id, { last: 50 }))
      const deliveries = page.edges.map(({ node }) => node)
      session.answer(deliveries, () =>
        table(
          ['message', 'event', 'status', 'attempts', 'answer'],
          deliveries.map(({ messageId, event, status, attempts, responseStatus, lastError }) => [
            messageId,
            event,
            status,
            String(attempts),
            lastError ?? String(responseStatus ?? ''),
          ]),
        ),
      )
      return EXIT.ok
    }
    const webhooks = await asActor(session.sql, SYSTEM, tx => listWebhooks(tx))
    session.answer(webhooks, () =>
      table(
        ['id', 'name', 'address', 'events', 'status', 'failures'],
        webhooks.map(webhook => [
          webhook.id,
          webhook.name,
          webhook.url,
          webhook.events.join(' '),
          webhook.disabledReason === null ? webhook.status : `${webhook.status}: ${webhook.disabledReason}`,
          String(webhook.failures),
        ]),
      ),
    )
    return webhooks.some(({ status }) => status === 'disabled') ? EXIT.findings : EXIT.ok
  },
}
