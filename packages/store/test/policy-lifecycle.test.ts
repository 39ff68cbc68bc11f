import { readFileSync } from 'node:fs'
import { hashPolicy, type Policy, type TableStep } from '@surety/engine'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  applyLibraryItem,
  attendApproval,
  decideTask,
  findApprovalOf,
  listTasks,
  createPolicy,
  decidePolicyChange,
  discardPolicyDraft,
  editorsOf,
  fillPolicyDraft,
  findChange,
  findImpact,
  findPolicyDraft,
  libraryEffect,
  listChanges,
  measureImpact,
  newestVersion,
  openPolicyDraft,
  policyInForce,
  publishPolicy,
  readiness,
  rebasePolicyDraft,
  recallPolicyVersion,
  requestPolicyImpact,
  restorePointsOf,
  addRestorePoint,
  restorePolicyDraft,
  saveLibraryItem,
  savePolicyDraft,
  settleVersion,
  submitPolicyChange,
  syncPolicies,
  movesOf,
  usesOf,
  versionsOf,
  withdrawPolicyChange,
  type ChangeRequest,
  type ChangeSubmission,
  type DraftSaved,
  type PolicyDraft,
  type Result,
  type User,
} from '../src/index.ts'
import { makeCustomer, makeUser, useWorld } from './support.ts'

const world = useWorld()
const shipped = (kind: string): Policy =>
  JSON.parse(readFileSync(new URL(`../../../rules/${kind}/policy.json`, import.meta.url), 'utf8')) as Policy

let officer: User
let colleague: User
let analyst: User
let manager: User
let director: User

beforeAll(async () => {
  officer = await makeUser(world, [{ role: 'risk_officer' }])
  colleague = await makeUser(world, [{ role: 'risk_officer' }])
  analyst = await makeUser(world, [{ role: 'analyst' }])
  manager = await makeUser(world, [{ role: 'approver', authorityLevel: 2 }])
  director = await makeUser(world, [{ role: 'approver', authorityLevel: 3 }])
  await world.asSystem(tx => publishPolicy(tx, shipped('policy-approval/standard')))
  for (let count = 0; count < 6; count += 1) await makeCustomer(world)
})

function valueOf<T>(result: Result<T>): T {
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result))
  return result.value
}

function savedOf(result: Result<DraftSaved>): PolicyDraft {
  const saved = valueOf(result)
  if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved.conflicts))
  return saved.draft
}

let serial = 0

/** A table policy of its own, published, with a draft that somebody has opened. */
async function published(): Promise<{ id: string; draft: PolicyDraft; document: Policy }> {
  const id = `collections-ranking/test-${(serial += 1)}`
  const document: Policy = { ...TABLE, id }
  await world.asSystem(tx => publishPolicy(tx, document))
  return { id, document, draft: valueOf(await world.as(officer, tx => openPolicyDraft(tx, id))) }
}

const TABLE: Policy = {
  id: '',
  kind: 'collections-ranking',
  title: { en: 'Ranking', zh: '排序' },
  facts: { overdueDays: { type: 'integer', unit: 'day', min: 0, label: { en: 'Overdue', zh: '逾期' } } },
  outputs: {
    points: { type: 'integer', label: { en: 'Points', zh: '分值' } },
    isListed: { type: 'boolean', label: { en: 'Listed', zh: '列入' } },
  },
  lists: { blocked: { title: { en: 'Blocked', zh: '禁入' }, values: ['A', 'B'] } },
  whenUnknown: 'ignore',
  steps: [
    {
      id: 'table',
      kind: 'table',
      hitPolicy: 'U',
      inputs: [{ id: 'overdue', expression: 'overdueDays' }],
      outputs: [
        { id: 'points', name: 'points' },
        { id: 'listed', name: 'isListed' },
      ],
      rows: [
        { id: 'low', when: ['< 30'], then: ['10', 'false'] },
        { id: 'middle', when: ['[30..60)'], then: ['40', 'true'] },
        { id: 'high', when: ['>= 60'], then: ['90', 'true'] },
      ],
    },
  ],
}

/** The same with another result in one row. */
function withPoints(document: Policy, row: string, points: string): Policy {
  const [table] = document.steps as [TableStep]
  return {
    ...document,
    steps: [{ ...table, rows: table.rows.map(one => (one.id === row ? { ...one, then: [points, one.then[1]!] } : one)) }],
  }
}

