import type { Text } from '@surety/engine'
import { asActor, SYSTEM } from '@surety/store'
import { EXIT, type Command, type ExitCode } from '../command.ts'
import { planPolicies, type PlannedPolicy } from '../policies/plan-policies.ts'
import { readPolicyFolder } from '../policies/policy-folder.ts'
import type { Session } from '../session.ts'

export const policiesPlanCommand: Command = {
  name: 'policies plan',
  summary: 'Say what a push of a folder would change, in sentences; nothing is written.',
  describe: command =>
    command
      .argument('<folder>', 'as `policies pull` writes it')
      .option('--detailed-exitcode', 'end with 2 where something would change, with 1 where it can not'),
  async run(session, [folder = ''], options) {
    const { policies, pulledFrom } = readPolicyFolder(folder)
    const planned = await asActor(session.sql, SYSTEM, tx => planPolicies(tx, policies, pulledFrom))
    session.answer({ policies: planned.map(toAnswer) }, () => [
      ...planned.flatMap(one => linesOf(session, one)),
      summaryOf(session, planned),
    ])
    const isBlocked = planned.some(
      one => one.conflicts.length > 0 || one.findings.some(({ severity }) => severity === 'error') || one.failingCases.length > 0,
    )
    if (isBlocked) return EXIT.findings
    return options['detailedExitcode'] === true && planned.some(({ act }) => act !== 'none') ? CHANGES : EXIT.ok
  },
}

// As terraform plan has it.
const CHANGES: ExitCode = 2
const SIGNS = { added: '+', removed: '-', changed: '~', moved: '>' } as const

/** What one policy of a plan is told as; a push tells the same. */
export function linesOf(session: Session, one: PlannedPolicy): readonly string[] {
  if (one.act === 'none' && one.overtakenBy === null) return []
  const say = (text: Text): string => session.text(text)
  return [
    `${one.act === 'create' ? '+' : one.act === 'none' ? ' ' : '~'} ${one.policyId}`,
    ...(one.overtakenBy === null
      ? []
      : [
          `    ${say({ en: `version ${one.overtakenBy} was published since this was pulled`, zh: `拉取后已发布第 ${one.overtakenBy} 版` })}`,
        ]),
    ...(one.draft && one.draft.changeCount > 0
      ? [
          `    ${say({ en: `joins the open draft, which has ${one.draft.changeCount} changes`, zh: `并入已有 ${one.draft.changeCount} 处变更的草稿` })}`,
        ]
      : []),
    ...one.changes.map(({ kind, message }) => `    ${SIGNS[kind]} ${say(message)}`),
    ...one.conflicts.map(({ message }) => `    ! ${say({ en: 'conflict', zh: '冲突' })} ${say(message)}`),
    ...one.findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ severity, code, path, message }) => `    ! ${severity} ${code} ${path} ${say(message)}`),
    ...one.failingCases.map(name => `    ! ${say({ en: `the case “${name}” fails`, zh: `用例“${name}”未通过` })}`),
  ]
}

function summaryOf(session: Session, planned: readonly PlannedPolicy[]): string {
  const count = (act: PlannedPolicy['act']): number => planned.filter(one => one.act === act).length
  return session.text({
    en: `${count('create')} to create, ${count('change')} to change, ${count('none')} as they are. A push makes drafts; nothing comes into force without approval.`,
    zh: `新建 ${count('create')}，修改 ${count('change')}，不变 ${count('none')}。推送只生成草稿；未经审批不会生效。`,
  })
}

function toAnswer({ draft, document: _, cases: __, ...one }: PlannedPolicy) {
  return { ...one, draftId: draft?.id ?? null }
}
