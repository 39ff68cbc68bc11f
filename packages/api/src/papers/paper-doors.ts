import { Router, type Request, type RequestHandler, type Response } from 'express'
import {
  accountStatementsOf,
  asActor,
  attachToSecurity,
  findSecurity,
  findSecurityDocument,
  putBlob,
  readBlob,
  type AccountStatement,
  type Actor,
} from '@surety/store'
import { callerOf, type CallerDeps } from '../ingest/caller.ts'
import { uploadOf } from '../ingest/file-upload.ts'
import { PROBLEMS, Refused, sendProblem } from '../ingest/problem.ts'
import { statementPdf } from './statement-pdf.ts'
import { wordsOf, type StatementWords } from './statement-words.ts'
import { statementWorkbook } from './statement-workbook.ts'

const MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
const DAY = /^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

/** What people take away or put beside: statements of an account, papers of a security. */
export function paperDoors(deps: CallerDeps): Router {
  const router = Router()
  router.get(
    '/customers/:id/statement.xlsx',
    answered(async (request, response) => {
      const { statements, words, name } = await statementsFor(deps, request, response)
      response
        .attachment(`${name}.xlsx`)
        .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        .send(await statementWorkbook(statements, words))
    }),
  )
  router.get(
    '/customers/:id/statement.pdf',
    answered(async (request, response) => {
      const { statements, words, name } = await statementsFor(deps, request, response)
      response
        .attachment(`${name}.pdf`)
        .type('application/pdf')
        .send(await statementPdf(statements, words))
    }),
  )
  router.post(
    '/securities/:id/documents',
    answered(async (request, response) => {
      const { actor } = await callerOf(deps, request, response, 'security.propose')
      const id = rowIdOf(request, 'id')
      const { fileName, content } = await uploadOf(request)
      const attached = await asActor(deps.sql, actor, async tx => {
        if (!(await findSecurity(tx, id))) return undefined
        const blob = await putBlob(tx, content, { maxBytes: MAX_DOCUMENT_BYTES })
        return attachToSecurity(tx, id, { name: fileName, ...blob })
      }).catch((error: unknown) => {
        throw (error as { code?: unknown }).code === 'BLOB_TOO_LARGE' ? tooLarge() : error
      })
      if (!attached) throw PROBLEMS.notFound()
      response.status(201).json({ id: attached.id, name: attached.name, size: attached.size })
    }),
  )
  router.get(
    '/securities/:id/documents/:document',
    answered(async (request, response) => {
      const { actor } = await callerOf(deps, request, response, 'customer.read')
      await asActor(deps.sql, actor, async tx => {
        const found = await findSecurityDocument(tx, rowIdOf(request, 'id'), rowIdOf(request, 'document'))
        if (!found) throw PROBLEMS.notFound()
        // Never shown in the page's own origin, whatever it says it is.
        response.set('Cache-Control', 'no-store').attachment(found.name).type('application/octet-stream')
        for await (const piece of readBlob(tx, found.sha256)) response.write(piece)
      })
      response.end()
    }),
  )
  return router
}

async function statementsFor(
  deps: CallerDeps,
  request: Request,
  response: Response,
): Promise<{ statements: readonly AccountStatement[]; words: StatementWords; name: string }> {
  const { actor } = await callerOf(deps, request, response, 'customer.read')
  const id = rowIdOf(request, 'id')
  const [from, asOf] = [dayOf(request, 'from'), dayOf(request, 'as-of')]
  if (from && asOf && from > asOf)
    throw new Refused(400, 'ENDS_BEFORE_IT_BEGINS', {
      en: `from=${from} is after as-of=${asOf}.`,
      zh: `from=${from} 晚于 as-of=${asOf}。`,
    })
  const statements = await readStatements(deps, actor, id, { ...(from && { from }), ...(asOf && { asOf }) })
  if (!statements) throw PROBLEMS.notFound()
  const isEnglish =
    request.query['lang'] === 'en' || (request.query['lang'] === undefined && request.acceptsLanguages('zh-CN', 'zh', 'en') === 'en')
  const words = wordsOf(isEnglish ? 'en' : 'zh-CN')
  response.set('Cache-Control', 'no-store')
  const [first] = statements
  return { statements, words, name: first ? `${words.title} ${first.customer.number} ${first.asOf}` : words.title }
}

function readStatements(
  { sql }: CallerDeps,
  actor: Actor,
  id: string,
  period: { readonly from?: string; readonly asOf?: string },
): Promise<AccountStatement[] | undefined> {
  return asActor(sql, actor, tx => accountStatementsOf(tx, id, period))
}

function rowIdOf(request: Request, name: string): string {
  const id = String(request.params[name])
  if (!/^\d{1,18}$/.test(id)) throw PROBLEMS.notFound()
  return id
}

function dayOf(request: Request, name: string): string | undefined {
  const day = request.query[name]
  if (day === undefined) return undefined
  if (typeof day === 'string' && DAY.test(day) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return day
  throw new Refused(400, 'NOT_A_DAY', {
    en: `${name} must be a day of the calendar such as 2026-01-31.`,
    zh: `${name} 须为日期，如 2026-01-31。`,
  })
}

function tooLarge(): Refused {
  return new Refused(413, 'TOO_LARGE', { en: 'A paper is at most 20 MB.', zh: '附件最大 20 MB。' })
}

function answered(door: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request, response, next) =>
    void door(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return response.destroyed ? undefined : next(error)
      if (!request.complete) response.set('Connection', 'close')
      if (error instanceof Refused) sendProblem(response, error.problem)
      else next(error)
    })
}
