import { diffPolicies } from '@surety/engine'
import { EXIT, type Command } from '../command.ts'
import { readOnePolicy } from '../policies/read-policy.ts'

export const diffCommand: Command = {
  name: 'diff',
  summary: 'Say what changed between two versions of a policy: by rule, row, bin and cell, never by line.',
  describe: command =>
    command
      .argument('<before>', 'the earlier version')
      .argument('<after>', 'the later one')
      .option('--exit-code', 'end with code 1 where something changed'),
  async run(session, [before = '', after = ''], options) {
    const changes = diffPolicies(await readOnePolicy(before), await readOnePolicy(after))
    session.answer({ changes }, () =>
      changes.length === 0
        ? [session.text({ en: 'No difference.', zh: '没有差异。' })]
        : changes.map(({ kind, message }) => `${SIGNS[kind]} ${session.text(message)}`),
    )
    return changes.length > 0 && options['exitCode'] === true ? EXIT.findings : EXIT.ok
  },
}

const SIGNS = { added: '+', removed: '-', changed: '~', moved: '>' } as const
