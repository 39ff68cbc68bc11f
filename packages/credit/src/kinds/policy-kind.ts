import type { FactType, Text } from '@surety/engine'
import type { FactKey } from '../facts/dictionary.ts'
import type { FactFamily } from '../facts/fact.ts'

/** An output that others count on. */
export interface KindOutput {
  readonly type: FactType
  readonly of?: Exclude<FactType, 'list'>
  /** Values that an enumeration may have; the policy may use fewer. */
  readonly values?: readonly string[]
  readonly isRequired: boolean
  readonly label: Text
}

/** What one kind of policy is for, what it can know and what it has to say. */
export interface PolicyKind {
  readonly title: Text
  readonly description: Text
  /** Families of facts that the host gives when it asks; reading others would always find them missing. */
  readonly families: readonly FactFamily[]
  /** Facts without which a policy of this kind misses its point. */
  readonly mustRead: readonly FactKey[]
  readonly outputs: Readonly<Record<string, KindOutput>>
  /** Whether its outcome (approve, refer, decline) means something to who asks. */
  readonly outcome: Text
}
