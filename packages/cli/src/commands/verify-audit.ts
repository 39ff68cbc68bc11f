import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { verifyAudit, type AuditAnchor } from '@surety/store'
import { EXIT, textOption, UsageError, type Command } from '../command.ts'
import type { Session } from '../session.ts'

export const verifyAuditCommand: Command = {
  name: 'verify-audit',
  summary: 'Check that no entry of the audit log was changed, removed or slipped in.',
  describe: command =>
    command.option(
      '--anchors <file>',
      'heads of the chain that were noted outside the database (default: those of the house that runs here)',
    ),
  async run(session, _, options) {
    const anchors = readAnchors(session, textOption(options, 'anchors'))
    const verification = await verifyAudit(session.sql, { anchors })
    session.answer({ ...verification, anchors: anchors.length }, () =>
      verification.kind === 'intact'
        ? [`intact: ${verification.sealed} entries sealed, ${verification.unsealed} waiting to be, ${anchors.length} anchors agree`]
        : [`broken at ${verification.sequence}: ${session.text(verification.message)}`],
    )
    return verification.kind === 'intact' ? EXIT.ok : EXIT.findings
  },
}

function readAnchors(session: Session, given: string | undefined): AuditAnchor[] {
  const home = session.environment['SURETY_HOME']
  const file = given ?? (home && resolve(home, 'audit-anchors.ndjson'))
  if (file === undefined || (given === undefined && !existsSync(file))) return []
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map((line, index) => {
      try {
        const { sequence, hash } = JSON.parse(line) as AuditAnchor
        return { sequence, hash }
      } catch {
        throw new UsageError(`Line ${index + 1} of ${file} is no anchor; it should read {"sequence": …, "hash": …}.`)
      }
    })
}
