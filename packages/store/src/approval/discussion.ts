import { groupBy } from '../group.ts'
import { BlobTooLarge, putBlob } from '../blobs.ts'
import { requireUser } from '../applications.ts'
import { NOT_FOUND, ok, type Issue, type Result } from '../result.ts'
import type { Tx } from '../sql.ts'
import { findApproval } from './approval.ts'
import { recordApproval } from './start-approval.ts'

export interface ApprovalComment {
  readonly id: string
  readonly approvalId: string
  readonly taskId: string | null
  readonly personId: string
  readonly person: string
  readonly kind: 'comment' | 'opinion'
  readonly text: string
  readonly at: Date
}

export interface ApprovalAttachment {
  readonly id: string
  readonly approvalId: string
  readonly sha256: string
  readonly fileName: string
  readonly mediaType: string
  readonly size: number
  readonly person: string
  readonly at: Date
}

export interface NewAttachment {
  readonly approvalId: string
  readonly fileName: string
  readonly mediaType: string
  readonly content: AsyncIterable<Uint8Array>
}

export const MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
/** What may be attached: documents and pictures, nothing that a browser would run. */
export const ATTACHMENT_TYPES: Readonly<Record<string, readonly string[]>> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'text/plain': ['txt'],
  'text/csv': ['csv'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
}

/** In the order in which they were said. */
export async function approvalCommentsOf(tx: Tx, approvalIds: readonly string[]): Promise<Map<string, ApprovalComment[]>> {
  const rows = await tx<CommentRow[]>`
    select c.*, p.name as person from approval_comments c join persons p on p.id = c.person_id where c.approval_id = any (${approvalIds as string[]}::bigint[]) order by c.id`
  return groupBy(approvalIds, rows.map(toComment), ({ approvalId }) => approvalId)
}

export async function attachmentsOf(tx: Tx, approvalIds: readonly string[]): Promise<Map<string, ApprovalAttachment[]>> {
  const rows = await tx<AttachmentRow[]>`
    ${selectAttachments(tx)} where a.approval_id = any (${approvalIds as string[]}::bigint[]) order by a.id`
  return groupBy(approvalIds, rows.map(toAttachment), ({ approvalId }) => approvalId)
}

export async function findAttachment(tx: Tx, id: string): Promise<ApprovalAttachment | undefined> {
  const [row] = await tx<AttachmentRow[]>`${selectAttachments(tx)} where a.id = ${id}`
  return row && toAttachment(row)
}

/** Keeps a file with a matter, under a name that is safe to save under; its content is stored once whatever its name. */
export async function attachFile(tx: Tx, { approvalId, fileName, mediaType, content }: NewAttachment): Promise<Result<ApprovalAttachment>> {
  requireUser(tx)
  const approval = await findApproval(tx, approvalId)
  if (!approval) return NOT_FOUND
  const name = safeFileName(fileName)
  const issue = checkType(name, mediaType)
  if (issue) return { kind: 'invalid', issues: [issue] }
  let blob
  try {
    blob = await putBlob(tx, content, { maxBytes: MAX_ATTACHMENT_BYTES })
  } catch (error) {
    if (error instanceof BlobTooLarge) return { kind: 'invalid', issues: [TOO_LARGE] }
    throw error
  }
  await tx`
    insert into approval_attachments (segment_id, approval_id, blob_sha256, file_name, media_type, size, person_id, at)
    values (${approval.segmentId}, ${approvalId}, decode(${blob.sha256}, 'hex'), ${name}, ${mediaType}, ${blob.size}, ${tx.actor.personId!}, ${tx.now})
    on conflict do nothing`
  const [row] = await tx<
    AttachmentRow[]
  >`${selectAttachments(tx)} where a.approval_id = ${approvalId} and a.blob_sha256 = decode(${blob.sha256}, 'hex') and a.file_name = ${name}`
  await recordApproval(tx, approval, { action: 'approval.attach', after: { fileName: name, size: blob.size, sha256: blob.sha256 } })
  return ok(toAttachment(row!))
}

/** A name without folders, control characters or what would turn its end around, at most 120 characters long. */
export function safeFileName(name: string): string {
  const base = name.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  // Control characters, marks that reverse the direction of writing, and what file systems refuse.
  const clean = base
    .replaceAll(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '')
  const dot = clean.lastIndexOf('.')
  const [stem, end] = dot > 0 ? [clean.slice(0, dot), clean.slice(dot)] : [clean, '']
  return `${[...stem].slice(0, 120 - end.length).join('') || 'file'}${end}`
}

const TOO_LARGE: Issue = {
  path: ['file'],
  code: 'FILE_TOO_LARGE',
  message: { en: 'A file has at most 20 MB.', zh: '文件最大 20 MB。' },
}

function checkType(name: string, mediaType: string): Issue | undefined {
  const ends = ATTACHMENT_TYPES[mediaType]
  const end = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  if (ends?.includes(end)) return undefined
  const known = [...new Set(Object.values(ATTACHMENT_TYPES).flat())].join(', ')
  return {
    path: ['file'],
    code: 'FILE_TYPE_NOT_ALLOWED',
    message: {
      en: `${name} (${mediaType}) can't be attached; these can: ${known}.`,
      zh: `不支持附件 ${name}（${mediaType}）；支持：${known}。`,
    },
  }
}

interface CommentRow {
  readonly id: string
  readonly approval_id: string
  readonly task_id: string | null
  readonly person_id: string
  readonly person: string
  readonly kind: ApprovalComment['kind']
  readonly text: string
  readonly at: Date
}

function toComment({ id, approval_id, task_id, person_id, person, kind, text, at }: CommentRow): ApprovalComment {
  return { id, approvalId: approval_id, taskId: task_id, personId: person_id, person, kind, text, at }
}

interface AttachmentRow {
  readonly id: string
  readonly approval_id: string
  readonly sha256: string
  readonly file_name: string
  readonly media_type: string
  readonly size: string
  readonly person: string
  readonly at: Date
}

function selectAttachments(tx: Tx) {
  return tx`
    select a.id, a.approval_id, encode(a.blob_sha256, 'hex') as sha256, a.file_name, a.media_type, a.size, p.name as person, a.at
    from approval_attachments a join persons p on p.id = a.person_id`
}

function toAttachment(row: AttachmentRow): ApprovalAttachment {
  return {
    id: row.id,
    approvalId: row.approval_id,
    sha256: row.sha256,
    fileName: row.file_name,
    mediaType: row.media_type,
    size: Number(row.size),
    person: row.person,
    at: row.at,
  }
}