async function save(draft: PolicyDraft, document: Policy, who: User = officer): Promise<PolicyDraft> {
  return savedOf(
    await world.as(who, tx => savePolicyDraft(tx, { id: draft.id, baseRevision: draft.revision, document, cases: draft.cases })),
  )
}

async function measure(draft: PolicyDraft): Promise<void> {
  const { id } = valueOf(await world.as(officer, tx => requestPolicyImpact(tx, draft.id)))
  await measureImpact(world.sql, id)
}

/** With a word to every warning. */
async function submit(draft: PolicyDraft, more: Partial<ChangeSubmission> = {}, who: User = officer): Promise<Result<ChangeRequest>> {
  const { findings } = await world.as(who, async tx =>
    readiness(tx, {
      document: draft.document,
      cases: draft.cases,
      acknowledgements: [],
      base: await newestVersion(tx, draft.policyId),
      isEmergency: false,
    }),
  )
  const acknowledgements = findings
    .filter(({ severity }) => severity === 'warning')
    .map(({ code, path }) => ({ code, path, text: 'as it should be' }))
  return world.as(who, tx =>
    submitPolicyChange(tx, {
      draftId: draft.id,
      baseRevision: draft.revision,
      contentHash: draft.contentHash,
      intent: 'more weight on old debt',
      acknowledgements,
      ...more,
    }),
  )
}

async function submitted(): Promise<{ id: string; draft: PolicyDraft; change: ChangeRequest }> {
  const { id, draft, document } = await published()
  const saved = await save(draft, withPoints(document, 'high', '95'))
  await measure(saved)
  return { id, draft: saved, change: valueOf(await submit(saved)) }
}

const approve = (change: ChangeRequest, who: User, contentHash = change.contentHash): Promise<Result<ChangeRequest>> =>
  world.as(who, tx => decidePolicyChange(tx, { id: change.id, contentHash, outcome: 'approve' }))

