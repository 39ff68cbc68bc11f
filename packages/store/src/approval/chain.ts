import { createHash } from 'node:crypto'
import { authorityRank, AUTHORITY_LEVELS } from '@surety/credit'
import type { Decision, Value } from '@surety/engine'
import { SIGNING_MODES, type ApprovalStep, type SigningMode } from './approval.ts'

/** Who has to sign, as a policy says it. */
export type Chain =
  | { readonly kind: 'steps'; readonly steps: readonly ApprovalStep[]; readonly overrideLevel: number | null }
  /** The policy says nothing that fits: nobody may take that for a yes. */
  | { readonly kind: 'noAuthority' }

/** Business hours to decide in, where the policy doesn't say. */
const DEADLINE_HOURS = 16

/** The chain that an authority decides. `sample` is what a sampled quality check is drawn by, the same each time it is asked. */
export function chainOf({ outcome, outputs }: Pick<Decision, 'outcome' | 'outputs'>, sample: string): Chain {
  const levels = outputs['levels']
  if (!Array.isArray(levels)) return { kind: 'noAuthority' }
  // A level that the ladder doesn't know goes to the top of it: an unreadable answer must never lower the authority.
  const ranks = levels.map(level => authorityRank(String(level)) ?? AUTHORITY_LEVELS.length)
  const overrideLevel = integerOf(outputs['overrideLevel']) ?? null
  const asked = ranks.length > 0 ? ranks : outcome === 'approve' && !isSampled(sample, outputs['sampleShare']) ? [] : [1]
  return { kind: 'steps', steps: stepsOf(asked, outputs), overrideLevel }
}

/** Steps for levels of authority, counted as the policy's outputs say. */
export function stepsOf(levels: readonly number[], outputs: Readonly<Record<string, Value | undefined>> = {}): ApprovalStep[] {
  const mode = SIGNING_MODES.find(known => known === outputs['mode']) ?? 'any'
  return levels.map(authorityLevel => ({
    authorityLevel,
    mode,
    needed: neededOf(mode, outputs),
    rejections: Math.max(1, integerOf(outputs['rejections']) ?? 1),
    deadlineHours: integerOf(outputs['deadlineHours']) || DEADLINE_HOURS,
  }))
}

/** Whether a share, in percent, of what passes straight through is looked at by a person; the same key is always drawn or never. */
export function isSampled(key: string, share: Value | undefined): boolean {
  const percent = Number(share ?? 0)
  return percent > 0 && createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32 < percent / 100
}

// What can't be read asks for more hands, not for fewer.
function neededOf(mode: SigningMode, outputs: Readonly<Record<string, Value | undefined>>): number {
  switch (mode) {
    case 'any':
    case 'all':
      return 1
    case 'quorum':
      return Math.max(1, integerOf(outputs['quorum']) ?? 2)
    case 'percent':
      return Math.min(100, Math.max(1, integerOf(outputs['signingShare']) ?? 100))
  }
}

function integerOf(value: Value | undefined): number | undefined {
  const number = Number(value)
  return value === null || value === undefined || !Number.isFinite(number) ? undefined : Math.ceil(number)
}
