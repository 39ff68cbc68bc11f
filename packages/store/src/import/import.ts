import type { Text } from '@surety/engine'
import { selectPage, type Page, type PageRequest } from '../page.ts'
import { appendAudit } from '../audit.ts'
import { putBlob } from '../blobs.ts'
import { publishChange } from '../live.ts'
import { enqueue } from '../outbox.ts'
import { NOT_FOUND, ok, type Issue, type Result } from '../result.ts'
import type { Tx } from '../sql.ts'
import { IMPORT_KINDS, importFields, type ImportKind } from './fields.ts'
import { headerHash } from './header.ts'
import { DELIMITERS } from './reading/csv.ts'
import { ENCODINGS } from './reading/encoding.ts'
import type { TableFormat } from './reading/table.ts'
import { dropStagingTable } from './staging-table.ts'
import type { ImportChange, ImportCounts } from './preview.ts'
import type { ImportMapping } from './suggest-mapping.ts'
import { DECIMAL_SEPARATORS, type DecimalSeparator } from './values/amount.ts'
import { DATE_ORDERS, type DateOrder } from './values/date.ts'

/**
 * uploaded: waiting to be read, or for an answer that `error` asks for · staging: being read · ready: read, previewed, waiting ·
 * applying · applied · cancelled · failed: can't be read at all, `error` says why.
 */
export type ImportStatus = 'uploaded' | 'staging' | 'ready' | 'applying' | 'applied' | 'cancelled' | 'failed'

export interface ImportFormat extends Partial<TableFormat> {
  readonly dateFormat?: DateOrder
  readonly decimalSeparator?: DecimalSeparator
  /** The row that the header was found in. */
  readonly headerRow?: number
}

export interface Import {
  readonly id: string
  readonly segmentId: number
  /** Null until it is detected or chosen. */
  readonly kind: ImportKind | null
  readonly source: string
  readonly fileName: string
  readonly status: ImportStatus
  readonly format: ImportFormat
  readonly columns: readonly string[]
  readonly mapping: ImportMapping
  /** The first rows as read. */
  readonly sample: readonly (readonly string[])[]
  readonly counts: ImportCounts | null
  readonly changes: readonly ImportChange[]
  readonly rowsTotal: number | null
  readonly rowsDone: number
  readonly cancelRequested: boolean
  readonly error: { readonly code: string; readonly message: Text } | null
  readonly createdBy: string | null
  readonly createdAt: Date
  readonly appliedAt: Date | null
  readonly version: number
}

export interface ImportError {
  readonly row: number
  readonly column: string | null
  readonly code: string
  readonly message: Text
  readonly value: string | null
}

export interface NewImport {
  readonly fileName: string
  readonly segmentId: number
  /** Bytes of a CSV file or workbook. */
  readonly content: AsyncIterable<Uint8Array>
  /** Detected when left out. */
  readonly kind?: ImportKind
  readonly mapping?: ImportMapping
  readonly format?: ImportFormat
  /** The books that the numbers come from: the same number in other books is another document. */
  readonly source?: string
  readonly maxBytes?: number
}

/** Takes a file in. Stage it next, or `requestImport` the workflow to do so. */
export async function createImport(tx: Tx, input: NewImport): Promise<Import> {
  const fileName = input.fileName.split(/[/\\]/).at(-1)!.slice(0, 200) || 'file'
  const blob = await putBlob(tx, input.content, { ...(input.maxBytes !== undefined && { maxBytes: input.maxBytes }) })
  return insertImport(tx, { ...input, fileName, sha256: blob.sha256 })
}

export async function findImport(tx: Tx, id: string): Promise<Import | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined
  const [row] = await tx<ImportRow[]>`select * from imports where id = ${id}`
  return row && toImport(row)
}

