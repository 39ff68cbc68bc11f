import type { Reason, StepTrace } from '@surety/engine'

/** As much of the engine's decision as the console draws; it travels as JSON and is read with care. */
export interface DecisionResult {
  readonly outputs: Readonly<Record<string, unknown>>
  readonly reasons: readonly Reason[]
  readonly requirements: readonly Reason[]
  readonly missing: readonly string[]
  readonly steps: readonly StepTrace[]
}

export function readDecisionResult(json: unknown): DecisionResult {
  const result = record(json)
  return {
    outputs: record(result['outputs']),
    reasons: list(result['reasons']) as readonly Reason[],
    requirements: list(result['requirements']) as readonly Reason[],
    missing: list(result['missing']) as readonly string[],
    steps: list(record(result['trace'])['steps']) as readonly StepTrace[],
  }
}

export const outputsOf = (json: unknown): Readonly<Record<string, unknown>> => record(record(json)['outputs'])

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
