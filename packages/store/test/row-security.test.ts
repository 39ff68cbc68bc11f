import postgres from 'postgres'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addDocuments,
  addPayments,
  addStatement,
  applyPayments,
  asActor,
  createApiKey,
  createCustomer,
  decideTask,
  enqueue,
  findCustomer,
  listCustomers,
  listSegments,
  makePromise,
  once,
  openDispute,
  attendApproval,
  attachFile,
  discussTask,
  addSignatory,
  findApprovalOf,
  publishPolicy,
  putBlob,
  readBlob,
  receiveOnce,
  recordAssessment,
  recordDecision,
  setLimit,
  submitApplication,
  type Actor,
} from '../src/index.ts'
import { samplePolicy } from './sample-policy.ts'
import { makeCustomer, makeUser, useWorld } from './support.ts'

const world = useWorld()
const industrialOnly = (): Actor => ({ kind: 'system', segments: [world.industrial.id] })
const consumerOnly = (): Actor => ({ kind: 'system', segments: [world.consumer.id] })

/** Tables that belong to no segment, and why that is no leak. A new table is either here for a reason or bound by row-level security. */
const SHARED: Readonly<Record<string, string>> = {
  schema_migrations: 'names of files',
  segments: 'names of segments',
  persons: 'colleagues',
  users: 'read before it is known who asks',
  user_roles: 'read before it is known who asks',
  sessions: 'read before it is known who asks; hashes only',
  invitations: 'read before it is known who asks; hashes only',
  saved_views: 'names and filters, no figures; whose is in each query',
  mail_templates: 'the same for all',
  policies: 'the same for all',
  policy_versions: 'the same for all',
  policy_recalls: 'the same for all',
  policy_drafts: 'the same for all',
  policy_draft_editors: 'colleagues',
  policy_draft_revisions: 'the same for all',
  policy_impacts: 'counts and sums over the house; names are in policy_impact_moves',
  change_requests: 'the same for all',
  change_request_votes: 'the same for all',
  change_request_comments: 'the same for all',
  library_versions: 'the same for all',
  exchange_rates: 'public figures',
  exchange_rate_pairs: 'public figures',
  substitutions: 'who stands in for whom',
  calendar_days: 'days off',
  audit_unsealed: 'numbers of entries',
  audit_chain: 'numbers of entries and hashes',
}

async function tables(): Promise<{ name: string; secured: boolean; forced: boolean }[]> {
  const sql = postgres(world.ownerUrl, { max: 1 })
  const rows = await sql<{ name: string; secured: boolean; forced: boolean }[]>`
    select relname as name, relrowsecurity as secured, relforcerowsecurity as forced from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`
  await sql.end()
  return rows
}

