import { readBlob } from '../blobs.ts'
import { publishChange } from '../live.ts'
import { asActor, today, type Actor, type Sql } from '../sql.ts'
import { rowConverter } from './convert-row.ts'
import { toImport, type Import, type ImportRow } from './import.ts'
import { ImportRun, type ImportRunOptions } from './import-run.ts'
import { planImport } from './plan.ts'
import { countPlan, samplePlan } from './preview.ts'
import type { RowProblem } from './problems.ts'
import { FileProblem } from './reading/row.ts'
import { spool } from './reading/spool.ts'
import { addRowErrors, MAX_ROW_ERRORS, recordPlanErrors } from './row-errors.ts'
import { createStagingTable } from './staging-table.ts'
import { understandFile, type Reading } from './understand-file.ts'

/**
 * Reads a file into the staging table and previews what it would change. May run again at any time before the import is
 * applied; ends as `ready`, as `uploaded` with a question in `error`, as `failed`, or as `cancelled`.
 */
export async function stageImport(sql: Sql, actor: Actor, importId: string, options: ImportRunOptions = {}): Promise<Import> {
  const run = new ImportRun(sql, actor, importId, options)
  const begun = await run.begin('staging', ['uploaded', 'staging', 'ready', 'failed'])
  if (begun.kind === 'over') return begun.import
  const { row } = begun
  if (!row.blob_sha256) throw new Error(`Import ${importId} came without a file; its records have to be sent again.`)
  const sha256 = row.blob_sha256.toString('hex')
  const file = await asActor(sql, run.everywhere, tx => spool(readBlob(tx, sha256), options.signal))
  try {
    const reading = await understandFile(run, file, row)
    if (reading.kind === 'question') return await run.ask(reading.code, reading.message)
    return await load(run, reading)
  } catch (error) {
    if (error instanceof FileProblem) return await run.fail(error.code, error.text)
    return await run.endBy(error)
  } finally {
    await file.close()
  }
}

/** Copies the rows, plans, and previews, all in one transaction: a crash leaves nothing behind. */
async function load(run: ImportRun, reading: Reading): Promise<Import> {
  const { header, mapping, subject, segmentId, rowsTotal } = reading
  return asActor(run.sql, run.everywhere, async tx => {
    await run.claim(tx)
    const [segment] = await tx<{ currency: string }[]>`select currency from segments where id = ${segmentId}`
    const convert = rowConverter({
      kind: reading.importKind,
      columns: header.columns,
      mapping,
      dateOrder: reading.dateOrder,
      decimalSeparator: reading.decimalSeparator,
      currency: segment!.currency,
      today: today(tx),
    })
    const problems: RowProblem[] = []
    let wrong = 0
    let read = 0
    const writer = await createStagingTable(tx, run.importId)
    try {
      for await (const batch of reading.rows()) {
        for (const row of batch) {
          if (row.number <= header.rowNumber) continue
          read += 1
          const converted = convert(row)
          if (converted.kind === 'row') {
            if (writer.add(converted.row)) await writer.flush()
          } else {
            wrong += 1
            for (const problem of converted.problems) if (problems.length < MAX_ROW_ERRORS) problems.push(problem)
          }
        }
        await run.step('reading', read, rowsTotal)
      }
      await writer.finish()
    } catch (error) {
      writer.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
    run.options.onProgress?.({ phase: 'checking', rowsDone: read, rowsTotal: read })
    if (read === 0) throw new FileProblem('NO_ROWS', 'There is a header, but no row below it.', '只有表头，没有数据行。')
    await tx`analyze ${tx(`staging.import_${run.importId}`)}`
    await tx`delete from import_errors where import_id = ${run.importId}`
    await addRowErrors(tx, { id: run.importId, segmentId }, problems)
    await planImport(tx, subject)
    await recordPlanErrors(tx, subject, field => mapping[field])
    const counts = { ...(await countPlan(tx, subject, wrong)), staged: writer.count }
    const preview = await samplePlan(tx, subject)
    const [row] = await tx<ImportRow[]>`
      update imports set
        status = 'ready', rows_total = ${read}, rows_done = ${read}, counts = ${tx.json(counts)}, preview = ${tx.json(preview as never)}, error = null
      where id = ${run.importId} returning *`
    await publishChange(tx, { entity: 'Import', id: run.importId, segmentId })
    return toImport(row!)
  })
}
