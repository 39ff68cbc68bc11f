import { runPolicyCases, policyFindings, resolverAmong, type PolicyCase } from '@surety/credit'
import {
  canonicalJson,
  diffPolicies,
  hashPolicy,
  hasErrors,
  mergePolicies,
  type Finding,
  type MergeConflict,
  type Policy,
  type PolicyChange,
} from '@surety/engine'
import {
  documentsInForce,
  findPolicyVersions,
  newestVersion,
  nothingOf,
  openDraftsOf,
  type PolicyDraft,
  type PolicyVersion,
  type Tx,
} from '@surety/store'
import type { FolderPolicy, PulledFrom } from './policy-folder.ts'

/** What pushing one policy of a folder would do. */
export interface PlannedPolicy {
  readonly policyId: string
  readonly file: string
  readonly act: 'create' | 'change' | 'none'
  /** Against the newest version. */
  readonly changes: readonly PolicyChange[]
  /** What the draft would hold: the folder's changes over what is there now. */
  readonly document: Policy
  readonly cases: readonly PolicyCase[]
  /** Published since the folder was pulled. */
  readonly overtakenBy: number | null
  readonly conflicts: readonly MergeConflict[]
  readonly findings: readonly Finding[]
  readonly failingCases: readonly string[]
  readonly draft: PolicyDraft | undefined
}

/** Compares the policies of a folder with the book. Nothing is written. */
export async function planPolicies(tx: Tx, policies: readonly FolderPolicy[], pulledFrom: PulledFrom): Promise<readonly PlannedPolicy[]> {
  const inForce = await documentsInForce(tx)
  const drafts = await openDraftsOf(
    tx,
    policies.map(({ document }) => document.id),
  )
  const planned: PlannedPolicy[] = []
  for (const policy of policies) {
    const { id } = policy.document
    const newest = await newestVersion(tx, id)
    const pulled = pulledFrom[id]
    const [ground] = pulled ? await findPolicyVersions(tx, [{ policyId: id, version: pulled.version }]) : []
    planned.push(plan(policy, { newest, ground: ground?.hash === pulled?.hash ? ground : undefined, draft: drafts.get(id), inForce }))
  }
  return planned
}

interface Known {
  readonly newest: PolicyVersion | undefined
  /** What the folder was pulled from. */
  readonly ground: PolicyVersion | undefined
  readonly draft: PolicyDraft | undefined
  readonly inForce: readonly Policy[]
}

function plan({ file, document, cases }: FolderPolicy, { newest, ground, draft, inForce }: Known): PlannedPolicy {
  const { id } = document
  const there = draft?.document ?? newest?.document
  const base = ground?.document ?? newest?.document
  // A folder that says what it was pulled with says nothing, whatever happened since.
  const isUntouched = base !== undefined && hashPolicy(base) === hashPolicy(document)
  const merged =
    !there || !base
      ? { merged: document, conflicts: [] }
      : isUntouched
        ? { merged: there, conflicts: [] }
        : mergePolicies(base, document, there)
  const keptCases = draft?.cases ?? newest?.cases ?? []
  const wantedCases = cases === undefined || sameCases(cases, ground?.cases ?? newest?.cases ?? []) ? keptCases : cases
  const changes = diffPolicies(newest?.document ?? nothingOf(document), merged.merged)
  const others = inForce.filter(other => other.id !== id)
  const findings = policyFindings(merged.merged, others)
  const isNew = !newest && !draft
  return {
    policyId: id,
    file,
    act: isNew ? 'create' : isUntouched && wantedCases === keptCases ? 'none' : 'change',
    changes: isUntouched ? [] : changes,
    document: merged.merged,
    cases: wantedCases,
    overtakenBy: ground && newest && newest.version !== ground.version ? newest.version : null,
    conflicts: merged.conflicts,
    findings,
    failingCases: hasErrors(findings)
      ? []
      : runPolicyCases(merged.merged, wantedCases, { resolve: resolverAmong(others) })
          .filter(({ isMet }) => !isMet)
          .map(({ name }) => name),
    draft,
  }
}

/** Ids come from names in a file, so the rest is what counts. */
function sameCases(left: readonly PolicyCase[], right: readonly PolicyCase[]): boolean {
  const bare = (cases: readonly PolicyCase[]): string =>
    canonicalJson(cases.map(({ name, facts, expected }) => ({ name, facts, expected })))
  return bare(left) === bare(right)
}