describe('a draft', () => {
  it('is one for everybody, and keeps who looks at it and who has changed it', async () => {
    const { id, draft, document } = await published()
    expect(valueOf(await world.as(colleague, tx => openPolicyDraft(tx, id))).id).toBe(draft.id)
    await save(draft, withPoints(document, 'low', '11'))
    const { present, contributors } = await world.asSystem(tx => editorsOf(tx, draft.id))
    expect(present.map(({ userId }) => userId).toSorted()).toEqual([officer.id, colleague.id].toSorted())
    expect(contributors.map(({ userId }) => userId)).toEqual([officer.id])
  })

  it('takes over what two people changed in different rows', async () => {
    const { draft, document } = await published()
    await save(draft, withPoints(document, 'low', '11'))
    const result = valueOf(
      await world.as(colleague, tx =>
        savePolicyDraft(tx, { id: draft.id, baseRevision: 1, document: withPoints(document, 'high', '95'), cases: [] }),
      ),
    )
    expect(result).toMatchObject({ kind: 'saved', merged: true, draft: { revision: 3, changeCount: 2 } })
    const now = (await world.asSystem(tx => findPolicyDraft(tx, draft.id)))!
    expect(hashPolicy(now.document)).toBe(hashPolicy(withPoints(withPoints(document, 'low', '11'), 'high', '95')))
  })

  it('asks where both changed the same cell, and saves nothing', async () => {
    const { draft, document } = await published()
    const theirs = await save(draft, withPoints(document, 'low', '11'))
    const result = valueOf(
      await world.as(colleague, tx =>
        savePolicyDraft(tx, { id: draft.id, baseRevision: 1, document: withPoints(document, 'low', '12'), cases: [] }),
      ),
    )
    expect(result).toMatchObject({
      kind: 'diverged',
      theirs: { revision: 2 },
      conflicts: [{ path: '/steps/0/rows/0/then/0', base: '10', mine: '12', theirs: '11' }],
    })
    expect(await world.asSystem(tx => findPolicyDraft(tx, draft.id))).toMatchObject({ revision: 2, contentHash: theirs.contentHash })
  })

  it('is not overwritten by a tab from long ago', async () => {
    const { draft, document } = await published()
    let now = draft
    for (let points = 100; points < 210; points += 1) now = await save(now, withPoints(document, 'low', String(points)))
    const result = valueOf(await world.as(colleague, tx => savePolicyDraft(tx, { id: draft.id, baseRevision: 1, document, cases: [] })))
    expect(result).toMatchObject({ kind: 'diverged', base: null, merged: null })
    expect(await world.asSystem(tx => findPolicyDraft(tx, draft.id))).toMatchObject({ revision: now.revision })
  })

  it('merges cases by their ids', async () => {
    const { draft, document } = await published()
    const one = (id: string, points: number) => ({ id, name: id, facts: { overdueDays: 1 }, expected: { points } })
    await world.as(officer, tx => savePolicyDraft(tx, { id: draft.id, baseRevision: 1, document, cases: [one('a', 10)] }))
    const merged = savedOf(
      await world.as(colleague, tx => savePolicyDraft(tx, { id: draft.id, baseRevision: 1, document, cases: [one('b', 10)] })),
    )
    expect(merged.cases.map(({ id }) => id).toSorted()).toEqual(['a', 'b'])
    const clash = valueOf(
      await world.as(colleague, tx => savePolicyDraft(tx, { id: draft.id, baseRevision: 1, document, cases: [one('a', 11)] })),
    )
    expect(clash).toMatchObject({ kind: 'diverged', conflicts: [{ path: '/cases/a' }] })
  })

  it('goes back to a named point, and is discarded as a whole', async () => {
    const { draft, document } = await published()
    const first = await save(draft, withPoints(document, 'low', '11'))
    await world.as(officer, tx => addRestorePoint(tx, draft.id, 'before the committee'))
    const second = await save(first, withPoints(document, 'low', '12'))
    const [point] = await world.asSystem(tx => restorePointsOf(tx, draft.id))
    expect(point).toMatchObject({ name: 'before the committee', revision: 2 })
    const back = valueOf(await world.as(officer, tx => restorePolicyDraft(tx, draft.id, second.revision, point!.revision)))
    expect(back).toMatchObject({ contentHash: first.contentHash, revision: 4 })
    expect(await world.as(officer, tx => discardPolicyDraft(tx, draft.id, 1))).toMatchObject({ kind: 'conflict' })
    valueOf(await world.as(officer, tx => discardPolicyDraft(tx, draft.id, 4)))
    expect(valueOf(await world.as(officer, tx => openPolicyDraft(tx, draft.policyId)))).toMatchObject({
      contentHash: hashPolicy(document),
      changeCount: 0,
    })
  })

  it('lets an analyst move figures and nothing else, and others read', async () => {
    const { draft, document } = await published()
    const moved = await save(draft, withPoints(document, 'low', '11'), analyst)
    expect(moved.changeCount).toBe(1)
    const [table] = document.steps as [TableStep]
    const shorter = { ...document, steps: [{ ...table, rows: table.rows.slice(1) }] }
    expect(
      await world.as(analyst, tx => savePolicyDraft(tx, { id: draft.id, baseRevision: 2, document: shorter, cases: [] })),
    ).toMatchObject({
      kind: 'notAllowed',
      refusal: { code: 'POLICY_RIGHT_TOO_LOW', message: { en: expect.stringContaining('thresholds and results') } },
    })
    expect(await world.as(manager, tx => openPolicyDraft(tx, draft.policyId))).toMatchObject({ kind: 'notAllowed' })
  })

  it('takes over a version that was published meanwhile', async () => {
    const { id, draft, document } = await published()
    const mine = await save(draft, withPoints(document, 'low', '11'))
    await world.asSystem(tx => publishPolicy(tx, withPoints(document, 'high', '99')))
    await measure(mine)
    expect(await submit(mine)).toMatchObject({ kind: 'invalid', issues: [{ code: 'BASE_OUTDATED' }] })
    const rebased = savedOf(await world.as(officer, tx => rebasePolicyDraft(tx, draft.id, mine.revision)))
    expect(rebased).toMatchObject({
      baseVersion: 2,
      changeCount: 1,
      contentHash: hashPolicy(withPoints(withPoints(document, 'low', '11'), 'high', '99')),
    })
    expect((await world.asSystem(tx => policyInForce(tx, id)))!.version).toBe(2)
  })

  it('begins a new policy from one that is there, or from what its kind needs', async () => {
    const made = valueOf(
      await world.as(officer, tx =>
        createPolicy(tx, {
          kind: 'policy-approval',
          name: 'strict',
          title: { en: 'Strict', zh: '从严' },
          template: 'policy-approval/standard',
        }),
      ),
    )
    expect(made).toMatchObject({
      policyId: 'policy-approval/strict',
      baseVersion: null,
      document: { id: 'policy-approval/strict', title: { en: 'Strict' } },
    })
    const empty = valueOf(
      await world.as(officer, tx => createPolicy(tx, { kind: 'provision', name: 'own', title: { en: 'Own', zh: '自有' } })),
    )
    expect(Object.keys(empty.document.outputs)).toEqual(['provision'])
    expect(await world.as(officer, tx => createPolicy(tx, { kind: 'wish', name: 'A b', title: { en: '', zh: '' } }))).toMatchObject({
      kind: 'invalid',
      issues: [{ code: 'UNKNOWN_KIND' }, { code: 'BAD_NAME' }, { code: 'REQUIRED' }],
    })
  })
})

