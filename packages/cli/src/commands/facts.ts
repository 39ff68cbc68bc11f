import { computeFacts, FACT_DICTIONARY, FACT_FAMILIES, FACT_SOURCES, MISSING_REASONS, type FactFamily } from '@surety/credit'
import { asActor, findCustomerByNumber, loadBook, SYSTEM } from '@surety/store'
import { dayOption, EXIT, textOption, UsageError, type Command } from '../command.ts'
import { findSegment } from '../segment.ts'
import { table } from '../table.ts'

export const factsCommand: Command = {
  name: 'facts',
  summary: 'Show what policies would know of a customer on a day.',
  describe: command =>
    command
      .requiredOption('--customer <number>', 'number of the customer')
      .option('--as-of <day>', 'as it was known at the end of this day (default: today)')
      .option('--segment <code>', 'business of one segment alone')
      .option('--family <name>', `one family of facts alone: ${Object.keys(FACT_FAMILIES).join(', ')}`),
  async run(session, _, options) {
    const number = textOption(options, 'customer')!
    const asOf = dayOption(options, 'asOf') ?? session.clock().toISOString().slice(0, 10)
    const family = textOption(options, 'family') as FactFamily | undefined
    if (family !== undefined && !(family in FACT_FAMILIES))
      throw new UsageError(`--family is ${JSON.stringify(family)}; it should be one of ${Object.keys(FACT_FAMILIES).join(', ')}.`)
    const { customer, book } = await asActor(session.sql, SYSTEM, async tx => {
      const found = await findCustomerByNumber(tx, number)
      if (!found) throw new UsageError(`There is no customer ${JSON.stringify(number)}.`)
      const code = textOption(options, 'segment')
      const segment = code === undefined ? undefined : await findSegment(tx, code)
      return { customer: found, book: await loadBook(tx, found.id, { asOf, ...(segment && { segmentId: segment.id }) }) }
    })
    if (!book) throw new UsageError(`Customer ${JSON.stringify(number)} has no account there.`)
    const values = computeFacts(book, asOf)
    const facts = FACT_DICTIONARY.filter(fact => family === undefined || fact.family === family)
    session.answer(
      {
        customer: { number, name: customer.name },
        asOf,
        currency: book.currency,
        facts: Object.fromEntries(facts.map(({ key }) => [key, values[key]])),
      },
      () => [
        `${customer.name} (${number}) ${asOf}, ${book.currency}`,
        ...Object.keys(FACT_FAMILIES).flatMap(each => {
          const rows = facts
            .filter(fact => fact.family === each)
            .flatMap(fact => {
              const value = values[fact.key]
              // What only an application or an order could tell is no gap in what is known of a customer.
              if (value.kind === 'missing' && value.reason === 'NOT_ASKED') return []
              const shown =
                value.kind === 'known' ? [shownValue(value.value), fact.unit ?? ''] : ['–', session.text(MISSING_REASONS[value.reason])]
              return [
                [session.text(fact.label), ...shown, session.text(FACT_SOURCES[value.source]), value.kind === 'known' ? value.asOf : ''],
              ]
            })
          return rows.length === 0 ? [] : ['', ...table([session.text(FACT_FAMILIES[each as FactFamily]), '', '', '', ''], rows)]
        }),
      ],
    )
    return EXIT.ok
  },
}

function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
