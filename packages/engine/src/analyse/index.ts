import type { CompileOptions } from '../compile/policy.ts'
import type { Policy } from '../policy/document.ts'
import { MAX_FINDINGS, type Finding } from '../policy/finding.ts'
import { bins } from './bins.ts'
import { conditions } from './conditions.ts'
import { expressions } from './expressions.ts'
import { type Analysis, createReader } from './reader.ts'
import { rules } from './rules.ts'
import { tables } from './tables.ts'
import { unused } from './unused.ts'

/** What is found out about a policy, beyond whether it compiles. A new analysis is one file and one line. */
const ANALYSES: readonly Analysis[] = [conditions, rules, tables, bins, expressions, unused]

/**
 * Reasons about all values that facts can have: what can never happen, what always does, what is missing. Reads what
 * `checkPolicy` reads and repeats nothing of it; parts that are wrong are left out.
 */
export function analysePolicy(policy: Policy, options: CompileOptions = {}): readonly Finding[] {
  const reader = createReader(policy, options)
  const findings: Finding[] = []
  for (const analyse of ANALYSES) {
    for (const found of analyse(reader)) {
      findings.push(found)
      if (findings.length >= MAX_FINDINGS) return findings
    }
  }
  return findings
}
