import type { ApprovalKind } from '../approval.ts'
import { creditApplication } from './credit-application.ts'
import { holdRelease } from './hold-release.ts'
import { limitChange } from './limit-change.ts'
import { policyChange } from './policy-change.ts'
import { securityAcceptance } from './security-acceptance.ts'
import type { Subject } from './subject.ts'
import { temporaryLimit } from './temporary-limit.ts'
import { writeOff } from './write-off.ts'

/** What follows from an approval, by the kind of its matter. */
export const SUBJECTS: Readonly<Record<ApprovalKind, Subject>> = {
  credit_application: creditApplication,
  limit_change: limitChange,
  temporary_limit: temporaryLimit,
  hold_release: holdRelease,
  security_acceptance: securityAcceptance,
  write_off: writeOff,
  policy_change: policyChange,
}
