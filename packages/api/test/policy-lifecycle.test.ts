import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Policy, type TableStep } from '@surety/engine'
import { asActor, createCustomer, measureImpact, publishPolicy, recordDecision, SYSTEM, type PolicyVersion, type Role } from '@surety/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPolicies } from '../../engine/test/policy-cases.ts'
import { startTestApi, type Answer, type TestApi, type TestClient } from './support.ts'

const ID = 'policy-approval/standard'
const MATRIX = JSON.parse(readFileSync(new URL('../../../rules/policy-approval/standard/policy.json', import.meta.url), 'utf8')) as Policy

let api: TestApi
let officer: TestClient
let colleague: TestClient
let manager: TestClient
let director: TestClient
let sales: TestClient

beforeAll(async () => {
  api = await startTestApi()
  const who = async (login: string, role: Role, authorityLevel: number | null = null): Promise<TestClient> => {
    await api.addUser(login, [{ role, segmentId: null, authorityLevel }])
    return api.signIn(login)
  }
  officer = await who('officer', 'risk_officer')
  colleague = await who('colleague', 'risk_officer')
  manager = await who('manager', 'approver', 2)
  director = await who('director', 'approver', 3)
  sales = await who('sales', 'sales')
  await asActor(api.sql, SYSTEM, tx => publishPolicy(tx, MATRIX))
})
afterAll(() => api?.close())

const ERRORS = `... on Error { code message { en zh } } ... on InvalidInputError { issues { path code message { en } } }`
const DRAFT = `id revision contentHash changeCount baseVersion document cases { id name facts expected } editors { user { login } } myRight { right reason { en } }`
const CHANGE = `id status contentHash stage canDecide cannotDecideReason { en } approvals { level stage by: givenBy } diff { message { en zh } } impact { status result { moved total } }`

async function data(asked: Promise<Answer>) {
  const answer = await asked
  if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors))
  return answer.data
}

const open = async (client: TestClient) =>
  (
    await data(
      client.ask(
        `mutation { openPolicyDraft(policyId: "${ID}") { __typename ... on MutationPolicyDraftSuccess { data { ${DRAFT} } } ${ERRORS} } }`,
      ),
    )
  ).openPolicyDraft

const save = async (client: TestClient, input: { id: string; baseRevision: number; document: Policy; cases?: unknown[] }) =>
  (
    await data(
      client.ask(
        `mutation ($input: SavePolicyDraftInput!) { savePolicyDraft(input: $input) { __typename
          ... on MutationSavedPolicyDraftSuccess { data { merged draft { ${DRAFT} } } }
          ... on DraftConflictError { theirRevision merged conflicts { path base mine theirs message { en } } } ${ERRORS} } }`,
        { input: { cases: [], ...input } },
      ),
    )
  ).savePolicyDraft

const decide = async (client: TestClient, act: string, input: { id: string; contentHash: string; comment?: string }) =>
  (
    await data(
      client.ask(
        `mutation ($input: DecidePolicyChangeInput!) { ${act}(input: $input) { __typename ... on MutationChangeRequestSuccess { data { ${CHANGE} } } ... on ConflictError { current } ${ERRORS} } }`,
        { input },
      ),
    )
  )[act]

function withHours(document: Policy, row: string, hours: string): Policy {
  const [table] = document.steps as [TableStep]
  return {
    ...document,
    steps: [{ ...table, rows: table.rows.map(one => (one.id === row ? { ...one, then: [one.then[0]!, hours, one.then[2]!] } : one)) }],
  }
}

