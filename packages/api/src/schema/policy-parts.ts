import { POLICY_RIGHTS, type PolicyCase, type PolicyCaseResult } from '@surety/credit'
import { parsePolicy, type Finding, type Policy, type PolicyChange } from '@surety/engine'
import type { ChangeRequest, HeldRight, Issue, PolicyDraft, PolicyImpact } from '@surety/store'
import { z } from 'zod'
import { builder } from '../builder.ts'
import { InvalidInput, parseInput, words } from '../errors.ts'
import { enumOf } from './enums.ts'
import { TextType } from './values.ts'

/** Types that drafts, changes and versions have in common. */
export const PolicyDraftType = builder.objectRef<PolicyDraft>('PolicyDraft')
export const PolicyImpactType = builder.objectRef<PolicyImpact>('PolicyImpact')
export const ChangeRequestType = builder.objectRef<ChangeRequest>('ChangeRequest')

const READ = { can: 'policy.read' } as const

export const FindingType = builder.objectRef<Finding>('PolicyFinding').implement({
  authScopes: READ,
  fields: t => ({
    code: t.exposeString('code'),
    severity: t.expose('severity', { type: enumOf('Severity', ['error', 'warning', 'info']) }),
    path: t.exposeString('path', { description: 'JSON pointer into the document.' }),
    message: t.expose('message', { type: TextType }),
    counterexample: t.field({ type: 'JSON', nullable: true, resolve: ({ counterexample }) => counterexample }),
    related: t.field({ type: ['String'], resolve: ({ related }) => [...(related ?? [])] }),
    fix: t.field({
      type: 'JSON',
      nullable: true,
      description: 'A change that would mend it: title and JSON Patch.',
      resolve: ({ fix }) => fix,
    }),
  }),
})

export const PolicyChangeType = builder.objectRef<PolicyChange>('PolicyChange').implement({
  description: 'One difference between two versions, by rule, row, bin or cell.',
  authScopes: READ,
  fields: t => ({
    kind: t.expose('kind', { type: enumOf('PolicyChangeKind', ['added', 'removed', 'changed', 'moved']) }),
    subject: t.exposeString('subject'),
    path: t.exposeString('path', { description: 'JSON pointer into the later version; into the earlier one for what was removed.' }),
    beforePath: t.string({ nullable: true, resolve: ({ beforePath }) => beforePath }),
    before: t.field({ type: 'JSON', nullable: true, resolve: ({ before }) => before }),
    after: t.field({ type: 'JSON', nullable: true, resolve: ({ after }) => after }),
    message: t.expose('message', { type: TextType, description: 'A sentence.' }),
  }),
})

export const PolicyCaseType = builder.objectRef<PolicyCase>('PolicyCase').implement({
  description: 'An example that must hold.',
  authScopes: READ,
  fields: t => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    facts: t.field({ type: 'JSON', resolve: ({ facts }) => facts }),
    expected: t.field({ type: 'JSON', description: 'By output, and outcome, reasons, requirements.', resolve: ({ expected }) => expected }),
    decisionId: t.id({ nullable: true, description: 'The decision that it was made of.', resolve: ({ decisionId }) => decisionId }),
  }),
})

const CaseDifferenceType = builder.objectRef<PolicyCaseResult['differences'][number]>('CaseDifference').implement({
  authScopes: READ,
  fields: t => ({
    column: t.exposeString('column'),
    expected: t.field({ type: 'JSON', nullable: true, resolve: ({ expected }) => expected }),
    actual: t.field({ type: 'JSON', nullable: true, resolve: ({ actual }) => actual }),
  }),
})

export const PolicyCaseResultType = builder.objectRef<PolicyCaseResult>('PolicyCaseResult').implement({
  authScopes: READ,
  fields: t => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    isMet: t.exposeBoolean('isMet'),
    differences: t.field({ type: [CaseDifferenceType], resolve: ({ differences }) => [...differences] }),
    problems: t.field({ type: [TextType], resolve: ({ problems }) => [...problems] }),
  }),
})

export const HeldRightType = builder.objectRef<HeldRight>('PolicyRightHeld').implement({
  authScopes: READ,
  fields: t => ({
    right: t.expose('right', { type: enumOf('PolicyRight', POLICY_RIGHTS) }),
    reason: t.expose('reason', { type: TextType, nullable: true, description: 'Why not more; null where everything is allowed.' }),
  }),
})

/** What keeps a draft from being submitted. */
export const SubmissionIssueType = builder.objectRef<Issue>('SubmissionIssue').implement({
  authScopes: READ,
  fields: t => ({
    path: t.field({ type: ['String'], resolve: ({ path }) => [...path] }),
    code: t.exposeString('code'),
    message: t.expose('message', { type: TextType }),
  }),
})

export const PolicyCaseInput = builder.inputType('PolicyCaseInput', {
  fields: t => ({
    id: t.id({ required: true, description: 'Chosen by the client; keeps the case recognisable.' }),
    name: t.string({ required: true }),
    facts: t.field({ type: 'JSON', required: true }),
    expected: t.field({ type: 'JSON', required: true }),
    decisionId: t.id(),
  }),
})

const json: z.ZodType<PolicyCase['facts'][string]> = z.json()
const Cases = z
  .array(
    z.object({
      id: z.string().min(1).max(200),
      name: z.string().trim().min(1, words('A case has a name.', '用例须有名称。')).max(300),
      facts: z.record(z.string(), json),
      expected: z.record(z.string(), json),
      decisionId: z.string().nullish(),
    }),
  )
  .max(5000)

/** Cases as given from outside. */
export function parseCases(input: unknown): PolicyCase[] {
  // The database keeps no such character in JSON.
  if (/\\u0000|\\ud[89a-f]/.test(JSON.stringify(input) ?? ''))
    throw InvalidInput.at(['cases'], 'BAD_CHARACTER', {
      en: 'A case holds a character that can not be kept (U+0000 or half of a pair).',
      zh: '用例含有无法保存的字符（U+0000 或不成对的代理字符）。',
    })
  return parseInput(Cases, input).map(({ decisionId, ...one }) => ({ ...one, ...(decisionId ? { decisionId } : {}) }))
}

/** A document as given from outside; everything that is wrong with its shape is told at once. */
export function parseDocument(input: unknown): Policy {
  const { policy, findings } = parsePolicy(input)
  if (policy) return policy
  throw new InvalidInput(
    findings.map(({ code, path, message }) => ({ path: ['document', path], code, message })),
    'NOT_A_POLICY',
  )
}
