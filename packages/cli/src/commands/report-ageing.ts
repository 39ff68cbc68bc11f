import { AGEING_BUCKETS } from '@surety/credit'
import { ageingOf, asActor, findCustomerByNumber, SYSTEM } from '@surety/store'
import { dayOption, EXIT, textOption, UsageError, type Command } from '../command.ts'
import { findSegment } from '../segment.ts'
import { table } from '../table.ts'

export const reportAgeingCommand: Command = {
  name: 'report ageing',
  summary: 'What is open by days past due, a line for each currency, as it was known on a day.',
  describe: command =>
    command
      .option('--as-of <day>', 'at the end of this day (default: today)')
      .option('--segment <code>', 'business of one segment alone')
      .option('--customer <number>', 'of one customer alone'),
  async run(session, _, options) {
    const asOf = dayOption(options, 'asOf') ?? session.clock().toISOString().slice(0, 10)
    const lines = await asActor(session.sql, SYSTEM, async tx => {
      const code = textOption(options, 'segment')
      const number = textOption(options, 'customer')
      const segment = code === undefined ? undefined : await findSegment(tx, code)
      const customer = number === undefined ? undefined : await findCustomerByNumber(tx, number)
      if (number !== undefined && !customer) throw new UsageError(`There is no customer ${JSON.stringify(number)}.`)
      return ageingOf(tx, { asOf, ...(segment && { segmentId: segment.id }), ...(customer && { customerId: customer.id }) })
    })
    session.answer({ asOf, lines }, () =>
      lines.length === 0
        ? [`nothing was open on ${asOf}`]
        : table(
            ['', ...AGEING_BUCKETS, 'total', 'overdue', 'unapplied'],
            lines.map(line => [
              line.currency,
              ...AGEING_BUCKETS.map(bucket => line.buckets[bucket].amount),
              line.total,
              line.overdue,
              line.unapplied,
            ]),
          ),
    )
    return EXIT.ok
  },
}