describe('a policy is changed', () => {
  it('by a draft that two people share, a request that others agree to, and never by its author', async () => {
    const { data: draft } = await open(officer)
    expect(draft).toMatchObject({ revision: 1, changeCount: 0, baseVersion: 1, myRight: { right: 'EVERYTHING', reason: null } })
    await save(officer, { id: draft.id, baseRevision: 1, document: withHours(draft.document, 'new', '30') })
    const merged = await save(colleague, { id: draft.id, baseRevision: 1, document: withHours(draft.document, 'structure', '20') })
    expect(merged).toMatchObject({ data: { merged: true, draft: { revision: 3, changeCount: 2 } } })
    expect(await save(colleague, { id: draft.id, baseRevision: 1, document: withHours(draft.document, 'new', '31') })).toMatchObject({
      __typename: 'DraftConflictError',
      theirRevision: 3,
      conflicts: [{ base: '24', mine: '31', theirs: '30' }],
    })

    const asked = await data(
      officer.ask(
        `mutation { runPolicyImpact(draftId: "${draft.id}") { ... on MutationPolicyImpactSuccess { data { id status } } ${ERRORS} } }`,
      ),
    )
    await measureImpact(api.sql, asked.runPolicyImpact.data.id)
    const submit = (contentHash: string) =>
      data(
        officer.ask(
          `mutation ($input: SubmitPolicyChangeInput!) { submitPolicyChange(input: $input) { __typename ... on MutationChangeRequestSuccess { data { ${CHANGE} } } ${ERRORS} } }`,
          { input: { draftId: draft.id, baseRevision: 3, contentHash, intent: 'more time', acknowledgements: [] } },
        ),
      ).then(({ submitPolicyChange }) => submitPolicyChange)
    expect(await submit(draft.contentHash)).toMatchObject({ __typename: 'InvalidInputError', issues: [{ code: 'DRAFT_CHANGED' }] })
    const { data: change } = await submit(merged.data.draft.contentHash)
    expect(change).toMatchObject({
      status: 'IN_REVIEW',
      canDecide: false,
      approvals: [
        { level: 2, by: null },
        { level: 3, by: null },
      ],
      diff: [{ message: { en: expect.stringContaining('24'), zh: expect.any(String) } }, {}],
      impact: { status: 'DONE' },
    })
    const agreed = { id: change.id, contentHash: change.contentHash }
    expect(await decide(officer, 'approvePolicyChange', agreed)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect((await data(manager.ask(`{ myChangeCount changes(view: MINE) { edges { node { id canDecide } } } }`))).changes.edges).toEqual([
      { node: { id: change.id, canDecide: true } },
    ])
    expect(await decide(manager, 'approvePolicyChange', { id: change.id, contentHash: 'x' })).toMatchObject({ __typename: 'ConflictError' })
    expect(await decide(manager, 'approvePolicyChange', agreed)).toMatchObject({
      data: { status: 'IN_REVIEW', approvals: [{ by: expect.any(String) }, { by: null }] },
    })
    expect(await decide(director, 'approvePolicyChange', agreed)).toMatchObject({ data: { status: 'IN_FORCE' } })
    const { policy } = await data(
      sales.ask(
        `{ policy(id: "${ID}") { current { version hash status changeRequest { intent maker { login } } changes { message { en } } } draft { id } versions { version status } } }`,
      ),
    )
    expect(policy).toMatchObject({
      current: {
        version: 2,
        hash: change.contentHash,
        status: 'IN_FORCE',
        changeRequest: { intent: 'more time', maker: { login: 'officer' } },
      },
      draft: null,
      versions: [{ version: 2 }, { version: 1, status: 'SUPERSEDED' }],
    })
    expect(policy.current.changes).toHaveLength(2)
  })

  it('is looked at by everybody, and touched by those who have the right', async () => {
    expect(await open(sales)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(
      (
        await data(
          sales.ask(
            `{ policy(id: "${ID}") { myRight { right reason { zh } } } library(kind: FACT) { name uses { policy { id } } } policyTemplates { id } }`,
          ),
        )
      ).policy.myRight,
    ).toMatchObject({ right: 'NONE' })
  })

  it('tells what is wrong with a document that is none', async () => {
    const { data: draft } = await open(officer)
    const broken = { ...draft.document, steps: 7 }
    expect(await save(officer, { id: draft.id, baseRevision: draft.revision, document: broken })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['document', '/steps'] }],
    })
    expect(await save(officer, { id: draft.id, baseRevision: draft.revision, document: { ...draft.document, id: 'other' } })).toMatchObject(
      { issues: [{ code: 'OTHER_POLICY' }] },
    )
  })
})