describe('submitting', () => {
  it('is kept back by errors, failing cases, silent warnings and an effect that nobody has seen', async () => {
    const { draft, document } = await published()
    const [table] = document.steps as [TableStep]
    // 25 to 30 overlaps: a warning or an error, and a case that no longer holds.
    const overlapping = { ...document, steps: [{ ...table, rows: [...table.rows, { id: 'more', when: ['>= 25'], then: ['1', 'true'] }] }] }
    const cases = [{ id: 'c', name: 'ten days', facts: { overdueDays: 10 }, expected: { points: 11 } }]
    const saved = savedOf(
      await world.as(officer, tx => savePolicyDraft(tx, { id: draft.id, baseRevision: 1, document: overlapping, cases })),
    )
    const result = await world.as(officer, tx =>
      submitPolicyChange(tx, { draftId: saved.id, baseRevision: 2, contentHash: saved.contentHash, intent: ' ', acknowledgements: [] }),
    )
    if (result.kind !== 'invalid') throw new Error(result.kind)
    const codes = result.issues.map(({ code }) => code)
    expect(codes).toContain('REQUIRED')
    expect(codes.some(code => code.includes('OVERLAP') || code === 'ACKNOWLEDGEMENT_MISSING')).toBe(true)
    const sound = savedOf(
      await world.as(officer, tx =>
        savePolicyDraft(tx, { id: draft.id, baseRevision: 2, document: withPoints(document, 'high', '91'), cases }),
      ),
    )
    expect(await submit(sound)).toMatchObject({
      kind: 'invalid',
      issues: [{ code: 'CASE_FAILS', message: { en: expect.stringContaining('ten days') } }, { code: 'IMPACT_MISSING' }],
    })
  })

  it('is refused for a content that has changed since one looked, and for none at all', async () => {
    const { draft, document } = await published()
    const saved = await save(draft, withPoints(document, 'high', '95'))
    await measure(saved)
    expect(await submit({ ...saved, contentHash: draft.contentHash })).toMatchObject({
      kind: 'invalid',
      issues: [{ code: 'DRAFT_CHANGED' }],
    })
    const same = await save(saved, document)
    expect(await submit(same)).toMatchObject({ kind: 'invalid', issues: [{ code: 'NOTHING_CHANGED' }] })
  })

  it('asks the approval policy who must agree, and keeps why', async () => {
    const { change } = await submitted()
    expect(change).toMatchObject({ status: 'in_review', approvalLevels: [2], findings: expect.any(Array), impactId: expect.any(String) })
    expect(change.approvalDecision).toMatchObject({ facts: { changedKind: 'collections-ranking', changeReach: 'values', movedShare: 0 } })
  })
})

