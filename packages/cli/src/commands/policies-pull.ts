import { asActor, listPolicies, newestVersion, SYSTEM } from '@surety/store'
import { EXIT, UsageError, type Command } from '../command.ts'
import { writePolicyFolder } from '../policies/policy-folder.ts'

export const policiesPullCommand: Command = {
  name: 'policies pull',
  summary: 'Write the newest version of every policy, with its cases, into a folder that git can keep.',
  describe: command =>
    command.argument('<folder>', 'made when it is not there').argument('[id...]', 'these only, such as assessment/trade-credit'),
  async run(session, args) {
    const [folder, ids] = args as unknown as [string, readonly string[]]
    const versions = await asActor(session.sql, SYSTEM, async tx => {
      const known = (await listPolicies(tx)).map(({ id }) => id)
      const unknown = ids.find(id => !known.includes(id))
      if (unknown) throw new UsageError(`There is no policy ${unknown}; there are ${known.join(', ')}.`)
      const found = []
      for (const id of ids.length > 0 ? ids : known) {
        const newest = await newestVersion(tx, id)
        if (newest) found.push(newest)
      }
      return found
    })
    const written = writePolicyFolder(folder, versions)
    const pulled = versions.map(({ policyId, version, hash }) => ({ policyId, version, hash }))
    session.answer({ pulled, written }, () => [
      ...pulled.map(
        ({ policyId, version, hash }) =>
          `${policyId} ${session.text({ en: `version ${version}`, zh: `第 ${version} 版` })} ${hash.slice(0, 12)}`,
      ),
      session.text({ en: `${written.length} files written.`, zh: `写入 ${written.length} 个文件。` }),
    ])
    return EXIT.ok
  },
}
