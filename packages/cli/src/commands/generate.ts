import { createWriteStream, mkdirSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Writable } from 'node:stream'
import { generateLedger, type GeneratedCurrency, type LedgerRecord } from '@surety/credit'
import { dayOption, EXIT, textOption, UsageError, wholeOption, type Command } from '../command.ts'
import { createCsvWriter } from '../ledger-csv.ts'

const CURRENCIES: readonly GeneratedCurrency[] = ['CNY', 'USD', 'EUR']

export const generateCommand: Command = {
  name: 'generate',
  summary: 'Make up the ledger of a company: the same options give the same ledger, of any size.',
  describe: command =>
    command
      .requiredOption('--customers <n>', 'how many customers')
      .requiredOption('--months <n>', 'how much history')
      .option('--seed <seed>', 'another seed is another company', '1')
      .requiredOption('--out <folder>', 'where the files go; - writes NDJSON to standard output')
      .option('--format <format>', 'csv (files that `import` reads) or ndjson (everything, one record a line)', 'csv')
      .option('--end-date <day>', 'last day of the history (default: today)')
      .option('--currency <code>', `what most customers are invoiced in: ${CURRENCIES.join(', ')}`, 'CNY'),
  async run(session, _, options) {
    const customers = wholeOption(options, 'customers', { from: 1, to: 10_000_000 })
    const months = wholeOption(options, 'months', { from: 1, to: 240 })
    const format = textOption(options, 'format')!
    if (!['csv', 'ndjson'].includes(format)) throw new UsageError(`--format is ${JSON.stringify(format)}; it should be csv or ndjson.`)
    const currency = CURRENCIES.find(known => known === options['currency'])
    if (!currency)
      throw new UsageError(`--currency is ${JSON.stringify(options['currency'])}; it should be one of ${CURRENCIES.join(', ')}.`)
    const endDate = dayOption(options, 'endDate') ?? session.clock().toISOString().slice(0, 10)
    const out = textOption(options, 'out')!
    const records = generateLedger({ customers, months, seed: textOption(options, 'seed')!, endDate, currency })
    if (out === '-') {
      if (format !== 'ndjson') throw new UsageError('--out - writes one stream, so it needs --format ndjson.')
      await writeNdjson(records, process.stdout, false)
      return EXIT.ok
    }
    mkdirSync(out, { recursive: true })
    if (readdirSync(out).length > 0) throw new UsageError(`${out} is not empty; choose a new folder.`)
    const onCustomer = (count: number): void => {
      if (count % 100 === 0) session.progress(`${count.toLocaleString('en')} of ${customers.toLocaleString('en')} customers`)
    }
    const written =
      format === 'csv'
        ? await writeCsv(records, out, onCustomer)
        : { 'ledger.ndjson': await writeNdjson(records, createWriteStream(join(out, 'ledger.ndjson')), true) }
    session.answer({ out, customers, months, endDate, currency, rows: written }, () =>
      Object.entries(written).map(([file, rows]) => `${join(out, file)}: ${rows.toLocaleString('en')} rows`),
    )
    return EXIT.ok
  },
}

async function writeNdjson(records: Iterable<LedgerRecord>, stream: Writable, isOurs: boolean): Promise<number> {
  let count = 0
  let lines = ''
  const flush = async (): Promise<void> => {
    if (!stream.write(lines)) await once(stream, 'drain')
    lines = ''
  }
  for (const record of records) {
    lines += `${JSON.stringify(record)}\n`
    count += 1
    if (lines.length > 64 * 1024) await flush()
  }
  if (lines !== '') await flush()
  if (isOurs) {
    stream.end()
    await finished(stream)
  }
  return count
}

async function writeCsv(
  records: Iterable<LedgerRecord>,
  folder: string,
  onCustomer: (count: number) => void,
): Promise<Record<string, number>> {
  const writer = createCsvWriter(folder)
  let ofCustomer: LedgerRecord[] = []
  let count = 0
  for (const record of records) {
    if (record.kind === 'rate') continue
    if (record.kind === 'customer') {
      await writer.write(ofCustomer)
      ofCustomer = []
      count += 1
      onCustomer(count)
    }
    ofCustomer.push(record)
  }
  await writer.write(ofCustomer)
  return writer.end()
}
