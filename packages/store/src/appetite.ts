import {
  appetiteOf,
  Decimal,
  lossRates,
  roundAmount,
  type AgeingBucket,
  type Appetite,
  type LossRates,
  type PortfolioFigures,
} from '@surety/credit'
import { compile, type CompiledPolicy } from '@surety/engine'
import { AccountNotFound, type LimitKind } from './accounts.ts'
import { exposureTables } from './exposure.ts'
import { policiesInForce, type PolicyVersion } from './policies.ts'
import { today, type Tx } from './sql.ts'

/** What is at risk, in one currency: of each account the larger of its limit and what it owes unsecured. */
export interface Concentration {
  readonly currency: string
  readonly total: string
  readonly customerCount: number
  /** Null where the provision policy doesn't say. */
  readonly expectedLoss: string | null
  /** Largest first; each list adds up to the total but the names, which are the first of many. */
  readonly names: readonly (Part & { readonly customerId: string; readonly grade: string | null })[]
  readonly industries: readonly (Part & { readonly scheme: string | null; readonly code: string | null })[]
  readonly grades: readonly (Part & { readonly grade: string | null; readonly expectedLoss: string | null })[]
  /** In currencies without a stored rate; they are in no figure. */
  readonly unconverted: number
}

interface Part {
  readonly amount: string
  readonly customerCount: number
}

/** A limit that is about to be approved. */
export interface LimitProposal {
  readonly accountId: string
  readonly kind: LimitKind
  readonly amount: string | null
  readonly currency: string
  /** The grade that goes with it; the account's own unless said. */
  readonly grade?: string | null
}

export interface AppetiteView extends Appetite {
  readonly policy: PolicyVersion
  readonly asOf: string
  /** Whose share the single name and the industry are. */
  readonly customerId: string | null
  readonly industry: { readonly scheme: string; readonly code: string } | null
}

/** The portfolio as it is against the appetite in force; undefined without such a policy. */
export async function appetiteNow(tx: Tx, options: { readonly segmentId?: number } = {}): Promise<AppetiteView | undefined> {
  const [version] = await policiesInForce(tx, 'appetite')
  if (!version) return undefined
  const ground = await readAtRisk(tx, currencyOf(version), options)
  const industries = sumBy(ground, ({ industry }) => industry).filter(({ key }) => key !== NO_INDUSTRY)
  const names = sumBy(ground, ({ customer_id }) => customer_id)
  const figures = figuresOf(ground, names[0]?.key, industries[0]?.key, await ratesOf(tx), currencyOf(version))
  return view(tx, version, figures, figures, names[0]?.key ?? null, industries[0]?.key)
}

/** What a limit would do to the portfolio, before → after, and what the appetite in force says of it; undefined without such a policy. */
export async function appetiteBeforeAfter(tx: Tx, proposal: LimitProposal): Promise<AppetiteView | undefined> {
  const [version] = await policiesInForce(tx, 'appetite')
  if (!version) return undefined
  const currency = currencyOf(version)
  const before = await readAtRisk(tx, currency)
  const own = before.find(({ account_id }) => account_id === proposal.accountId)
  if (!own) throw new AccountNotFound(proposal.accountId)
  const committed =
    proposal.kind === 'amount' && proposal.amount !== null
      ? new Decimal(proposal.amount).times(await rateInto(tx, proposal.currency, currency))
      : new Decimal(0)
  const changed: AtRisk = {
    ...own,
    amount: Decimal.max(own.counted, committed).toFixed(),
    grade: proposal.grade === undefined ? own.grade : proposal.grade,
  }
  const after = before.map(row => (row === own ? changed : row))
  const rates = await ratesOf(tx)
  return view(
    tx,
    version,
    figuresOf(before, own.customer_id, own.industry, rates, currency),
    figuresOf(after, own.customer_id, own.industry, rates, currency),
    own.customer_id,
    own.industry,
  )
}

