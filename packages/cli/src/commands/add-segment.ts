import { isCurrency } from '@surety/credit'
import { asActor, createSegment, listSegments, SYSTEM } from '@surety/store'
import { EXIT, textOption, UsageError, type Command } from '../command.ts'

export const addSegmentCommand: Command = {
  name: 'add-segment',
  summary: 'Open a business segment: a book of its own, seen by those who are given it.',
  describe: command =>
    command
      .argument('<code>', 'how imports and commands name it')
      .requiredOption('--name <name>', 'in English')
      .requiredOption('--name-zh <name>', 'in Chinese')
      .requiredOption('--currency <code>', 'ISO 4217'),
  async run(session, [code], options) {
    const currency = textOption(options, 'currency')!.toUpperCase()
    if (!isCurrency(currency)) throw new UsageError(`--currency is ${JSON.stringify(currency)}; write an ISO 4217 code such as CNY.`)
    const segment = await asActor(session.sql, SYSTEM, async tx => {
      if ((await listSegments(tx)).some(known => known.code === code)) throw new UsageError(`There is a segment ${code} already.`)
      return createSegment(tx, { code: code!, name: { en: textOption(options, 'name')!, zh: textOption(options, 'nameZh')! }, currency })
    })
    session.answer(segment, () => [`segment ${segment.code} is open`])
    return EXIT.ok
  },
}
