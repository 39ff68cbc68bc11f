import { asActor, type Actor, type Sql } from '../sql.ts'
import { applyImport } from './apply-import.ts'
import type { ImportKind } from './fields.ts'
import { createRecordImport, type Import } from './import.ts'
import { recordRows } from './records-table.ts'
import type { ImportRunOptions } from './import-run.ts'
import { stageRecords } from './stage-import.ts'

export interface IngestInput extends ImportRunOptions {
  /** How the delivery is called in the list of imports. */
  readonly name: string
  readonly segmentId: number
  readonly kind: ImportKind
  /** Objects whose keys are fields of the kind: see `importFields`. */
  readonly records: AsyncIterable<unknown> | Iterable<unknown>
  readonly source?: string
}

/** Takes records in and applies those that are right, in one go; the import that comes back says which were not. */
export async function ingestRecords(sql: Sql, actor: Actor, input: IngestInput): Promise<Import> {
  const created = await asActor(sql, actor, tx => createRecordImport(tx, input))
  const staged = await stageRecords(sql, actor, created.id, recordRows(input.kind, input.records), input)
  return staged.status === 'ready' ? applyImport(sql, actor, created.id, input) : staged
}