/** Where what is at risk is gathered: names, industries, grades. */
export async function concentrationOf(
  tx: Tx,
  options: { readonly segmentId?: number; readonly names?: number; readonly currency?: string } = {},
): Promise<Concentration> {
  const [version] = await policiesInForce(tx, 'appetite')
  const currency = options.currency ?? (version ? currencyOf(version) : 'CNY')
  const rows = await readAtRisk(tx, currency, options)
  const rates = await ratesOf(tx)
  const money = (amount: Decimal): string => roundAmount(amount, currency)
  const names = sumBy(rows, ({ customer_id }) => customer_id)
  const grades = sumBy(rows, ({ grade }) => grade ?? '')
  return {
    currency,
    total: money(total(rows)),
    customerCount: names.length,
    expectedLoss: moneyOrNull(expectedLoss(rows, rates), currency),
    names: names.slice(0, options.names ?? 10).map(({ key, amount, rows: own }) => ({
      customerId: key,
      grade: own[0]!.grade,
      amount: money(amount),
      customerCount: 1,
    })),
    industries: sumBy(rows, ({ industry }) => industry).map(({ key, amount, customers }) => ({
      ...industryOf(key),
      amount: money(amount),
      customerCount: customers,
    })),
    grades: grades
      .toSorted((left, right) => (left.key || '~').localeCompare(right.key || '~'))
      .map(({ key, amount, customers, rows: own }) => ({
        grade: key || null,
        amount: money(amount),
        customerCount: customers,
        expectedLoss: moneyOrNull(expectedLoss(own, rates), currency),
      })),
    unconverted: rows.filter(({ is_unconverted }) => is_unconverted).length,
  }
}

interface AtRisk {
  readonly account_id: string
  readonly customer_id: string
  readonly grade: string | null
  readonly industry: string
  /** What it owes, less what secures it. */
  readonly counted: string
  /** The larger of that and its limit. */
  readonly amount: string
  /** Receivables past due, by age. */
  readonly overdue: Readonly<Partial<Record<AgeingBucket, string>>> | null
  readonly is_unconverted: boolean
}

async function readAtRisk(tx: Tx, currency: string, { segmentId }: { readonly segmentId?: number } = {}): Promise<AtRisk[]> {
  const [scope, scopeOfAccounts] =
    segmentId === undefined ? [tx`true`, tx`true`] : [tx`segment_id = ${segmentId}`, tx`a.segment_id = ${segmentId}`]
  const day = today(tx)
  return tx<AtRisk[]>`
    with ${exposureTables(tx, scope, scopeOfAccounts)},
    late as (
      select customer_id, segment_id, jsonb_object_agg(bucket, amount::text) as overdue from (
        select i.customer_id, i.segment_id, case when ${day}::date - due_on <= 30 then '1-30' when ${day}::date - due_on <= 60 then '31-60' when ${day}::date - due_on <= 90 then '61-90' else 'over-90' end as bucket,
          sum(i.amount * case when i.currency = ${currency} then 1 else coalesce(r.rate, 0) end) as amount
        from items i left join rates r on r.source = i.currency and r.target = ${currency}
        where i.category = 'receivable' and i.due_on < ${day}::date group by 1, 2, 3
      ) b group by 1, 2
    )
    select e.account_id, a.customer_id, a.grade, coalesce(c.industry_scheme || '|' || substring(c.industry_code from '^[A-U]?[0-9][0-9]'), ${NO_INDUSTRY}) as industry,
      (greatest(e.total - e.reducing, 0) * k.rate)::text as counted,
      (greatest(e.total - e.reducing, case when e.limit_kind = 'amount' and (e.temporary_until is not null or a.limit_valid_to is null or a.limit_valid_to >= ${day}::date) then e.limit_amount end, 0) * k.rate)::text as amount,
      l.overdue, r.rate is null and a.currency <> ${currency} as is_unconverted
    from exposures e
    join credit_accounts a on a.id = e.account_id
    join customers c on c.id = a.customer_id
    left join rates r on r.source = a.currency and r.target = ${currency}
    left join late l on l.customer_id = a.customer_id and l.segment_id = a.segment_id,
    lateral (select case when a.currency = ${currency} then 1 else coalesce(r.rate, 0) end as rate) k
    where a.status <> 'closed'`
}

const NO_INDUSTRY = '|'
const LOW_GRADES = new Set(['C', 'D', 'E'])

