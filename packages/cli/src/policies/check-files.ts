import { policyFindings } from '@surety/credit'
import type { Finding } from '@surety/engine'
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
    const findings = [...one.findings, ...one.policies.flatMap(policy => policyFindings(policy, policies))]
    return {
      file: one.file,
      findings: findings.map(found => {
        const path = one.format === 'rules' ? ruleArrayPath(found.path) : found.path
        return { ...found, path, line: one.format === 'dmn' ? 1 : lineOf(one.text, path) }
      }),
    }
  })
}
