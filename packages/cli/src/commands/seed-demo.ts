import { EXIT, wholeOption, type Command } from '../command.ts'
import { seedDemo } from '../demo/seed-demo.ts'

export const seedDemoCommand: Command = {
  name: 'seed-demo',
  summary: 'Fill an empty book with the demo company: people, segments, policies, customers and their history.',
  describe: (command) =>
    command
      .option('--customers <n>', 'how many customers', '300')
      .option('--months <n>', 'how much history', '24')
      .option('--seed <seed>', 'another seed is another company', '1'),
  async run(session, _, options) {
    const seeded = await seedDemo(session.sql, {
      customers: wholeOption(options, 'customers', { from: 1, to: 100_000 }),
      months: wholeOption(options, 'months', { from: 1, to: 240 }),
      seed: String(options['seed']),
      onCustomers: (count) => session.progress(`${count} customers`),
    })
    session.answer(seeded, () => [
      seeded.customers === 0 && seeded.people === 0 && seeded.policies === 0
        ? 'already there'
        : `${seeded.customers} customers with ${seeded.records.toLocaleString('en')} records, ${seeded.people} people, ${seeded.policies} policies`,
    ])
    return EXIT.ok
  },
}
