import { checkKind, isPolicyKind } from '@surety/credit'
import { analysePolicy, checkPolicy, compile, hasErrors, type CompileOptions, type Finding, type Policy } from '@surety/engine'
import { lineOf } from './json-lines.ts'
import { readPolicyFile, ruleArrayPath, type PolicyFile } from './read-policy.ts'

export interface CheckedFile {
  readonly file: string
  readonly findings: readonly (Finding & { readonly line: number })[]
}

/** Everything there is to say about policies, file by file; a `decision` step finds its policy among the other files. */
export async function checkFiles(files: readonly string[]): Promise<readonly CheckedFile[]> {
  const read: PolicyFile[] = []
  for (const file of files) read.push(await readPolicyFile(file))
  const policies = read.flatMap(({ policies: own }) => own)
  return read.map(one => {
    const findings = [...one.findings, ...one.policies.flatMap(policy => findingsOf(policy, policies))]
    return {
      file: one.file,
      findings: findings.map(found => {
        const path = one.format === 'rules' ? ruleArrayPath(found.path) : found.path
        return { ...found, path, line: one.format === 'dmn' ? 1 : lineOf(one.text, path) }
      }),
    }
  })
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

function findingsOf(policy: Policy, policies: readonly Policy[]): readonly Finding[] {
  const resolve = resolverAmong(policies.filter(other => other !== policy))
  return [
    ...checkPolicy(policy, { resolve }),
    ...analysePolicy(policy, { resolve }),
    ...(isPolicyKind(policy.kind) ? checkKind(policy) : []),
  ]
}
