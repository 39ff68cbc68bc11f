import { existsSync, readFileSync } from 'node:fs'
import { asActor, parseEuroRates, setExchangeRates, SYSTEM } from '@surety/store'
import { EXIT, textOption, UsageError, type Command } from '../command.ts'

export const ratesImportCommand: Command = {
  name: 'rates import',
  summary: 'Bring exchange rates as the European Central Bank writes them: Date, then a column a currency, against the euro.',
  describe: command => command.argument('<file>', 'CSV; - reads standard input').option('--source <name>', 'who says so', 'ECB'),
  async run(session, [file = ''], options) {
    if (file !== '-' && !existsSync(file)) throw new UsageError(`There is no file ${file}.`)
    const parsed = parseEuroRates(readFileSync(file === '-' ? 0 : file, 'utf8'), textOption(options, 'source') ?? 'ECB')
    if (parsed.kind === 'wrong') {
      session.answer({ rates: 0, changed: 0, problems: parsed.problems }, () => [
        ...parsed.problems.slice(0, 20).map(({ message }) => session.text(message)),
        'Nothing was taken.',
      ])
      return EXIT.findings
    }
    let changed = 0
    for (let from = 0; from < parsed.rates.length; from += 20_000) {
      changed += await asActor(session.sql, SYSTEM, tx => setExchangeRates(tx, parsed.rates.slice(from, from + 20_000)))
    }
    session.answer({ rates: parsed.rates.length, changed }, () => [
      `${parsed.rates.length} rates, ${changed} of them new or other than before`,
    ])
    return EXIT.ok
  },
}
