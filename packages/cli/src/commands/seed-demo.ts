import { generateLedger } from '@surety/credit'
import { seedDemo } from '@surety/store'
import { EXIT, wholeOption, type Command } from '../command.ts'
import { readShippedCases, readShippedPolicies } from '../shipped-policies.ts'

export const seedDemoCommand: Command = {
  name: 'seed-demo',
  summary: 'Fill an empty book with the demo company: people, segments, policies, customers and their history.',
  describe: command =>
    command
      .option('--customers <n>', 'how many customers', '300')
      .option('--months <n>', 'how much history', '24')
      .option('--seed <seed>', 'another seed is another company', '1'),
  async run(session, _, options) {
    const records = generateLedger({
      customers: wholeOption(options, 'customers', { from: 1, to: 100_000 }),
      months: wholeOption(options, 'months', { from: 1, to: 240 }),
      seed: String(options['seed']),
      endDate: session.sql.clock().toISOString().slice(0, 10),
    })
    const policies = readShippedPolicies()
    const seeded = await seedDemo(session.sql, records, {
      policies,
      cases: readShippedCases(policies),
      log: line => session.progress(line),
    })
    session.answer(seeded, () => [
      seeded.kind === 'present'
        ? 'already there'
        : `${seeded.customers} customers with ${seeded.documents.toLocaleString('en')} documents and ${seeded.payments.toLocaleString('en')} payments, ${seeded.applications} applications`,
    ])
    return EXIT.ok
  },
}
