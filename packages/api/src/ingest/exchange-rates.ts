import type { Request, Response } from 'express'
import { isCurrency } from '@surety/credit'
import { asActor, parseEuroRates, setExchangeRates, type ExchangeRate } from '@surety/store'
import { z } from 'zod'
import { callerOf, type CallerDeps } from './caller.ts'
import { Refused, type Problem } from './problem.ts'
import { bodyOf } from './record-batch.ts'
import { parseJson } from './records.ts'

/** Takes exchange rates in: as JSON, or as the European Central Bank writes them. All of them or, when one is wrong, none. */
export async function takeRates(deps: CallerDeps, request: Request, response: Response): Promise<void> {
  const { actor } = await callerOf(deps, request, response, 'import.write')
  const body = bodyOf(request)
  const rates = request.is('text/csv') ? parseCsv(body) : parseRates(body)
  const changed = await asActor(deps.sql, actor, tx => setExchangeRates(tx, rates))
  response.json({ rates: rates.length, changed })
}

const Currency = z.string().refine(isCurrency, 'no ISO 4217 currency code; write it as CNY')
const Rates = z
  .array(
    z
      .strictObject({
        from: Currency,
        to: Currency,
        on: z.iso.date(),
        rate: z
          .string()
          .regex(/^\d{1,11}(\.\d{1,12})?$/, 'no rate; write it as 7.8421')
          .refine(rate => Number(rate) > 0, 'not more than zero'),
        source: z.string().min(1).max(100).default('manual'),
      })
      .refine(({ from, to }) => from !== to, 'from and to are the same'),
  )
  .min(1)
  .max(10_000)

function parseRates(body: string): ExchangeRate[] {
  const parsed = Rates.safeParse(parseJson(body, { en: 'The body', zh: '请求体' }))
  if (parsed.success) return parsed.data
  throw invalid(
    parsed.error.issues.slice(0, 100).map(({ path, code, message }) => ({
      path: path.map(String),
      code: code.toUpperCase(),
      message: { en: `${path.join('.') || 'The body'}: ${message}.`, zh: `${path.join('.') || '请求体'}：取值无效。` },
    })),
  )
}

function parseCsv(body: string): ExchangeRate[] {
  const parsed = parseEuroRates(body)
  if (parsed.kind === 'rates') return parsed.rates
  throw invalid(
    parsed.problems
      .slice(0, 100)
      .map(({ line, column, code, message }) => ({ path: [String(line), ...(column === undefined ? [] : [column])], code, message })),
  )
}

function invalid(issues: NonNullable<Problem['issues']>): Refused {
  return new Refused(400, 'INVALID_INPUT', { en: 'These are no exchange rates; see issues.', zh: '汇率数据无效，详见 issues。' }, issues)
}