describe('deciding on a change', () => {
  it('is for another person, whatever their login, and for nobody who had a hand in it', async () => {
    const { draft, document } = await published()
    const first = await save(draft, withPoints(document, 'high', '95'))
    const saved = await save(first, withPoints(document, 'high', '96'), colleague)
    await measure(saved)
    const change = valueOf(await submit(saved))
    const second = (of: User): Promise<User> => makeUser(world, [{ role: 'approver', authorityLevel: 3 }], { personId: of.personId })
    for (const who of [await second(officer), await second(colleague)]) {
      expect(await approve(change, who)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'OWN_CHANGE' } })
      await expect(
        world.as(
          who,
          tx => tx`insert into change_request_votes (change_request_id, stage, level, person_id, user_id, outcome, content_hash, at)
            values (${change.id}, 'approval', 2, ${who.personId}, ${who.id}, 'approve', ${change.contentHash}, ${tx.now})`,
        ),
      ).rejects.toThrow(/can not decide on it/)
    }
    const clerk = await makeUser(world, [{ role: 'approver', authorityLevel: 1 }])
    const regional = await makeUser(world, [{ role: 'approver', authorityLevel: 3, segmentId: world.industrial.id }])
    expect(await approve(change, clerk)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'CHANGE_LEVEL_TOO_LOW' } })
    expect(await approve(change, regional)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'NOT_HOUSE_APPROVER' } })
    expect((await world.as(manager, tx => listChanges(tx, 'mine', {}, { first: 50 }))).edges.map(({ node }) => node.id)).toContain(
      change.id,
    )
    expect((await world.as(clerk, tx => listChanges(tx, 'mine', {}, { first: 50 }))).edges).toEqual([])
  })

  it('is bound to what was seen, and the hash that was agreed to is the hash in force', async () => {
    const { id, change } = await submitted()
    expect(await approve(change, manager, 'f'.repeat(64))).toMatchObject({ kind: 'conflict' })
    await expect(
      world.as(
        manager,
        tx => tx`insert into change_request_votes (change_request_id, stage, level, person_id, user_id, outcome, content_hash, at)
          values (${change.id}, 'approval', 2, ${manager.personId}, ${manager.id}, 'approve', 'other', ${tx.now})`,
      ),
    ).rejects.toThrow(/holds/)
    expect(valueOf(await approve(change, manager))).toMatchObject({ status: 'in_force', publishedVersion: 2 })
    expect(await world.asSystem(tx => policyInForce(tx, id))).toMatchObject({
      version: 2,
      hash: change.contentHash,
      changeRequestId: change.id,
      publishedBy: manager.id,
    })
    // What ships never goes over what people have agreed to.
    expect(await world.asSystem(tx => syncPolicies(tx, [withPoints(change.document, 'low', '3')]))).toEqual({ published: [] })
  })

  it('ends when the draft is edited: agreements given are to something else', async () => {
    const { draft, change } = await submitted()
    await save(draft, withPoints(draft.document, 'low', '1'), colleague)
    expect(await world.asSystem(tx => findChange(tx, change.id))).toMatchObject({ status: 'outdated' })
    expect(await approve(change, manager)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'CHANGE_CLOSED' } })
    await expect(
      world.as(
        manager,
        tx => tx`insert into change_request_votes (change_request_id, stage, level, person_id, user_id, outcome, content_hash, at)
          values (${change.id}, 'approval', 2, ${manager.personId}, ${manager.id}, 'approve', ${change.contentHash}, ${tx.now})`,
      ),
    ).rejects.toThrow(/not in review/)
  })

  it('needs every level, each by another person', async () => {
    const document = { ...shipped('policy-approval/standard') }
    const draft = valueOf(await world.as(officer, tx => openPolicyDraft(tx, document.id)))
    const [table, ...rest] = document.steps as [TableStep]
    const rows = table.rows.map(row => (row.id === 'some-move' ? { ...row, comment: 'a measured effect' } : row))
    const saved = await save(draft, { ...document, steps: [{ ...table, rows }, ...rest] })
    await measure(saved)
    const change = valueOf(await submit(saved))
    expect(change.approvalLevels).toEqual([2, 3])
    expect(valueOf(await approve(change, director))).toMatchObject({ status: 'in_review', votes: [{ level: 3 }] })
    expect(await approve(change, director)).toMatchObject({ kind: 'notAllowed', refusal: { code: 'ALREADY_DECIDED' } })
    expect(valueOf(await approve(change, manager))).toMatchObject({ status: 'in_force' })
  })

  it('is in the list of tasks of those who can, and a decision there is the same decision', async () => {
    const { id, change } = await submitted()
    const approval = (await world.asSystem(tx => findApprovalOf(tx, 'policy_change', change.id)))!
    expect(approval).toMatchObject({ segmentId: null, status: 'open', request: { contentHash: change.contentHash } })
    await world.asSystem(tx => attendApproval(tx, approval.id, tx.now))
    const mine = async (who: User) =>
      (await world.as(who, tx => listTasks(tx, 'mine', {}, { field: 'dueAt' }, { first: 100 }))).edges
        .map(({ node }) => node)
        .find(task => task.approvalId === approval.id)
    const task = (await mine(manager))!
    expect(task).toMatchObject({ kind: 'policy_change', authorityLevel: 2 })
    valueOf(await world.as(manager, tx => decideTask(tx, { id: task.id, version: task.version, outcome: 'approve' })))
    expect(await world.asSystem(tx => findChange(tx, change.id))).toMatchObject({
      status: 'in_force',
      votes: [{ level: 2, personId: manager.personId }],
    })
    expect((await world.asSystem(tx => policyInForce(tx, id)))!.hash).toBe(change.contentHash)
    expect(await mine(director)).toBeUndefined()
    expect(await world.asSystem(tx => findApprovalOf(tx, 'policy_change', change.id))).toMatchObject({ status: 'approved' })
  })

  it('gives back with a word, and the next request is another one', async () => {
    const { draft, change } = await submitted()
    const give = (comment: string) =>
      world.as(manager, tx =>
        decidePolicyChange(tx, { id: change.id, contentHash: change.contentHash, outcome: 'request_changes', comment }),
      )
    expect(await give(' ')).toMatchObject({ kind: 'invalid' })
    expect(valueOf(await give('why 95?'))).toMatchObject({ status: 'changes_requested' })
    const again = valueOf(await submit(draft))
    expect(again.id).not.toBe(change.id)
    expect(await world.as(manager, tx => withdrawPolicyChange(tx, again.id, ''))).toMatchObject({ kind: 'notAllowed' })
    expect(valueOf(await world.as(officer, tx => withdrawPolicyChange(tx, again.id, 'not now')))).toMatchObject({ status: 'withdrawn' })
  })

  it('lets nothing into force that was not agreed to, not even past the application', async () => {
    const { id, draft, change } = await submitted()
    await expect(world.as(officer, tx => publishPolicy(tx, draft.document))).rejects.toThrow(/asked for by nobody/)
    await expect(world.as(officer, tx => publishPolicy(tx, draft.document, { changeRequestId: change.id }))).rejects.toThrow(/not approved/)
    await expect(world.asSystem(tx => tx`update change_requests set content_hash = 'x' where id = ${change.id}`)).rejects.toThrow(
      /can not be rewritten/,
    )
    expect((await world.asSystem(tx => policyInForce(tx, id)))!.version).toBe(1)
  })
})

