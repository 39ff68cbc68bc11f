import { isDeepStrictEqual } from 'node:util'
import { useSession, type Change } from '@surety/store'
import { holdsScope, includesSegment, segmentsOf, type Scope } from '../auth/scopes.ts'
import type { Context, Viewer } from '../context.ts'
import { NotSignedIn } from '../errors.ts'

// What one must be able to read to be told that it changed; a type that is missing here is told to nobody.
const SCOPE_OF_ENTITY: Readonly<Record<string, Scope>> = {
  Customer: 'customer.read',
  CreditAccount: 'customer.read',
  CreditLimit: 'customer.read',
  Document: 'customer.read',
  Payment: 'customer.read',
  CreditApplication: 'application.read',
  Task: 'task.read',
  Decision: 'decision.read',
  Hold: 'hold.read',
  Security: 'customer.read',
  Policy: 'policy.read',
  PolicyDraft: 'policy.read',
  PolicyImpact: 'policy.read',
  ChangeRequest: 'policy.read',
  LibraryItem: 'policy.read',
  Import: 'import.read',
  Alert: 'alert.read',
  Mail: 'instance.administer',
  ReceivedMail: 'instance.administer',
}

/** The changes that one viewer may know of; ends when their session does, or what they may do may have changed. */
export function changesFor({ viewer, live, sql }: Context): AsyncIterable<Change> {
  if (!viewer) throw new NotSignedIn()
  const ending = new AbortController()
  const check = async (): Promise<void> => {
    const user = await useSession(sql, viewer.token, { isPresence: false }).catch(() => viewer.user)
    if (!user || !isDeepStrictEqual(user.grants, viewer.grants)) ending.abort()
  }
  const watch = setInterval(check, WATCH_MS)
  ending.signal.addEventListener('abort', () => clearInterval(watch))
  const passes = (change: Change): boolean => {
    if (change.entity === 'User' && change.id === viewer.user.id) void check()
    return mayKnow(viewer, change)
  }
  return live.changes(passes, ending)
}

const WATCH_MS = 30_000

function mayKnow({ grants }: Viewer, { entity, segmentId }: Change): boolean {
  const scope = SCOPE_OF_ENTITY[entity]
  if (!scope) return false
  return segmentId === null ? holdsScope(grants, scope) : includesSegment(segmentsOf(grants, scope), segmentId)
}