// Fills every table with something of the industrial segment.
beforeAll(async () => {
  const segmentId = world.industrial.id
  const { customerId, accountId } = await makeCustomer(world)
  const maker = await makeUser(world, [{ role: 'sales' }])
  const approver = await makeUser(world, [{ role: 'approver', authorityLevel: 2 }])
  await world.as(maker, async tx => {
    const invoice = { segmentId, customerId, source: 'test', currency: 'CNY', issuedOn: '2026-01-01', dueOn: '2026-02-01', amount: '100' }
    const { ids } = await addDocuments(tx, [{ ...invoice, type: 'invoice', number: 'I1' }])
    const payments = await addPayments(tx, [
      { segmentId, customerId, number: 'P1', source: 'test', receivedOn: '2026-02-02', currency: 'CNY', amount: '40' },
    ])
    await applyPayments(tx, [{ source: { kind: 'payment', id: payments.ids[0]! }, documentId: ids[0]!, amount: '40', on: '2026-02-02' }])
    await openDispute(tx, { documentId: ids[0]!, amount: '10', reason: 'short', on: '2026-02-03' })
    await makePromise(tx, { segmentId, customerId, amount: '60', currency: 'CNY', madeOn: '2026-02-10', dueOn: '2026-03-10' })
    await addStatement(tx, {
      customerId,
      periodEnd: '2025-12-31',
      periodMonths: 12,
      receivedOn: '2026-02-01',
      currency: 'CNY',
      audited: true,
      items: { revenue: '1000' },
      source: 'test',
    })
    await setLimit(tx, { accountId, kind: 'amount', amount: '1000', reason: 'start' })
    await createApiKey(tx, { name: 'erp', segmentId, scopes: ['ingest'] })
    const blob = await putBlob(
      tx,
      (async function* () {
        yield Buffer.from('file')
      })(),
    )
    await tx`insert into customer_contacts (customer_id, name) values (${customerId}, 'Li')`
    await tx`insert into customer_incidents (customer_id, kind, happened_on) values (${customerId}, 'lawsuit', '2026-01-01')`
    await tx`insert into ratings (customer_id, agency, value, score, rated_on) values (${customerId}, 'A', 'AA', 90, '2026-01-01')`
    await tx`insert into instruments (segment_id, customer_id, type, effect, value, currency, percentage, recorded_on, effective_from) values (${segmentId}, ${customerId}, 'guarantee', 'raises-limit', 5, 'CNY', 50, '2026-01-01', '2026-01-01')`
    await tx`insert into bills (segment_id, customer_id, number, source, kind, received_on, matures_on, currency, amount) values (${segmentId}, ${customerId}, 'B1', 'test', 'bank', '2026-01-01', '2026-06-01', 'CNY', 5)`
    await tx`insert into reminders (segment_id, customer_id, level, sent_on) values (${segmentId}, ${customerId}, 1, '2026-02-15')`
    const [run] =
      await tx`insert into imports (segment_id, file_name, blob_sha256, status, created_at) values (${segmentId}, 'a.csv', decode(${blob.sha256}, 'hex'), 'uploaded', ${tx.now}) returning id`
    await tx`insert into import_errors (segment_id, import_id, row_number, code, message_en, message_zh) values (${segmentId}, ${run!['id']}, 1, 'X', 'x', 'x')`
    await tx`insert into import_mappings (segment_id, header_hash, kind, mapping, format, updated_at) values (${segmentId}, ${Buffer.alloc(32)}, 'invoices', '{}', '{}', ${tx.now})`
    await receiveOnce(tx, { source: 'api:1', key: 'k', segmentId, body: 'x' }, async () => 1)
    const { version, hash, policyId } = await world.asSystem(system => publishPolicy(system, samplePolicy))
    const [impact] = await tx<{ id: string }[]>`
      insert into policy_impacts (policy_id, base_version, base_hash, draft_hash, document, requested_at) values (${policyId}, ${version}, ${hash}, 'x', '{}', ${tx.now}) returning id`
    await tx`
      insert into policy_impact_moves (impact_id, segment_id, customer_id, position, before_outcome, after_outcome, before, after, exposure, currency)
      values (${impact!.id}, ${segmentId}, ${customerId}, 0, 'approve', 'refer', '{}', '{}', 1, 'CNY')`
    const result = {
      policy: { id: policyId, version, hash },
      outcome: 'approve' as const,
      isUnknown: false,
      outputs: {},
      reasons: [],
      requirements: [],
      events: [],
      missing: [],
    }
    const decision = await recordDecision(tx, {
      segmentId,
      customerId,
      kind: 'assessment',
      policyId,
      policyVersion: version,
      policyHash: hash,
      asOf: '2026-03-05',
      facts: {},
      result,
    })
    const [hold] =
      await tx`insert into holds (segment_id, account_id, customer_id, source, order_number, currency, amount, request, decision_id, created_at, updated_at)
      values (${segmentId}, ${accountId}, ${customerId}, 'test', 'O1', 'CNY', 5, '{}', ${decision.id}, ${tx.now}, ${tx.now}) returning id`
    await tx`insert into hold_reasons (segment_id, hold_id, code, text, created_at) values (${segmentId}, ${hold!['id']}, 'X', '{}', ${tx.now})`
    await tx`insert into order_reservations (segment_id, account_id, order_number, source, currency, amount, expires_at, created_at) values (${segmentId}, ${accountId}, 'O2', 'test', 'CNY', 5, ${tx.now}, ${tx.now})`
    await tx`insert into order_checks (segment_id, account_id, key, request_hash, source, order_number, checkpoint, currency, amount, action, policy_id, policy_version, response, checked_at)
      values (${segmentId}, ${accountId}, 'k', ${Buffer.alloc(32)}, 'test', 'O2', 'entered', 'CNY', 5, 'release', ${policyId}, ${version}, '{}', ${tx.now})`
    const submitted = await submitApplication(tx, { key: 'a', customerId, segmentId, requestedLimit: '5000' })
    if (submitted.kind !== 'ok') throw new Error(submitted.kind)
    await recordAssessment(tx, submitted.value.id, {
      round: 1,
      assessmentId: decision.id,
      grade: 'B',
      score: 70,
      recommendedLimit: '4000',
      levels: [1],
    })
    await attendApproval(tx, (await findApprovalOf(tx, 'credit_application', submitted.value.id))!.id, tx.now)
  })
  await world.as(approver, async tx => {
    const [open] = await tx<{ id: string; version: number; approval_id: string }[]>`select id, version, approval_id from tasks`
    const content = (async function* () {
      yield Buffer.from('figures')
    })()
    expect(await attachFile(tx, { approvalId: open!.approval_id, fileName: 'a.txt', mediaType: 'text/plain', content })).toMatchObject({
      kind: 'ok',
    })
    expect(await discussTask(tx, { id: open!.id, text: 'why?' })).toMatchObject({ kind: 'ok' })
    const further = await makeUser(world, [{ role: 'approver', authorityLevel: 1 }])
    expect(await addSignatory(tx, { id: open!.id, version: open!.version, person: further.personId })).toMatchObject({ kind: 'ok' })
  })
  await world.as(approver, async tx => {
    const [task] = await tx<{ id: string; version: number }[]>`select id, version from tasks`
    expect(await decideTask(tx, { id: task!.id, version: task!.version, outcome: 'approve' })).toMatchObject({ kind: 'ok' })
  })
  await asActor(world.sql, industrialOnly(), async tx => {
    await once(tx, 'effect', async () => 1)
    await enqueue(tx, { topic: 'workflow', key: 'k', payload: { kind: 'applicationChanged', applicationId: '1', segmentId } })
  })
})

