import { createInterface } from 'node:readline/promises'
import { asActor, createUser, findUserByLogin, ROLES, type Role, SYSTEM } from '@surety/store'
import { EXIT, textOption, UsageError, wholeOption, type Command } from '../command.ts'
import { findSegment } from '../segment.ts'

const SHORTEST_PASSWORD = 12

export const addUserCommand: Command = {
  name: 'add-user',
  summary: 'Let somebody sign in; the password is the first line of standard input.',
  describe: command =>
    command
      .argument('<login>', 'what they sign in as')
      .requiredOption('--name <name>', 'how they are called')
      .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
      .option('--segment <code>', 'their business segment; every segment when absent')
      .option('--authority-level <n>', 'approvers: the highest level at which they decide'),
  async run(session, [login], options) {
    const role = roleOption(textOption(options, 'role'))
    const authorityLevel = options['authorityLevel'] === undefined ? null : wholeOption(options, 'authorityLevel', { from: 1, to: 9 })
    if (role === 'approver' && authorityLevel === null) throw new UsageError('An approver needs --authority-level, from 1.')
    const password = await readPassword(session.say)
    const segment = textOption(options, 'segment')
    const user = await asActor(session.sql, SYSTEM, async tx => {
      if (await findUserByLogin(tx, login!)) throw new UsageError(`Somebody signs in as ${login} already.`)
      const segmentId = segment === undefined ? null : (await findSegment(tx, segment)).id
      return createUser(tx, { login: login!, name: textOption(options, 'name')!, password, grants: [{ role, segmentId, authorityLevel }] })
    })
    session.answer({ id: user.id, login: user.login }, () => [`${user.name} can sign in as ${user.login}`])
    return EXIT.ok
  },
}

function roleOption(text: string | undefined): Role {
  const role = ROLES.find(known => known === text)
  if (role) return role
  throw new UsageError(`--role is ${JSON.stringify(text)}; it is one of ${ROLES.join(', ')}.`)
}

async function readPassword(say: (line: string) => void): Promise<string> {
  if (process.stdin.isTTY) say(`Password, at least ${SHORTEST_PASSWORD} characters:`)
  const lines = createInterface({ input: process.stdin, terminal: false })
  const { value } = await lines[Symbol.asyncIterator]().next()
  lines.close()
  const password = typeof value === 'string' ? value : ''
  if (password.length >= SHORTEST_PASSWORD) return password
  throw new UsageError(`The password has ${password.length} characters; it needs at least ${SHORTEST_PASSWORD}.`)
}