function figuresOf(
  rows: readonly AtRisk[],
  customerId: string | undefined,
  industry: string | undefined,
  rates: LossRates | undefined,
  currency: string,
): PortfolioFigures {
  const money = (amount: Decimal) => ({ amount: roundAmount(amount, currency), currency })
  return {
    exposure: money(total(rows)),
    customerExposure: money(total(rows.filter(({ customer_id }) => customer_id === customerId))),
    industryExposure: money(industry === NO_INDUSTRY ? new Decimal(0) : total(rows.filter(row => row.industry === industry))),
    lowGradeExposure: money(total(rows.filter(({ grade }) => grade !== null && LOW_GRADES.has(grade)))),
    expectedLoss: money(expectedLoss(rows, rates) ?? new Decimal(0)),
  }
}

function total(rows: readonly AtRisk[]): Decimal {
  return rows.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0))
}

// What is overdue at the rate of its age, the rest at that of what is not due.
function expectedLoss(rows: readonly AtRisk[], rates: LossRates | undefined): Decimal | undefined {
  if (!rates) return undefined
  let sum = new Decimal(0)
  for (const { grade, amount, overdue } of rows) {
    const fresh = rates(grade, 'not-due')
    if (!fresh) return undefined
    let left = new Decimal(amount)
    for (const [bucket, late] of Object.entries(overdue ?? {})) {
      const rate = rates(grade, bucket as AgeingBucket)
      const counted = Decimal.min(left, late)
      if (!rate || counted.lte(0)) continue
      sum = sum.plus(counted.times(rate))
      left = left.minus(counted)
    }
    sum = sum.plus(left.times(fresh))
  }
  return sum
}

interface Sum {
  readonly key: string
  readonly amount: Decimal
  readonly customers: number
  readonly rows: readonly AtRisk[]
}

function sumBy(rows: readonly AtRisk[], keyOf: (row: AtRisk) => string): Sum[] {
  return [...Map.groupBy(rows, keyOf)]
    .map(([key, own]) => ({ key, amount: total(own), customers: new Set(own.map(({ customer_id }) => customer_id)).size, rows: own }))
    .toSorted((left, right) => right.amount.comparedTo(left.amount))
}

function view(
  tx: Tx,
  version: PolicyVersion,
  before: PortfolioFigures,
  after: PortfolioFigures,
  customerId: string | null,
  industry: string | undefined,
): AppetiteView {
  const asOf = today(tx)
  const { scheme, code } = industryOf(industry ?? NO_INDUSTRY)
  return {
    ...appetiteOf(compiled(version), { before, after }, asOf),
    policy: version,
    asOf,
    customerId,
    industry: scheme && code ? { scheme, code } : null,
  }
}

function industryOf(key: string): { scheme: string | null; code: string | null } {
  const [scheme, code] = key.split('|')
  return { scheme: scheme || null, code: code || null }
}

function currencyOf({ document }: PolicyVersion): string {
  return Object.values(document.facts).find(({ type, currency }) => type === 'money' && currency)?.currency ?? 'CNY'
}

async function ratesOf(tx: Tx): Promise<LossRates | undefined> {
  const [version] = await policiesInForce(tx, 'provision')
  return version && lossRates(compiled(version))
}

async function rateInto(tx: Tx, source: string, target: string): Promise<string> {
  if (source === target) return '1'
  const [row] = await tx<{ rate: string }[]>`
    select rate::text from (
      select valid_on, rate, 1 as preference from exchange_rates where from_currency = ${source} and to_currency = ${target} and valid_on <= ${today(tx)}
      union all
      select valid_on, 1 / rate, 2 from exchange_rates where from_currency = ${target} and to_currency = ${source} and valid_on <= ${today(tx)}
    ) known order by valid_on desc, preference limit 1`
  return row?.rate ?? '0'
}

// A version never changes, so it is compiled once a process.
const shelf = new Map<string, CompiledPolicy>()

function compiled({ hash, document, version }: PolicyVersion): CompiledPolicy {
  const known = shelf.get(hash) ?? compile(document, { version })
  shelf.set(hash, known)
  return known
}

function moneyOrNull(amount: Decimal | undefined, currency: string): string | null {
  return amount === undefined ? null : roundAmount(amount, currency)
}
