import { asActor, syncPolicies, SYSTEM } from '@surety/store'
import { EXIT, type Command } from '../command.ts'
import { readShippedCases, readShippedPolicies } from '../shipped-policies.ts'

export const publishPoliciesCommand: Command = {
  name: 'publish-policies',
  summary: 'Put the policies that ship in force; one that a person has published stays as it is.',
  async run(session) {
    const policies = readShippedPolicies()
    const { published } = await asActor(session.sql, SYSTEM, tx => syncPolicies(tx, policies, readShippedCases(policies)))
    session.answer({ published }, () => [published.length === 0 ? 'all there' : `${published.length} published`])
    return EXIT.ok
  },
}
