import { analysePolicy, checkPolicy, compile, hasErrors, type CompileOptions, type Finding, type Policy } from '@surety/engine'
import { checkKind } from './kinds/check-kind.ts'
import { isPolicyKind } from './kinds/kinds.ts'

/**
 * Everything that there is to say about a policy: what the engine finds, what it works out by analysis, and what its kind needs.
 * Console, API and command line say this and nothing else. A `decision` step finds its policy among the others.
 */
export function policyFindings(policy: Policy, others: readonly Policy[] = []): readonly Finding[] {
  const resolve = resolverAmong(others.filter(other => other !== policy))
  return [
    ...checkPolicy(policy, { resolve }),
    ...analysePolicy(policy, { resolve }),
    ...(isPolicyKind(policy.kind) ? checkKind(policy) : []),
  ]
}

/** Finds the policies that `decision` steps name; one that is wrong itself is not at hand. */
export function resolverAmong(
  policies: readonly Policy[],
  options: Pick<CompileOptions, 'currency'> = {},
): NonNullable<CompileOptions['resolve']> {
  const open = new Set<string>()
  const resolve: NonNullable<CompileOptions['resolve']> = id => {
    const policy = policies.find(other => other.id === id)
    if (!policy || open.has(id)) return undefined
    open.add(id)
    try {
      return hasErrors(checkPolicy(policy, { ...options, resolve })) ? undefined : compile(policy, { ...options, resolve })
    } finally {
      open.delete(id)
    }
  }
  return resolve
}
