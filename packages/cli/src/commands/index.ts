import type { Command } from '../command.ts'
import { addSegmentCommand } from './add-segment.ts'
import { addUserCommand } from './add-user.ts'
import { checkCommand } from './check.ts'
import { convertCommand } from './convert.ts'
import { decideCommand } from './decide.ts'
import { diffCommand } from './diff.ts'
import { factsCommand } from './facts.ts'
import { generateCommand } from './generate.ts'
import { importCommand } from './import.ts'
import { migrateCommand } from './migrate.ts'
import { policiesPlanCommand } from './policies-plan.ts'
import { policiesPullCommand } from './policies-pull.ts'
import { policiesPushCommand } from './policies-push.ts'
import { publishPoliciesCommand } from './publish-policies.ts'
import { ratesImportCommand } from './rates-import.ts'
import { reconcileCommand } from './reconcile.ts'
import { reportAgeingCommand } from './report-ageing.ts'
import { reportCeiCommand, reportDsoCommand } from './report-figures.ts'
import { seedDemoCommand } from './seed-demo.ts'
import { simulateCommand } from './simulate.ts'
import { verifyAuditCommand } from './verify-audit.ts'
import { webhooksCommand } from './webhooks.ts'

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  checkCommand,
  decideCommand,
  diffCommand,
  convertCommand,
  policiesPullCommand,
  policiesPlanCommand,
  policiesPushCommand,
  simulateCommand,
  importCommand,
  factsCommand,
  reportAgeingCommand,
  reconcileCommand,
  ratesImportCommand,
  webhooksCommand,
  reportDsoCommand,
  reportCeiCommand,
  generateCommand,
  verifyAuditCommand,
  migrateCommand,
  publishPoliciesCommand,
  addSegmentCommand,
  addUserCommand,
  seedDemoCommand,
]
