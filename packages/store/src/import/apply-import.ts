import { setTimeout as sleep } from 'node:timers/promises'
import { appendAudit } from '../audit.ts'
import { publishChange } from '../live.ts'
import { asActor, type Actor, type Sql, type Tx } from '../sql.ts'
import { applyPlan } from './apply-plan.ts'
import { rememberMapping, toImport, type Import, type ImportRow } from './import.ts'
import { planImport, planSubject } from './plan.ts'
import { countPlan, type ImportCounts } from './preview.ts'
import { recordPlanErrors } from './row-errors.ts'
import { countStaged, dropStagingTable } from './staging-table.ts'
import { ImportRun, type ImportRunOptions } from './import-run.ts'
import { stageImport } from './stage-import.ts'

/**
 * Brings what was staged into the book: all right rows in one transaction, or nothing. Running it again after a crash or
 * after it was done is harmless. Imports into one segment take turns.
 */
export async function applyImport(sql: Sql, actor: Actor, importId: string, options: ImportRunOptions = {}): Promise<Import> {
  const run = new ImportRun(sql, actor, importId, options)
  const begun = await run.begin('applying', ['ready', 'applying'])
  if (begun.kind === 'over') return begun.import
  if (!(await isStillStaged(run, begun.row))) {
    await asActor(sql, run.everywhere, tx => tx`update imports set status = 'uploaded' where id = ${importId}`)
    const staged = await stageImport(sql, actor, importId, options)
    if (staged.status !== 'ready') return staged
    return applyImport(sql, actor, importId, options)
  }
  try {
    for (;;) {
      const applied = await asActor(sql, run.everywhere, async tx =>
        (await takeTurn(tx, begun.row.segment_id)) ? applyStaged(run, tx) : undefined,
      )
      if (applied) return applied
      await run.step('waiting', 0, null)
      await sleep(250, undefined, { ...(options.signal && { signal: options.signal }) })
    }
  } catch (error) {
    return await run.endBy(error)
  }
}

/** Whoever brings documents into a segment holds it, by the segment's id. */
export const SEGMENT_LOCK = 58_230_022

async function takeTurn(tx: Tx, segmentId: number): Promise<boolean> {
  const [lock] = await tx<{ held: boolean }[]>`select pg_try_advisory_xact_lock(${SEGMENT_LOCK}, ${segmentId}) as held`
  return lock!.held
}

async function applyStaged(run: ImportRun, tx: Tx): Promise<Import> {
  await run.claim(tx)
  const [row] = await tx<ImportRow[]>`select * from imports where id = ${run.importId}`
  if (row!.status !== 'applying') return toImport(row!)
  const found = toImport(row!)
  const subject = planSubject(row!, found.kind!, row!.blob_sha256 === null || found.mapping['settledOn'] !== undefined)
  const total = Number(row!.rows_total)
  await run.step('applying', 0, total)
  // The book may have moved since the preview, so everything is judged again.
  await planImport(tx, subject)
  await recordPlanErrors(tx, subject, field => found.mapping[field])
  const stagedRows = (row!.counts as ImportCounts & { staged: number }).staged
  const counts = await countPlan(tx, subject, total - stagedRows)
  await applyPlan(tx, subject, rowsDone => run.step('applying', rowsDone, total))
  await appendAudit(tx, {
    action: 'import.apply',
    entity: 'Import',
    entityId: run.importId,
    segmentId: found.segmentId,
    key: `import-${run.importId}-applied`,
    after: { fileName: found.fileName, kind: found.kind, ...counts },
  })
  if (found.columns.length > 0) await rememberMapping(tx, found)
  await publishCustomers(tx, found.segmentId)
  await dropStagingTable(tx, run.importId)
  const [applied] = await tx<ImportRow[]>`
    update imports set status = 'applied', applied_at = ${tx.now}, counts = ${tx.json(counts as never)}, rows_done = ${total}, version = version + 1
    where id = ${run.importId} returning *`
  await publishChange(tx, { entity: 'Import', id: run.importId, segmentId: found.segmentId })
  return toImport(applied!)
}

// Pages about more customers than this are reloaded by the change of the import.
const MOST_TOLD_CUSTOMERS = 200

async function publishCustomers(tx: Tx, segmentId: number): Promise<void> {
  const customers = await tx<{ id: string }[]>`
    select pc.customer_id::text as id from plan_customers pc join plan_uses u on u.number = pc.number and u.is_changed
    where pc.customer_id is not null limit ${MOST_TOLD_CUSTOMERS + 1}`
  if (customers.length > MOST_TOLD_CUSTOMERS) return
  for (const { id } of customers) await publishChange(tx, { entity: 'Customer', id, customerId: id, segmentId })
}

async function isStillStaged(run: ImportRun, row: ImportRow): Promise<boolean> {
  const counts = row.counts as Partial<ImportCounts & { staged: number }>
  return asActor(run.sql, run.everywhere, async tx => (await countStaged(tx, run.importId)) === counts.staged)
}
