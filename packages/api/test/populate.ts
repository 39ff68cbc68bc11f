import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Decision, Policy } from '@surety/engine'
import {
  actorOf,
  addDocuments,
  addPayments,
  addStatement,
  asActor,
  createCustomer,
  createImport,
  createWebhook,
  reconcileExtract,
  attendApproval,
  findApprovalOf,
  tasksOf,
  publishPolicy,
  recordAssessment,
  recordDecision,
  setLimit,
  submitApplication,
  SYSTEM,
  type PolicyVersion,
  type Segment,
  type Tx,
  type User,
} from '@surety/store'
import { valueOf } from '../src/errors.ts'
import type { TestApi } from './support.ts'

/** Ids of one thing of each sort; whatever has words in it carries the mark. */
export interface Populated {
  readonly mark: string
  readonly maker: User
  readonly customerId: string
  readonly accountId: string
  readonly decisionId: string
  readonly applicationId: string
  readonly taskId: string
  readonly approvalId: string
  readonly importId: string
  readonly webhookId: string
  readonly reconciliationId: string
}

const ASSESSMENT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../rules/assessment/trade-credit/policy.json'), 'utf8'),
) as Policy

/** Puts one of everything into a segment. */
export async function populate(api: TestApi, segment: Segment, mark: string): Promise<Populated> {
  const maker = await api.addUser(`maker-${mark}`, [{ role: 'sales', segmentId: segment.id, authorityLevel: null }])
  const asSystem = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => asActor(api.sql, SYSTEM, fn)
  const { customer, accountId } = await asSystem(tx =>
    createCustomer(
      tx,
      {
        number: `${mark}-1`,
        name: `${mark} Trading`,
        contacts: [{ name: `${mark} Contact`, email: `${mark}@example.com` }],
        industry: { scheme: 'NACE', code: 'C20' },
      },
      { segmentId: segment.id, currency: segment.currency },
    ),
  )
  const common = { segmentId: segment.id, customerId: customer.id, source: 'file', currency: segment.currency }
  await asSystem(async tx => {
    await addDocuments(tx, [
      { ...common, type: 'invoice', number: `${mark}-INV-1`, issuedOn: '2026-01-05', dueOn: '2026-02-04', amount: '1000.00' },
      { ...common, type: 'invoice', number: `${mark}-INV-2`, issuedOn: '2026-02-10', dueOn: '2026-03-12', amount: '250.50' },
      { ...common, type: 'order', number: `${mark}-ORD-1`, issuedOn: '2026-02-20', dueOn: '2026-03-20', amount: '400.00' },
    ])
    await addPayments(tx, [{ ...common, number: `${mark}-PAY-1`, receivedOn: '2026-02-15', amount: '75.25' }])
    await addStatement(tx, {
      customerId: customer.id,
      periodEnd: '2025-12-31',
      periodMonths: 12,
      receivedOn: '2026-02-01',
      currency: segment.currency,
      audited: true,
      items: { totalAssets: '5000' },
      source: mark,
    })
    await setLimit(tx, { accountId, kind: 'amount', amount: '5000', paymentTermsDays: 30, reason: `${mark} first limit` })
  })
  const policy = await asSystem(tx => publishPolicy(tx, ASSESSMENT))
  const decision = await asSystem(tx => recordDecision(tx, decisionOf(policy, segment, customer.id, mark)))
  const application = valueOf(
    await asActor(api.sql, actorOf(maker), tx =>
      submitApplication(tx, {
        key: `${mark}-application`,
        customerId: customer.id,
        segmentId: segment.id,
        requestedLimit: '9000',
        purpose: `${mark} purpose`,
      }),
    ),
  )
  const task = await asSystem(async tx => {
    await recordAssessment(tx, application.id, {
      round: 1,
      assessmentId: decision.id,
      recommendationId: decision.id,
      authorityId: decision.id,
      recommendedLimit: '8000',
      grade: 'B',
      score: 71,
      levels: [1, 2],
    })
    await attendApproval(tx, (await findApprovalOf(tx, 'credit_application', application.id))!.id, tx.now)
    return (await tasksOf(tx, [application.id])).get(application.id)![0]
  })
  const imported = await asActor(api.sql, SYSTEM, tx =>
    createImport(tx, { fileName: `${mark}.csv`, segmentId: segment.id, content: oneChunk('number,amount\n') }),
  )
  const webhook = await asSystem(tx =>
    createWebhook(tx, {
      segmentId: segment.id,
      name: `${mark} hook`,
      url: 'https://erp.example.com/hooks',
      events: ['limit.changed'],
      sealedSecret: Buffer.alloc(64),
    }),
  )
  const reconciliation = await asActor(api.sql, SYSTEM, tx =>
    reconcileExtract(tx, {
      segmentId: segment.id,
      source: 'file',
      items: [{ type: 'invoice', number: `${mark}-INV-9`, customerNumber: `${mark}-1`, currency: segment.currency, openAmount: '9' }],
    }),
  )
  return {
    mark,
    maker,
    customerId: customer.id,
    accountId,
    decisionId: decision.id,
    applicationId: application.id,
    taskId: task!.id,
    approvalId: task!.approvalId,
    importId: imported.id,
    webhookId: webhook.id,
    reconciliationId: reconciliation.id,
  }
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

function decisionOf(
  { policyId, version, hash }: PolicyVersion,
  segment: Segment,
  customerId: string,
  mark: string,
): Parameters<typeof recordDecision>[1] {
  return {
    segmentId: segment.id,
    customerId,
    kind: 'assessment',
    policyId,
    policyVersion: version,
    policyHash: hash,
    asOf: '2026-03-01',
    facts: { note: `${mark} fact` },
    result: { outcome: 'approve', outputs: {}, reasons: [], trace: [] } as unknown as Decision,
    subject: `customer:${customerId}`,
  }
}