/** Newest first. */
export async function listImports(tx: Tx, page: PageRequest): Promise<Page<Import>> {
  return selectPage<ImportRow, Import>(
    tx,
    tx`select i.*, i.id as page_id, i.id::numeric as page_key from imports i`,
    'numeric',
    true,
    page,
    toImport,
  )
}

/** In the order of the file. */
export async function importErrors(tx: Tx, importId: string, page: PageRequest): Promise<Page<ImportError>> {
  const matched = tx`select e.*, e.id as page_id, e.row_number::numeric as page_key from import_errors e where e.import_id = ${importId}`
  return selectPage<ErrorRow, ImportError>(tx, matched, 'numeric', false, page, toError)
}

export interface ImportChoices {
  readonly id: string
  readonly version: number
  readonly kind: ImportKind
  readonly segmentId: number
  readonly format?: ImportFormat
  readonly mapping: ImportMapping
}

/** Chooses or corrects how a file is read, and remembers it for files with the same header. The file has to be staged anew. */
export async function configureImport(tx: Tx, choices: ImportChoices): Promise<Result<Import>> {
  const [row] = await tx<ImportRow[]>`select * from imports where id = ${choices.id} for update`
  if (!row) return NOT_FOUND
  const found = toImport(row)
  if (found.version !== choices.version || !['uploaded', 'ready', 'failed'].includes(found.status))
    return { kind: 'conflict', current: found }
  const issues = checkChoices(choices, found)
  if (issues.length > 0) return { kind: 'invalid', issues }
  const format = withoutNothing({ ...found.format, ...choices.format })
  // Another sheet, delimiter or encoding is another header: what was mapped for the old one is not carried over.
  const isOtherTable = (['encoding', 'delimiter', 'sheet'] as const).some(
    key => choices.format?.[key] !== undefined && choices.format[key] !== found.format[key],
  )
  const mapping = isOtherTable ? {} : choices.mapping
  const [changed] = await tx<ImportRow[]>`
    update imports set
      kind = ${choices.kind}, segment_id = ${choices.segmentId}, format = ${tx.json(format)}, mapping = ${tx.json(mapping)},
      status = 'uploaded', counts = '{}', preview = '[]', error = null, rows_done = 0, cancel_requested = false, version = version + 1
    where id = ${choices.id} returning *`
  await tx`update import_errors set segment_id = ${choices.segmentId} where import_id = ${choices.id}`
  // An empty mapping asks for a suggestion; it is not what somebody chose.
  if (found.columns.length > 0 && !isOtherTable && Object.keys(mapping).length > 0)
    await rememberMapping(tx, { ...found, segmentId: choices.segmentId, kind: choices.kind, mapping, format })
  await publishChange(tx, { entity: 'Import', id: choices.id, segmentId: choices.segmentId })
  return ok(toImport(changed!))
}

/** Marks a ready import as wanted; whoever then runs `applyImport` does it. */
export async function approveImport(tx: Tx, { id, version }: { readonly id: string; readonly version: number }): Promise<Result<Import>> {
  const [row] = await tx<ImportRow[]>`select * from imports where id = ${id} for update`
  if (!row) return NOT_FOUND
  if (Number(row.version) !== version || row.status !== 'ready') return { kind: 'conflict', current: toImport(row) }
  const [changed] = await tx<
    ImportRow[]
  >`update imports set status = 'applying', rows_done = 0, cancel_requested = false where id = ${id} returning *`
  await publishChange(tx, { entity: 'Import', id, segmentId: row.segment_id })
  return ok(toImport(changed!))
}

/** Asks the workflow for the next step of an import, in the transaction that made it possible. */
export async function requestImport(tx: Tx, { id, segmentId, version }: Import, step: 'stage' | 'apply'): Promise<void> {
  await enqueue(tx, {
    topic: 'workflow',
    key: `import-${id}-${step}-${version}`,
    payload: { kind: 'importRequested', importId: id, segmentId, step, version },
  })
}

