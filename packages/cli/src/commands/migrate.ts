import { migrate } from '@surety/store'
import { EXIT, type Command } from '../command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Bring the schema of the database up to date.',
  async run(session) {
    const { applied } = await migrate(session.ownerUrl, { log: line => session.progress(line) })
    session.answer({ applied }, () => (applied.length === 0 ? ['up to date'] : applied.map(name => `applied ${name}`)))
    return EXIT.ok
  },
}
