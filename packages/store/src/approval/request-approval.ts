import { parseMoney } from '@surety/credit'
import { findAccount } from '../accounts.ts'
import { checkText, requireUser } from '../applications.ts'
import { findHold } from '../holds.ts'
import { NOT_FOUND, type Issue, type Result } from '../result.ts'
import { findSecurity, partsOfSecurities } from '../securities.ts'
import type { Tx } from '../sql.ts'
import type { Approval, ApprovalKind } from './approval.ts'
import { startApproval } from './start-approval.ts'
import { SUBJECTS } from './subjects/index.ts'

/** What a person may ask for beside a credit application. */
export type AskableKind = Exclude<ApprovalKind, 'credit_application' | 'policy_change'>

export interface ApprovalRequest {
  /** Chosen by the client; the same key twice is the same request. */
  readonly key: string
  readonly kind: AskableKind
  /** The account; the hold for a release, the security for an acceptance. */
  readonly subjectId: string
  readonly amount?: string | null
  readonly request: Readonly<Record<string, unknown>>
  readonly purpose: string
}

/** The actor asks for a change of a limit, a temporary limit, a release, the acceptance of a security or a write-off. */
export async function requestApproval(tx: Tx, asked: ApprovalRequest): Promise<Result<Approval>> {
  const userId = requireUser(tx)
  const place = await placeOf(tx, asked)
  if (!place) return NOT_FOUND
  const amount = await amountOf(tx, asked, place)
  const issues: Issue[] = [
    ...checkText(asked.purpose, 'purpose'),
    ...amount.issues,
    ...(await SUBJECTS[asked.kind].check(tx, {
      subjectId: asked.subjectId,
      request: asked.request,
      amount: amount.value,
      currency: place.currency,
      segmentId: place.segmentId,
    })),
  ]
  if (issues.length > 0 || amount.value === null) return { kind: 'invalid', issues }
  return startApproval(tx, {
    kind: asked.kind,
    subjectId: asked.subjectId,
    segmentId: place.segmentId,
    customerId: place.customerId,
    amount: { amount: amount.value, currency: place.currency },
    grade: place.grade,
    makerPersonId: tx.actor.personId!,
    makerUserId: userId,
    request: asked.request,
    purpose: asked.purpose,
    key: `${userId}:${asked.key}`,
  })
}

interface Place {
  readonly segmentId: number
  readonly customerId: string
  readonly currency: string
  readonly grade: string | null
  readonly limit: string | null
  readonly amount: string | null
}

async function placeOf(tx: Tx, { kind, subjectId }: ApprovalRequest): Promise<Place | undefined> {
  if (kind === 'hold_release') {
    const hold = await findHold(tx, subjectId)
    const account = hold && (await findAccount(tx, hold.accountId))
    return (
      hold &&
      account && {
        segmentId: hold.segmentId,
        customerId: hold.customerId,
        currency: hold.currency,
        grade: account.grade,
        limit: account.limitAmount,
        amount: hold.amount,
      }
    )
  }
  if (kind === 'security_acceptance') {
    const security = await findSecurity(tx, subjectId)
    const [part] = security ? ((await partsOfSecurities(tx, [subjectId])).get(subjectId) ?? []) : []
    const account = part && (await findAccount(tx, part.accountId))
    return (
      security &&
      account && {
        segmentId: security.segmentId,
        customerId: account.customerId,
        currency: security.currency,
        grade: account.grade,
        limit: null,
        amount: security.worth,
      }
    )
  }
  const account = await findAccount(tx, subjectId)
  return (
    account && {
      segmentId: account.segmentId,
      customerId: account.customerId,
      currency: account.currency,
      grade: account.grade,
      limit: account.limitAmount,
      amount: null,
    }
  )
}

/** What the authority is asked about: what is at stake, not what the asker says it is. */
async function amountOf(tx: Tx, asked: ApprovalRequest, place: Place): Promise<{ value: string | null; issues: Issue[] }> {
  switch (asked.kind) {
    case 'hold_release':
    case 'security_acceptance':
      return { value: place.amount, issues: [] }
    case 'write_off': {
      const ids = Array.isArray(asked.request['documents'])
        ? asked.request['documents'].map(String).filter(id => /^\d{1,18}$/.test(id))
        : []
      const [row] = await tx<
        { total: string }[]
      >`select coalesce(sum(open_amount), 0) as total from documents where id = any (${ids}::bigint[])`
      return { value: row!.total, issues: [] }
    }
    case 'limit_change': {
      const recommendations = Array.isArray(asked.request['recommendations']) ? asked.request['recommendations'] : []
      const limit = (recommendations as { kind: string; amount?: string }[]).find(({ kind }) => kind === 'change_limit')?.amount
      return checked(limit ?? place.limit ?? '0', place.currency, ['recommendations'])
    }
    case 'temporary_limit':
      return checked(asked.amount ?? '', place.currency, ['amount'])
  }
}

function checked(amount: string, currency: string, path: readonly string[]): { value: string | null; issues: Issue[] } {
  const parsed = parseMoney(amount, currency)
  if (parsed.kind === 'problem') return { value: null, issues: [{ path, code: parsed.code, message: parsed.message }] }
  return { value: parsed.money.amount, issues: [] }
}