/** Stops an import that is not applied yet: at once when nobody works on it, else at the worker's next step. */
export async function cancelImport(tx: Tx, id: string): Promise<Result<Import>> {
  const [row] = await tx<ImportRow[]>`select * from imports where id = ${id} for update`
  if (!row) return NOT_FOUND
  if (['applied', 'cancelled', 'failed'].includes(row.status)) return { kind: 'conflict', current: toImport(row) }
  const isIdle = row.status === 'uploaded' || row.status === 'ready'
  if (isIdle) await dropStagingTable(tx, id)
  const [changed] = await tx<ImportRow[]>`
    update imports set cancel_requested = true, status = ${isIdle ? 'cancelled' : row.status} where id = ${id} returning *`
  await appendAudit(tx, {
    action: 'import.cancel',
    entity: 'Import',
    entityId: id,
    segmentId: row.segment_id,
    before: { status: row.status },
    after: { status: changed!.status },
  })
  await publishChange(tx, { entity: 'Import', id, segmentId: row.segment_id })
  return ok(toImport(changed!))
}

/** The kind, mapping and format that were chosen for these columns the last time. */
export async function recallMapping(
  tx: Tx,
  segmentId: number,
  columns: readonly string[],
): Promise<{ kind: ImportKind; mapping: ImportMapping; format: ImportFormat } | undefined> {
  const [row] = await tx<{ kind: ImportKind; mapping: ImportMapping; format: ImportFormat }[]>`
    select kind, mapping, format from import_mappings where segment_id = ${segmentId} and header_hash = ${headerHash(columns)}`
  return row
}

export async function rememberMapping(tx: Tx, found: Pick<Import, 'segmentId' | 'columns' | 'kind' | 'mapping' | 'format'>): Promise<void> {
  // How one file was written says little about the next; what its letters mean does.
  const format = withoutNothing({ dateFormat: found.format.dateFormat, decimalSeparator: found.format.decimalSeparator })
  await tx`
    insert into import_mappings (segment_id, header_hash, kind, mapping, format, updated_at)
    values (${found.segmentId}, ${headerHash(found.columns)}, ${found.kind}, ${tx.json(found.mapping)}, ${tx.json(format)}, ${tx.now})
    on conflict (segment_id, header_hash) do update set kind = excluded.kind, mapping = excluded.mapping, format = excluded.format, updated_at = excluded.updated_at`
}

export interface ImportRow {
  readonly id: string
  readonly segment_id: number
  readonly kind: ImportKind | null
  readonly source: string
  readonly file_name: string
  readonly blob_sha256: Buffer | null
  readonly status: ImportStatus
  readonly format: ImportFormat
  readonly columns: string[]
  readonly mapping: ImportMapping
  readonly sample: string[][]
  readonly counts: ImportCounts | Record<string, never>
  readonly preview: ImportChange[]
  readonly rows_total: string | null
  readonly rows_done: string
  readonly cancel_requested: boolean
  readonly error: { code: string; en: string; zh: string } | null
  readonly created_by: string | null
  readonly created_at: Date
  readonly applied_at: Date | null
  readonly version: number
}

export function toImport(row: ImportRow): Import {
  return {
    id: row.id,
    segmentId: row.segment_id,
    kind: row.kind,
    source: row.source,
    fileName: row.file_name,
    status: row.status,
    format: row.format,
    columns: row.columns,
    mapping: row.mapping,
    sample: row.sample,
    counts: 'rows' in row.counts ? (row.counts as ImportCounts) : null,
    changes: row.preview,
    rowsTotal: row.rows_total === null ? null : Number(row.rows_total),
    rowsDone: Number(row.rows_done),
    cancelRequested: row.cancel_requested,
    error: row.error && { code: row.error.code, message: { en: row.error.en, zh: row.error.zh } },
    createdBy: row.created_by,
    createdAt: row.created_at,
    appliedAt: row.applied_at,
    version: row.version,
  }
}