/** A row of each table that nothing above fills; what it refers to need not be there. */
const ROWS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  alerts: {
    customer_id: 1,
    indicator: 'x',
    severity: 'warn',
    reason_code: 'X',
    message: {},
    decision_id: 1,
    opened_on: '2026-01-01',
    opened_at: '2026-01-01',
    seen_at: '2026-01-01',
  },
  application_claims: { payment_id: 1, invoice_number: 'I', amount: 1, claimed_on: '2026-01-01' },
  check_exclusions: { scope: 'all', kind: 'x', valid_from: '2026-01-01', expires_on: '2026-01-02', reason: 'x', created_at: '2026-01-01' },
  collection_contacts: { customer_id: 1, at: '2026-01-01', channel: 'call', outcome: 'reached' },
  credit_groups: {
    code: 'G',
    currency: 'CNY',
    limit_kind: 'none',
    valid_from: '2026-01-01',
    created_at: '2026-01-01',
    updated_at: '2026-01-01',
  },
  dunning_cases: { customer_id: 1, opened_on: '2026-01-01' },
  dunning_fees: { case_id: 1, level: 3, letter_id: 1, amount: 1, currency: 'CNY', charged_on: '2026-01-01' },
  dunning_letter_items: { letter_id: 1, document_id: 1, level: 1, open_amount: 1, days_past_due: 1, interest_rate: 0, interest: 0 },
  dunning_letters: {
    customer_id: 1,
    run_on: '2026-01-01',
    kind: 'remind',
    level: 1,
    channel: 'email',
    currency: 'CNY',
    total: 1,
    pay_by: '2026-01-08',
    policy_id: 'p',
    policy_version: 1,
    created_at: '2026-01-01',
  },
  indicator_values: { customer_id: 1, fact: 'overdueDays', day: '2026-01-01', value: 1 },
  limit_events: { account_id: 1, limit_id: 1, kind: 'temporary-began', at: '2026-01-01' },
  mails: {
    key: 'k',
    template: 'mail.test',
    language: 'en',
    address: 'a@example.com',
    params: {},
    next_attempt_at: '2026-01-01',
    created_at: '2026-01-01',
  },
  reconciliation_findings: { reconciliation_id: 1, kind: 'missing-here', customer_number: 'C', currency: 'CNY' },
  reconciliations: { kind: 'ledger', as_of: '2026-01-01', counts: {}, totals: {}, finding_count: 0, created_at: '2026-01-01' },
  record_keys: { source: 's', key: 'k', kind: 'invoices', number: 'I', content_hash: Buffer.alloc(32), received_at: '2026-01-01' },
  record_versions: { source: 's', kind: 'invoices', number: 'I', sequence: 1, content_hash: Buffer.alloc(32) },
  security_documents: { security_id: 1, name: 'x', sha256: Buffer.alloc(32), size: 1, created_at: '2026-01-01' },
  webhook_deliveries: { webhook_id: 1, message_id: 'm', event: 'x', payload: {}, next_attempt_at: '2026-01-01', created_at: '2026-01-01' },
  webhooks: {
    name: 'x',
    url: 'https://example.com',
    events: ['x'],
    secret: Buffer.alloc(32),
    created_at: '2026-01-01',
    updated_at: '2026-01-01',
  },
}