describe('the past', () => {
  it('is asked at any moment, and a decision of last month replays byte for byte after three newer versions', async () => {
    const today = api.clock.now
    const policy: Policy = { ...MATRIX, id: 'policy-approval/past' }
    const facts = { changedKind: 'dunning', changeReach: 'everything', isFirstVersion: false, movedShare: 0, loosenedShare: 0 }
    const publish = (hours: string, at: string): Promise<PolicyVersion> => {
      api.clock.now = new Date(at)
      return asActor(api.sql, SYSTEM, tx => publishPolicy(tx, withHours(policy, 'structure', hours)))
    }
    const first = await publish('10', '2026-01-10T00:00:00Z')
    const decisionId = await asActor(api.sql, SYSTEM, async tx => {
      const { customer } = await createCustomer(tx, { number: 'P1', name: 'Past' }, { segmentId: api.north.id, currency: 'CNY' })
      const { policyId, version, hash } = first
      const result = compile(first.document, { version }).decide(facts, { trace: true })
      const { id } = await recordDecision(tx, {
        segmentId: api.north.id,
        customerId: customer.id,
        kind: 'policy-approval',
        policyId,
        policyVersion: version,
        policyHash: hash,
        asOf: '2026-01-15',
        facts,
        result,
      })
      return id
    })
    for (const [hours, at] of [
      ['11', '2026-02-01T00:00:00Z'],
      ['12', '2026-02-10T00:00:00Z'],
      ['13', '2026-02-20T00:00:00Z'],
    ] as const)
      await publish(hours, at)
    api.clock.now = today
    const asked = `{ then: replayDecision(decisionId: "${decisionId}") { isIdentical version { version } }
      now: replayDecision(decisionId: "${decisionId}", version: 4) { isIdentical result }
      january: policyAsOf(policyId: "policy-approval/past", at: "2026-01-31T23:59:59.999Z") { version }
      february: policyAsOf(policyId: "policy-approval/past", at: "2026-02-01T00:00:00Z") { version }
      before: policyAsOf(policyId: "policy-approval/past", at: "2025-01-01T00:00:00Z") { version } }`
    expect(await data(officer.ask(asked))).toMatchObject({
      then: { isIdentical: true, version: { version: 1 } },
      now: { isIdentical: false, result: { outputs: { deadlineHours: 13 } } },
      january: { version: 1 },
      february: { version: 2 },
      before: null,
    })
    const made = await data(
      officer.ask(
        `mutation { makeCaseOfDecision(decisionId: "${decisionId}", name: "as in January") { ... on MutationSavedPolicyDraftSuccess { data { draft { cases { name facts expected decisionId } } } } ${ERRORS} } }`,
      ),
    )
    expect(made.makeCaseOfDecision.data.draft.cases).toMatchObject([
      { name: 'as in January', facts, expected: { outcome: 'refer', deadlineHours: 10 }, decisionId },
    ])
  })
})

it('finds the same in 1,000 documents as the command line does', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'surety-findings-'))
  try {
    const documents = drawPolicies(1000, 20260305).map((policy, index) =>
      damaged({ ...policy, id: `drawn/${index}`, ...(index % 3 === 0 ? { kind: 'assessment' } : {}) }, index),
    )
    const files = documents.map((document, index) => {
      const file = join(folder, `${index}.json`)
      writeFileSync(file, JSON.stringify(document))
      return file
    })
    const main = join(import.meta.dirname, '../../cli/src/main.ts')
    const env = { PATH: process.env['PATH'], SURETY_HOME: '/nowhere', LANG: 'en_US.UTF-8' }
    const stdout = await new Promise<string>(resolve => {
      // It ends with a code that says there are errors.
      execFile(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', main, 'check', '--json', ...files],
        { env, maxBuffer: 1 << 30 },
        (_, out) => resolve(out),
      )
    })
    const told = new Map<string, unknown[]>(files.map(file => [file, []]))
    for (const { file, severity, code, path, message } of (JSON.parse(stdout) as { findings: Told[] }).findings)
      told.get(file)!.push({ severity: severity.toUpperCase(), code, path, message })
    let count = 0
    for (const [index, document] of documents.entries()) {
      const { checkPolicyDocument: found } = await data(
        officer.ask('query ($document: JSON!) { checkPolicyDocument(document: $document) { severity code path message { en zh } } }', {
          document,
        }),
      )
      expect(found, files[index]).toEqual(told.get(files[index]!))
      count += found.length
    }
    expect(count).toBeGreaterThan(1000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

interface Told {
  readonly file: string
  readonly severity: string
  readonly code: string
  readonly path: string
  readonly message: unknown
}

/** Every other one has something taken out or replaced, somewhere. */
function damaged(policy: Policy, seed: number): unknown {
  if (seed % 2 === 0) return policy
  const copy = structuredClone(policy) as unknown as Record<string, unknown>
  let node: Record<string, unknown> = copy
  let state = seed * 2654435761
  const next = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state % below
  }
  for (let depth = 0; depth < 8; depth += 1) {
    const keys = Object.keys(node)
    if (keys.length === 0) break
    const key = keys[next(keys.length)]!
    const child = node[key]
    if (child === null || typeof child !== 'object' || next(4) === 0) {
      node[key] = [null, 'other', 7, {}, []][next(5)]
      break
    }
    node = child as Record<string, unknown>
  }
  return copy
}
