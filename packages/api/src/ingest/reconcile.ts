import type { Request, Response } from 'express'
import { isCurrency } from '@surety/credit'
import { asActor, EXTRACT_TYPES, listFindings, reconcileExtract } from '@surety/store'
import { z } from 'zod'
import { callerOf, targetSegment, type CallerDeps } from './caller.ts'
import { parameter } from './files.ts'
import { Refused, type Problem } from './problem.ts'
import { bodyOf } from './record-batch.ts'
import { parseJson } from './records.ts'

const TOLD_FINDINGS = 500

/** Holds a full extract of a source's open items against the book; the report is kept. */
export async function takeExtract(deps: CallerDeps, request: Request, response: Response): Promise<void> {
  const caller = await callerOf(deps, request, response, 'import.write')
  const segmentId = targetSegment(caller, parameter(request, 'segment'))
  const extract = parseExtract(bodyOf(request))
  const report = await asActor(deps.sql, { ...caller.actor, segments: [segmentId] }, async tx => {
    const made = await reconcileExtract(tx, { segmentId, source: parameter(request, 'source') ?? 'file', ...extract })
    const findings = await listFindings(tx, made.id, { first: TOLD_FINDINGS })
    return { ...made, segmentId: undefined, segment: String(segmentId), findings: findings.edges.map(({ node }) => node) }
  })
  response.json(report)
}

const Item = z.strictObject({
  type: z.enum(EXTRACT_TYPES),
  number: z.string().min(1).max(200),
  customerNumber: z.string().min(1).max(200),
  currency: z.string().refine(isCurrency, 'no ISO 4217 currency code'),
  openAmount: z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, 'no amount; write it as 1250.00'),
})
const Extract = z.strictObject({ asOf: z.iso.date().optional(), items: z.array(Item).max(200_000) })

function parseExtract(body: string): z.infer<typeof Extract> {
  const parsed = Extract.safeParse(parseJson(body, { en: 'The body', zh: '请求体' }))
  if (parsed.success) return parsed.data
  const issues: Problem['issues'] = parsed.error.issues.slice(0, 100).map(({ path, code, message }) => ({
    path: path.map(String),
    code: code.toUpperCase(),
    message: { en: `${path.join('.') || 'The body'}: ${message}.`, zh: `${path.join('.') || '请求体'}：取值无效。` },
  }))
  throw new Refused(
    400,
    'INVALID_INPUT',
    { en: 'This is no extract of open items; see issues.', zh: '未清项清单无效，详见 issues。' },
    issues,
  )
}
