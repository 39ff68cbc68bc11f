export type { ChangeSubject, PolicyChange } from './change.ts'
export { diffPolicies } from './diff-policies.ts'
export { mergePolicies, type MergeConflict, type MergedPolicy } from './merge-policies.ts'
