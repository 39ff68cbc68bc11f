export * from './ageing.ts'
export * from './altman.ts'
export { appetiteCaps, appetiteOf, lossRates, type Appetite, type AppetiteCap, type AppetiteLine, type LossRates } from './appetite.ts'
export * from './authority.ts'
export * from './book.ts'
export {
  afterBusinessHours,
  businessCalendar,
  businessHoursBetween,
  CALENDAR_REGIONS,
  isBusinessDay,
  isTimeZone,
  localDay,
  momentOf,
  type BusinessCalendar,
  type CalendarException,
} from './business-calendar.ts'
export * from './currency.ts'
export * from './day.ts'
export * from './dunning.ts'
export * from './early-warning.ts'
export { computeFacts, computeFactsOf, toEngineFacts, type FactValues } from './facts/compute.ts'
export { FACT_DICTIONARY, factDefinitions, findFact, type DictionaryEntry, type FactKey } from './facts/dictionary.ts'
export {
  FACT_FAMILIES,
  FACT_SOURCES,
  MISSING_REASONS,
  type CreditFact,
  type FactFamily,
  type FactSource,
  type FactValue,
  type MissingReason,
} from './facts/fact.ts'
export * from './facts/occasion.ts'
export * from './glossary.ts'
export * from './grades.ts'
export * from './industry.ts'
export * from './kpi.ts'
export * from './limit.ts'
export * from './money.ts'
export * from './open-items.ts'
export * from './payment-index.ts'
export * from './provision.ts'
export * from './ratios.ts'
export { collectBooks } from './generate/collect-books.ts'
export { csvLine, CSV_TABLES, toCsv, type CsvRow, type CsvTable } from './generate/csv.ts'
export { generateLedger, GenerateOptionOutOfRange, type GenerateOptions } from './generate/generate-ledger.ts'
export { GENERATED_CURRENCIES, type GeneratedCurrency } from './generate/history.ts'
export { SEGMENT_LABELS, SEGMENTS, type Segment } from './generate/names.ts'
export { PAYER_TYPES, type ContactRecord, type CustomerRecord, type LedgerRecord, type PayerType } from './generate/record.ts'
export { isSocialCreditCode } from './registration-number.ts'
export { LimitWithoutAmount, ORDER_HORIZON_DAYS } from './facts/account.ts'
export * from './recommendations.ts'
export * from './review.ts'
export * from './cases.ts'
export { checkKind } from './kinds/check-kind.ts'
export { isPolicyKind, POLICY_KIND_NAMES, POLICY_KINDS, type PolicyKindName } from './kinds/kinds.ts'
export type { KindOutput, PolicyKind } from './kinds/policy-kind.ts'
export { policyFindings, resolverAmong } from './policy-findings.ts'
export { allows, POLICY_RIGHT_LABELS, POLICY_RIGHTS, reachOf, type PolicyRight } from './policy-right.ts'
export {
  comparePolicies,
  type Counted,
  type ImpactMove,
  type ImpactReason,
  type ImpactSubject,
  type ImpactSummary,
  type MovedSide,
  type NumberSummary,
  type OutputDistribution,
} from './policy-impact.ts'
