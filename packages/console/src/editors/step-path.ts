import { resolvePointer, type Policy, type Step } from '@surety/engine'

/** The step of this kind at a JSON pointer; undefined when another one stands there by now. */
export function stepAt<Kind extends Step['kind']>(policy: Policy, path: string, kind: Kind): Extract<Step, { kind: Kind }> | undefined {
  const step = resolvePointer(policy, path) as Step | undefined
  return step?.kind === kind ? (step as Extract<Step, { kind: Kind }>) : undefined
}

/** The policy with the step at this place changed; the same policy when the change left it alone. */
export function withStepAt<Kind extends Step['kind']>(
  policy: Policy,
  path: string,
  kind: Kind,
  change: (step: Extract<Step, { kind: Kind }>) => Step,
): Policy {
  const step = stepAt(policy, path, kind)
  const next = step && change(step)
  if (!step || next === step) return policy
  return { ...policy, steps: policy.steps.map(one => (one === step ? next! : one)) }
}

/** A new id: short, and never that of something that another person adds at the same time. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5))
  return `${prefix}-${[...bytes].map(byte => (byte % 36).toString(36)).join('')}`
}
