import type { Client } from '@urql/vue'
import { computed, shallowRef, type ComputedRef } from 'vue'
import type { SessionQuery } from '../../graphql/generated/graphql.ts'
import { problemOf, type Problem } from '../../graphql/problem.ts'
import { SessionDocument } from './documents.ts'

export type Viewer = NonNullable<SessionQuery['viewer']>
export type Instance = SessionQuery['instance']

/** What a viewer may do; the server decides, this only keeps from offering what it would refuse. */
export type Scope =
  | 'customer.read'
  | 'portfolio.read'
  | 'policy.read'
  | 'policy.edit'
  | 'policy.approve'
  | 'decision.read'
  | 'application.read'
  | 'application.submit'
  | 'task.read'
  | 'task.decide'
  | 'order.check'
  | 'hold.read'
  | 'hold.release'
  | 'hold.place'
  | 'security.propose'
  | 'security.accept'
  | 'import.read'
  | 'import.write'
  | 'audit.read'
  | 'alert.read'
  | 'alert.handle'
  | 'instance.administer'

interface Session {
  /** Undefined when signed out. */
  readonly viewer: ComputedRef<Viewer | undefined>
  readonly instance: ComputedRef<Instance | undefined>
  /** Why it could not be asked who is here. */
  readonly problem: ComputedRef<Problem | undefined>
  may(scope: Scope): boolean
}

const answer = shallowRef<SessionQuery>()
const failure = shallowRef<Problem>()

export function useSession(): Session {
  return session
}

const session: Session = {
  viewer: computed(() => answer.value?.viewer ?? undefined),
  instance: computed(() => answer.value?.instance),
  problem: computed(() => failure.value),
  may: scope => answer.value?.viewer?.scopes.includes(scope) ?? false,
}

/** Asks the server who is signed in; once, unless `again`. */
export async function loadSession(client: Client, again = false): Promise<void> {
  if (answer.value && !again) return
  const { data, error } = await client.query(SessionDocument, {}, { requestPolicy: 'network-only' }).toPromise()
  failure.value = error && !data ? problemOf(error) : undefined
  if (data) answer.value = data
}

/** The server no longer knows the session: nobody is here until somebody signs in. */
export function endSession(): void {
  if (answer.value) answer.value = { ...answer.value, viewer: null }
}
