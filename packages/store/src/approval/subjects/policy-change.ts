import type { Subject } from './subject.ts'

/** A change of a policy takes effect on the day that it asks for. */
export const policyChange: Subject = {
  check: async () => [],
  approve: async () => {},
  reject: async () => {},
}
