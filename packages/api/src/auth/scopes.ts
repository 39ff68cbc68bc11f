import type { Actor, Role, RoleGrant } from '@surety/store'

/** Who may do what: the one place where roles turn into rights. */

export const SCOPES = [
  'customer.read',
  'portfolio.read',
  'policy.read',
  'policy.edit',
  'policy.approve',
  'decision.read',
  'application.read',
  'application.submit',
  'task.read',
  'task.decide',
  'order.check',
  'hold.read',
  'hold.release',
  'hold.place',
  'security.propose',
  'security.accept',
  'alert.read',
  'alert.handle',
  'import.read',
  'import.write',
  'audit.read',
  'instance.administer',
] as const
export type Scope = (typeof SCOPES)[number]

const READ = [
  'customer.read',
  'portfolio.read',
  'policy.read',
  'decision.read',
  'application.read',
  'task.read',
  'hold.read',
  'alert.read',
] as const satisfies readonly Scope[]

// Nobody both asks and decides; who keeps the house (admin) or checks it (auditor) does neither.
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  risk_officer: [
    ...READ,
    'policy.edit',
    'application.submit',
    'order.check',
    'hold.place',
    'security.propose',
    'alert.handle',
    'import.read',
    'import.write',
    'audit.read',
  ],
  approver: [...READ, 'policy.approve', 'task.decide', 'hold.release', 'hold.place', 'security.accept'],
  analyst: [...READ, 'policy.edit', 'alert.handle', 'import.read'],
  collector: [...READ, 'policy.edit', 'alert.handle'],
  sales: [...READ, 'application.submit', 'order.check'],
  auditor: [...READ, 'import.read', 'audit.read'],
  admin: [...READ, 'import.read', 'import.write', 'audit.read', 'instance.administer'],
}

/** All segments, or these. */
export type Segments = Actor['segments']

export function scopesOf(grants: readonly RoleGrant[]): Scope[] {
  return SCOPES.filter(scope => holdsScope(grants, scope))
}

export function holdsScope(grants: readonly RoleGrant[], scope: Scope): boolean {
  return grants.some(grant => SCOPES_OF_ROLE[grant.role].includes(scope))
}

/** The segments in which a person holds a right, so that a right in one segment opens no other. */
export function segmentsOf(grants: readonly RoleGrant[], scope: Scope): Segments {
  const granting = grants.filter(grant => SCOPES_OF_ROLE[grant.role].includes(scope))
  if (granting.some(grant => grant.segmentId === null)) return '*'
  return [...new Set(granting.map(grant => grant.segmentId as number))].toSorted((left, right) => left - right)
}

export function includesSegment(segments: Segments, segmentId: number): boolean {
  return segments === '*' || segments.includes(segmentId)
}