async function insertImport(tx: Tx, input: Omit<NewImport, 'content'> & { sha256: string }): Promise<Import> {
  const [row] = await tx<ImportRow[]>`
    insert into imports (segment_id, kind, source, file_name, blob_sha256, status, format, mapping, created_by, created_at)
    values (${input.segmentId}, ${input.kind ?? null}, ${input.source ?? 'file'}, ${input.fileName}, decode(${input.sha256}, 'hex'), 'uploaded',
      ${tx.json((input.format ?? {}) as never)}, ${tx.json(input.mapping ?? {})}, ${tx.actor.userId ?? null}, ${tx.now})
    returning *`
  const created = toImport(row!)
  await appendAudit(tx, {
    action: 'import.create',
    entity: 'Import',
    entityId: created.id,
    segmentId: created.segmentId,
    after: { fileName: created.fileName, sha256: input.sha256 },
  })
  await publishChange(tx, { entity: 'Import', id: created.id, segmentId: created.segmentId })
  return created
}

/** All that is wrong with how somebody wants a file read. */
function checkChoices(
  { kind, format, mapping }: Pick<ImportChoices, 'kind' | 'format' | 'mapping'>,
  found: Pick<Import, 'columns'>,
): Issue[] {
  const issues: Issue[] = []
  const issue = (path: readonly string[], code: string, en: string, zh: string): void => {
    issues.push({ path, code, message: { en, zh } })
  }
  if (!IMPORT_KINDS.includes(kind)) {
    issue(
      ['kind'],
      'UNKNOWN_KIND',
      `${JSON.stringify(kind)} is no kind of import; choose one of ${IMPORT_KINDS.join(', ')}.`,
      `没有“${String(kind)}”这种导入类型；可选：${IMPORT_KINDS.join('、')}。`,
    )
    return issues
  }
  const oneOf = (path: string, value: string | undefined, known: readonly string[]): void => {
    if (value !== undefined && !known.includes(value))
      issue(
        ['format', path],
        'UNKNOWN_FORMAT',
        `${JSON.stringify(value)} is not possible; choose one of ${known.map(each => JSON.stringify(each)).join(', ')}.`,
        `${JSON.stringify(value)} 不可用；可选：${known.map(each => JSON.stringify(each)).join('、')}。`,
      )
  }
  oneOf('encoding', format?.encoding, ENCODINGS)
  oneOf('delimiter', format?.delimiter, DELIMITERS)
  oneOf('dateFormat', format?.dateFormat, DATE_ORDERS)
  oneOf('decimalSeparator', format?.decimalSeparator, DECIMAL_SEPARATORS)
  const fields = importFields(kind)
  for (const [key, column] of Object.entries(mapping)) {
    if (!fields.some(field => field.key === key))
      issue(
        ['mapping', key],
        'UNKNOWN_FIELD',
        `${JSON.stringify(key)} is no field of ${kind}; there are ${fields.map(field => field.key).join(', ')}.`,
        `${kind} 没有字段“${key}”；可用字段：${fields.map(field => field.key).join('、')}。`,
      )
    else if (found.columns.length > 0 && !found.columns.includes(column))
      issue(
        ['mapping', key],
        'UNKNOWN_COLUMN',
        `The file has no column ${JSON.stringify(column)}; it has ${found.columns.join(', ')}.`,
        `文件中没有列“${String(column)}”；现有：${found.columns.join('、')}。`,
      )
  }
  return issues
}

interface ErrorRow {
  readonly row_number: string
  readonly column_name: string | null
  readonly code: string
  readonly message_en: string
  readonly message_zh: string
  readonly value: string | null
}

function toError(row: ErrorRow): ImportError {
  return {
    row: Number(row.row_number),
    column: row.column_name,
    code: row.code,
    message: { en: row.message_en, zh: row.message_zh },
    value: row.value,
  }
}

function withoutNothing<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null)) as T
}
