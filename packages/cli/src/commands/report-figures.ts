import { asActor, collectionFiguresOf, DEFAULT_PERIOD_DAYS, findCustomerByNumber, SYSTEM, type CollectionFigures } from '@surety/store'
import { dayOption, EXIT, textOption, UsageError, wholeOption, type Command } from '../command.ts'
import { findSegment } from '../segment.ts'

export const reportDsoCommand = figuresCommand(
  'report dso',
  'Days sales outstanding, at best, and by counting back, each with the amounts that made it.',
  line => [
    `DSO                       = receivables ${line.endingReceivables} / credit sales ${line.creditSales} × ${line.days} days = ${show(line.dso)}`,
    `best possible DSO         = receivables not due ${line.endingCurrentReceivables} / credit sales ${line.creditSales} × ${line.days} days = ${show(line.bestPossibleDso)}`,
    `average days delinquent   = DSO − best possible DSO = ${show(line.averageDaysDelinquent)}`,
    `DSO by counting back      = ${show(line.dsoCountback)}`,
  ],
)

export const reportCeiCommand = figuresCommand(
  'report cei',
  'Collection effectiveness index, with all sales of the period and with those of an average month.',
  line => [
    `CEI (sales of the period) = (${line.beginningReceivables} + ${line.creditSales} − ${line.endingReceivables}) / (${line.beginningReceivables} + ${line.creditSales} − ${line.endingCurrentReceivables}) × 100 = ${show(line.ceiTotalSales)} %`,
    `CEI (sales of a month)    = (${line.beginningReceivables} + ${line.creditSales}/${line.months} − ${line.endingReceivables}) / (${line.beginningReceivables} + ${line.creditSales}/${line.months} − ${line.endingCurrentReceivables}) × 100 = ${show(line.ceiAverageSales)} %`,
  ],
)

function figuresCommand(name: string, summary: string, linesOf: (line: CollectionFigures) => string[]): Command {
  return {
    name,
    summary,
    describe: command =>
      command
        .option('--as-of <day>', 'the last day of the period (default: today)')
        .option('--days <number>', 'length of the period', String(DEFAULT_PERIOD_DAYS))
        .option('--segment <code>', 'business of one segment alone')
        .option('--customer <number>', 'of one customer alone'),
    async run(session, _, options) {
      const asOf = dayOption(options, 'asOf') ?? session.clock().toISOString().slice(0, 10)
      const days = wholeOption(options, 'days', { from: 1, to: 3660 })
      const lines = await asActor(session.sql, SYSTEM, async tx => {
        const code = textOption(options, 'segment')
        const number = textOption(options, 'customer')
        const segment = code === undefined ? undefined : await findSegment(tx, code)
        const customer = number === undefined ? undefined : await findCustomerByNumber(tx, number)
        if (number !== undefined && !customer) throw new UsageError(`There is no customer ${JSON.stringify(number)}.`)
        return collectionFiguresOf(tx, {
          asOf,
          days,
          ...(segment && { segmentId: segment.id }),
          ...(customer && { customerId: customer.id }),
        })
      })
      session.answer({ asOf, days, lines }, () =>
        lines.length === 0
          ? [`nothing was sold or open from ${days} days before ${asOf} on`]
          : lines.flatMap(line => [`${line.currency}, ${line.from} to ${line.asOf}`, ...linesOf(line), '']),
      )
      return EXIT.ok
    },
  }
}

const show = (figure: number | null): string => (figure === null ? 'none: the divisor is zero' : String(figure))
