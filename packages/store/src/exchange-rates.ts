import { appendAudit } from './audit.ts'
import { publishChange } from './live.ts'
import type { Tx } from './sql.ts'

export interface ExchangeRate {
  readonly from: string
  readonly to: string
  readonly on: string
  /** The price of one unit of `from` in `to`. */
  readonly rate: string
  readonly source: string
}

/** Stores rates; a newer word on the same pair and day takes the place of the earlier one. */
export async function setExchangeRates(tx: Tx, rates: readonly ExchangeRate[]): Promise<void> {
  const { count } = await tx`
    insert into exchange_rates (from_currency, to_currency, valid_on, rate, source)
    select "from", "to", "on", rate, source from jsonb_to_recordset(${tx.json(rates as never)}) as r ("from" text, "to" text, "on" date, rate numeric, source text)
    on conflict (from_currency, to_currency, valid_on) do update set rate = excluded.rate, source = excluded.source
    where exchange_rates.rate <> excluded.rate`
  if (count === 0) return
  await appendAudit(tx, {
    action: 'exchangeRates.set',
    entity: 'ExchangeRates',
    entityId: rates.at(-1)!.on,
    after: { changed: count, newest: rates.at(-1) },
  })
  await publishChange(tx, { entity: 'ExchangeRates', id: rates.at(-1)!.on, segmentId: null })
}