describe('taking effect', () => {
  it('happens at its moment and not a second before, by the date alone', async () => {
    const { id, draft, document } = await published()
    const saved = await save(draft, withPoints(document, 'high', '95'))
    await measure(saved)
    const effectiveFrom = new Date(world.now.getTime() + 3_600_000)
    const change = valueOf(await submit(saved, { effectiveFrom }))
    expect(valueOf(await approve(change, manager))).toMatchObject({ status: 'approved', publishedVersion: 2 })
    const at = (ms: number) => world.asSystem(tx => policyInForce(tx, id, new Date(effectiveFrom.getTime() + ms)))
    expect((await at(-1))!.version).toBe(1)
    expect((await at(0))!.version).toBe(2)
    expect(await world.asSystem(tx => settleVersion(tx, id, 2))).toEqual({ kind: 'waiting', effectiveFrom })
    const before = world.now
    world.now = effectiveFrom
    try {
      expect(await world.asSystem(tx => settleVersion(tx, id, 2))).toEqual({ kind: 'inForce' })
      expect(await world.asSystem(tx => settleVersion(tx, id, 2))).toEqual({ kind: 'inForce' })
      expect(await world.asSystem(tx => findChange(tx, change.id))).toMatchObject({ status: 'in_force' })
    } finally {
      world.now = before
    }
  })

  it('is called back while it waits, and what would be overtaken is refused', async () => {
    const { id, draft, document } = await published()
    const saved = await save(draft, withPoints(document, 'high', '95'))
    await measure(saved)
    const effectiveFrom = new Date(world.now.getTime() + 86_400_000)
    valueOf(await approve(valueOf(await submit(saved, { effectiveFrom })), manager))
    const next = valueOf(await world.as(officer, tx => openPolicyDraft(tx, id)))
    expect(next.baseVersion).toBe(2)
    const sooner = await save(next, withPoints(next.document, 'low', '5'))
    await measure(sooner)
    expect(await submit(sooner)).toMatchObject({ kind: 'invalid', issues: [{ code: 'EARLIER_THAN_SCHEDULED' }] })
    valueOf(await world.as(officer, tx => recallPolicyVersion(tx, id, 2, 'the committee waits')))
    expect((await world.asSystem(tx => policyInForce(tx, id, new Date(effectiveFrom.getTime() + 1))))!.version).toBe(1)
    expect(await world.asSystem(tx => settleVersion(tx, id, 2))).toEqual({ kind: 'recalled' })
    expect(await world.as(officer, tx => recallPolicyVersion(tx, id, 1, 'too late'))).toMatchObject({ kind: 'notAllowed' })
    await expect(
      world.asSystem(tx => tx`insert into policy_recalls (policy_id, version, reason, recalled_at) values (${id}, 1, 'x', ${tx.now})`),
    ).rejects.toThrow(/has taken effect/)
  })

  it('brings an old version back by a request of its own', async () => {
    const { id, change } = await submitted()
    valueOf(await approve(change, manager))
    const draft = valueOf(await world.as(officer, tx => openPolicyDraft(tx, id)))
    const filled = valueOf(await world.as(officer, tx => fillPolicyDraft(tx, draft.id, draft.revision, 1)))
    await measure(filled)
    const back = valueOf(await submit(filled))
    expect(back.rollbackOf).toBe(1)
    valueOf(await approve(back, manager))
    const versions = (await world.asSystem(tx => versionsOf(tx, [id]))).get(id)!
    expect(versions.map(({ version, hash }) => [version, hash === versions[2]!.hash])).toEqual([
      [3, true],
      [2, false],
      [1, true],
    ])
  })

  it('is quick in an emergency: one agreement at once, the rest looks at it afterwards', async () => {
    const { id, draft, document } = await published()
    const saved = await save(draft, withPoints(document, 'high', '95'))
    const change = valueOf(await submit(saved, { isEmergency: true }))
    expect(change).toMatchObject({ isEmergency: true, approvalLevels: [1] })
    const clerk = await makeUser(world, [{ role: 'approver', authorityLevel: 1 }])
    expect(valueOf(await approve(change, clerk))).toMatchObject({ status: 'in_force', reviewLevels: [2, 3] })
    expect((await world.asSystem(tx => policyInForce(tx, id)))!.version).toBe(2)
    expect((await world.as(director, tx => listChanges(tx, 'mine', { policyId: id }, { first: 9 }))).edges[0]!.node).toMatchObject({
      stage: 'review',
    })
    valueOf(await approve(change, director))
    expect(valueOf(await approve(change, manager))).toMatchObject({
      stage: null,
      votes: [{ stage: 'approval' }, { stage: 'review' }, { stage: 'review' }],
    })
  })
})

