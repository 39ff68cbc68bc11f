import type { Text } from '../../i18n/useText.ts'

/** As much of the engine's decision as the console draws; it travels as JSON and is read with care. */
export interface DecisionResult {
  readonly outputs: Readonly<Record<string, unknown>>
  readonly reasons: readonly ResultReason[]
  readonly requirements: readonly ResultReason[]
  readonly missing: readonly string[]
  readonly steps: readonly StepTrace[]
  readonly facts: Readonly<Record<string, unknown>>
}

export interface ResultReason {
  readonly code: string
  readonly text: Text
  readonly step: string
  readonly adverse: boolean
}

export type Truth = 'true' | 'false' | 'unknown' | 'skipped'

export type StepTrace = { readonly id: string; readonly wrote: Readonly<Record<string, unknown>> } & (
  | { readonly kind: 'rules'; readonly rules: readonly { readonly id: string; readonly result: Truth; readonly condition: ConditionTrace }[] }
  | { readonly kind: 'table'; readonly inputs: readonly unknown[]; readonly hits: readonly string[]; readonly rows: readonly { readonly id: string; readonly result: Truth; readonly cells: readonly Truth[] }[] }
  | { readonly kind: 'scorecard'; readonly total: number; readonly lines: readonly ScoreLine[] }
  | { readonly kind: 'formula'; readonly expressions: readonly { readonly id: string; readonly result: unknown }[] }
  | { readonly kind: 'decision'; readonly decision: unknown }
)

export interface ConditionTrace {
  readonly path: string
  readonly kind: 'all' | 'any' | 'not' | 'reference' | 'leaf'
  readonly result: Truth
  readonly fact?: string
  readonly operator?: string
  readonly seen?: unknown
  readonly compared?: unknown
  readonly condition?: string
  readonly children?: readonly ConditionTrace[]
}

interface ScoreLine {
  readonly characteristic: string
  readonly value: unknown
  readonly bin: string | null
  readonly points: number
  readonly weight: number
  readonly score: number
  readonly lost: number
}

export function readDecisionResult(json: unknown): DecisionResult {
  const result = record(json)
  const trace = record(result['trace'])
  return {
    outputs: record(result['outputs']),
    reasons: list(result['reasons']) as readonly ResultReason[],
    requirements: list(result['requirements']) as readonly ResultReason[],
    missing: list(result['missing']) as readonly string[],
    steps: list(trace['steps']) as readonly StepTrace[],
    facts: record(trace['facts']),
  }
}

export const outputsOf = (json: unknown): Readonly<Record<string, unknown>> => record(record(json)['outputs'])

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
