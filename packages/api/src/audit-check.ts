import { readFile } from 'node:fs/promises'
import { verifyAudit, type AuditAnchor, type AuditVerification, type Sql } from '@surety/store'
import { keptFor } from './kept.ts'

/** What a look at the whole record found, and when. */
export interface AuditCheck {
  readonly at: Date
  readonly verification: AuditVerification
}

const KEEP_MS = 60_000

/** Computes the chain anew when somebody asks, once a minute at most, and holds it against the heads noted outside the database. */
export function createAuditCheck(sql: Sql, anchorsFile: string | undefined, keepMs: number = KEEP_MS): () => Promise<AuditCheck> {
  return keptFor(keepMs, async () => ({
    at: sql.clock(),
    verification: await verifyAudit(sql, { anchors: await readAnchors(anchorsFile) }),
  }))
}

async function readAnchors(file: string | undefined): Promise<AuditAnchor[]> {
  if (file === undefined) return []
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return ''
    throw error
  })
  // The last line may be half written.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as AuditAnchor)
}