describe('the impact of a draft', () => {
  it('says who moves, how much is at stake and what differs first', async () => {
    const id = 'adjustment/impact'
    const document: Policy = {
      ...TABLE,
      id,
      kind: 'early-warning',
      facts: { customerSinceMonths: { type: 'integer' }, accountStatus: { type: 'enum', values: ['active', 'watch', 'held', 'closed'] } },
      outputs: {
        severity: { type: 'enum', values: ['none', 'warn', 'critical'], default: 'none', label: { en: 'Severity', zh: '严重程度' } },
        warnings: { type: 'list', of: 'string' },
        criticals: { type: 'list', of: 'string' },
      },
      lists: {},
      steps: [
        {
          id: 'rules',
          kind: 'rules',
          rules: [
            {
              id: 'active',
              title: { en: 'Active accounts', zh: '正常账户' },
              conditions: { all: [{ fact: 'accountStatus', operator: 'equal', value: 'watch' }] },
              event: { type: 'X', params: { outcome: 'refer', set: { severity: 'warn' } } },
            },
          ],
        },
      ],
    }
    await world.asSystem(tx => publishPolicy(tx, document))
    const draft = valueOf(await world.as(officer, tx => openPolicyDraft(tx, id)))
    const text = JSON.stringify(document).replace('"value":"watch"', '"value":"active"')
    const saved = await save(draft, JSON.parse(text) as Policy)
    const asked = valueOf(await world.as(officer, tx => requestPolicyImpact(tx, saved.id)))
    expect(asked.status).toBe('running')
    const impact = await measureImpact(world.sql, asked.id)
    const total = impact.result!.total
    expect(total).toBeGreaterThanOrEqual(6)
    expect(impact).toMatchObject({
      status: 'done',
      draftHash: saved.contentHash,
      result: {
        over: 'customers',
        moved: total,
        movedShare: 100,
        tightened: total,
        loosened: 0,
        matrix: [{ before: 'approve', after: 'refer', count: total }],
        hits: { before: { '/steps/0/rules/0': 0 }, after: { '/steps/0/rules/0': total } },
        outputs: [{ name: 'severity', kind: 'categories' }],
      },
    })
    const moves = await world.asSystem(tx => movesOf(tx, impact.id))
    expect(moves).toHaveLength(total)
    expect(moves[0]).toMatchObject({
      before: { outcome: 'approve' },
      after: { outcome: 'refer' },
      why: { path: '/steps/0/rules/0', text: { en: 'Active accounts' } },
    })
    const foreign = { kind: 'system', segments: [world.consumer.id] } as const
    expect(await world.as(foreign, tx => movesOf(tx, impact.id))).toEqual([])
    expect(await world.asSystem(tx => findImpact(tx, asked.id))).toMatchObject({ doneCount: total })
  })

  it('says what went wrong where a draft does not compile', async () => {
    const { draft, document } = await published()
    const broken = await save(draft, withPoints(document, 'high', '"many"'))
    const { id } = valueOf(await world.as(officer, tx => requestPolicyImpact(tx, broken.id)))
    expect(await measureImpact(world.sql, id)).toMatchObject({ status: 'failed', problem: expect.stringContaining("can't be compiled") })
  })
})