async function fillTheRest(): Promise<void> {
  const owner = postgres(world.ownerUrl, { max: 1, onnotice: () => {} })
  await owner.begin(async tx => {
    // Nothing here is about what a row refers to.
    await tx`set local session_replication_role = replica`
    await tx`select set_config('surety.segments', '*', true)`
    for (const [table, row] of Object.entries(ROWS))
      await tx`insert into ${tx(table)} ${tx({ ...row, segment_id: world.industrial.id } as never)}`
    await tx`insert into demo_inbox (message_id, recipient, subject, body, received_at) values ('m', 'a@example.com', 's', 'b', now())`
  })
  await owner.end()
}

describe('row-level security', () => {
  beforeAll(fillTheRest)

  it('binds every table of the catalog that is not shared for a reason, and the application role cannot step around it', async () => {
    for (const { name, secured, forced } of await tables()) {
      if (name in SHARED) continue
      expect({ name, secured, forced }).toEqual({ name, secured: true, forced: true })
    }
  })

  it('shows nothing of any such table to an actor of another segment, and nothing at all when no segment is set', async () => {
    const empty: string[] = []
    for (const { name } of await tables()) {
      if (name in SHARED) continue
      const all = await world.asSystem(tx => tx`select from ${tx(name)}`)
      if (all.length === 0) empty.push(name)
      const seen = await asActor(world.sql, consumerOnly(), tx => tx`select * from ${tx(name)}`)
      expect([name, seen.filter(row => row['segment_id'] !== world.consumer.id)]).toEqual([name, []])
      expect([name, (await world.sql`select from ${world.sql(name)}`).length]).toEqual([name, 0])
    }
    // A table without rows proves nothing: fill it above. Staging rows live only while an import runs.
    expect(empty.filter(name => !name.startsWith('import_'))).toEqual([])
  })

  it('keeps an actor from writing into another segment', async () => {
    const { accountId } = await makeCustomer(world)
    await expect(
      asActor(world.sql, consumerOnly(), tx => setLimit(tx, { accountId, kind: 'unlimited', reason: 'x' })),
    ).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' })
    await expect(
      asActor(
        world.sql,
        consumerOnly(),
        tx =>
          tx`insert into credit_limits (account_id, segment_id, kind, currency, valid_from, reason, created_at) values (${accountId}, ${world.industrial.id}, 'none', 'CNY', '2026-01-01', 'x', ${tx.now})`,
      ),
    ).rejects.toThrow(/row-level security/)
  })

  it('lets an actor of one segment make a customer and see it', async () => {
    const { customer, isNew } = await asActor(world.sql, consumerOnly(), tx =>
      createCustomer(tx, { number: 'NEW-1', name: 'New' }, { segmentId: world.consumer.id, currency: 'CNY' }),
    )
    expect(isNew).toBe(true)
    expect(await asActor(world.sql, consumerOnly(), tx => findCustomer(tx, customer.id))).toMatchObject({ number: 'NEW-1' })
    expect(await asActor(world.sql, industrialOnly(), tx => findCustomer(tx, customer.id))).toBeUndefined()
  })

  it('gives a customer that another segment knows already an account here, and the other account stays hidden', async () => {
    const { customerId, number } = await makeCustomer(world)
    const opened = await asActor(world.sql, consumerOnly(), tx =>
      createCustomer(tx, { number, name: 'Same' }, { segmentId: world.consumer.id, currency: 'CNY' }),
    )
    expect(opened).toMatchObject({ isNew: false, customer: { id: customerId } })
    const page = await asActor(world.sql, consumerOnly(), tx => listCustomers(tx, { query: number }, { field: 'name' }, {}))
    expect(page.edges.map(({ node }) => node.account.segmentId)).toEqual([world.consumer.id])
  })

  it('lists the segments that an actor sees', async () => {
    expect((await asActor(world.sql, consumerOnly(), listSegments)).map(({ code }) => code)).toEqual(['consumer'])
    expect(await world.asSystem(listSegments)).toHaveLength(2)
  })

  it('stores a file again for a segment that does not see the first copy', async () => {
    const content = async function* () {
      yield Buffer.from('file')
    }
    const { sha256 } = await asActor(world.sql, consumerOnly(), tx => putBlob(tx, content()))
    await expect(asActor(world.sql, consumerOnly(), tx => readBlob(tx, sha256).next())).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' })
    await asActor(
      world.sql,
      consumerOnly(),
      tx =>
        tx`insert into imports (segment_id, file_name, blob_sha256, status, created_at) values (${world.consumer.id}, 'b.csv', decode(${sha256}, 'hex'), 'uploaded', ${tx.now})`,
    )
    const piece = await asActor(world.sql, consumerOnly(), tx => readBlob(tx, sha256).next())
    expect(Buffer.from(piece.value as Uint8Array).toString()).toBe('file')
  })
})
