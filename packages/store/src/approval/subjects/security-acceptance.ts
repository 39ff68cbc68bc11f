import type { Subject } from './subject.ts'

/** A security that was offered counts from when people agreed that it does. */
export const securityAcceptance: Subject = {
  check: async () => [],
  approve: async () => {},
  reject: async () => {},
}