describe('the library', () => {
  it('tells where an item is used, what a new content would change, and takes it over through drafts', async () => {
    const { id, draft } = await published()
    valueOf(await world.as(officer, tx => discardPolicyDraft(tx, draft.id, 1)))
    const content = { title: { en: 'Blocked', zh: '禁入' }, values: ['A', 'B', 'C'] }
    const kept = (baseVersion: number | null, values: readonly string[]) =>
      world.as(officer, tx =>
        saveLibraryItem(tx, {
          kind: 'list',
          name: 'blocked',
          title: content.title,
          content: { ...content, values },
          baseVersion,
          comment: 'sanctions of May',
        }),
      )
    expect(valueOf(await kept(null, ['A', 'B']))).toMatchObject({ version: 1 })
    expect((await world.asSystem(tx => usesOf(tx, 'list', 'blocked'))).find(use => use.policyId === id)).toMatchObject({
      path: '/lists/blocked',
      isCurrent: true,
      version: 1,
    })
    expect(
      (await world.asSystem(tx => libraryEffect(tx, 'list', 'blocked', content))).find(effect => effect.policyId === id)!.changes,
    ).toHaveLength(1)
    expect(valueOf(await kept(1, ['A', 'B', 'C']))).toMatchObject({ version: 2 })
    expect(await kept(1, ['A'])).toMatchObject({ kind: 'conflict' })
    expect((await world.asSystem(tx => usesOf(tx, 'list', 'blocked'))).find(use => use.policyId === id)).toMatchObject({
      isCurrent: false,
      version: 1,
    })
    const [taken] = valueOf(await world.as(officer, tx => applyLibraryItem(tx, 'list', 'blocked', [id])))
    expect(taken).toMatchObject({ policyId: id, changeCount: 1 })
    expect((await world.asSystem(tx => policyInForce(tx, id)))!.document.lists!['blocked']!.values).toEqual(['A', 'B'])
    expect((await world.asSystem(tx => usesOf(tx, 'fact', 'overdueDays'))).some(use => use.policyId === id)).toBe(true)
  })
})
