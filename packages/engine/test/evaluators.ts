import { expect } from 'vitest'
import {
  columnsFromRows,
  compile,
  createKernel,
  hasBit,
  OUTCOMES,
  type ColumnResult,
  type CompileOptions,
  type Facts,
  type Policy,
  type Value,
} from '../src/index.ts'

/** Decides rows in every way there is and expects one answer: interpreted, compiled, closures, columns by both. */
export function expectOneAnswer(policy: Policy, rows: readonly Facts[], options: CompileOptions = {}): void {
  const generated = compile(policy, { ...options, codegen: true })
  const closures = compile(policy, { ...options, codegen: false })
  const set = columnsFromRows(policy, rows)
  const kernels = [createKernel(generated, set).run(), createKernel(closures, set, { codegen: false }).run()]
  for (const [index, facts] of rows.entries()) {
    const interpreted = generated.interpret(facts)
    same(generated.decide(facts), interpreted)
    same(closures.decide(facts), interpreted)
    const { trace, ...traced } = generated.decide(facts, { trace: true })
    same(traced, interpreted)
    same(closures.decide(facts, { trace: true }), { ...traced, trace })
    const expected = {
      outcome: interpreted.outcome,
      isUnknown: interpreted.isUnknown,
      outputs: Object.entries(policy.outputs).map(([name, { type }]) =>
        type === 'money' && interpreted.outputs[name] !== null ? Number(interpreted.outputs[name]) : interpreted.outputs[name],
      ),
      fired: interpreted.events.map(event => pathOf(policy, event.step, event.rule)).sort(),
    }
    for (const result of kernels) {
      const seen = {
        outcome: OUTCOMES[result.outcomes[index]!],
        isUnknown: hasBit(result.unknown, index),
        outputs: Object.entries(policy.outputs).map(([name, { type }]) => columnValue(result, name, index, type)),
        fired: Object.keys(result.hits)
          .filter(path => path.includes('/rules/') && hasBit(result.hits[path]!, index))
          .sort(),
      }
      same(seen, expected)
    }
  }
}

/** Comparing texts first: an assertion of the test runner costs more than a decision. */
function same(seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) expect(seen).toEqual(expected)
}

function pathOf(policy: Policy, step: string, rule: string): string {
  const stepIndex = policy.steps.findIndex(candidate => candidate.id === step)
  const found = policy.steps[stepIndex]!
  return `/steps/${stepIndex}/rules/${found.kind === 'rules' ? found.rules.findIndex(candidate => candidate.id === rule) : -1}`
}

function columnValue(result: ColumnResult, name: string, row: number, type: string): Value {
  const column = result.outputs[name]!
  switch (column.kind) {
    case 'number': {
      const value = column.values[row]!
      if (Number.isNaN(value)) return null
      return type === 'date' ? new Date(value * 86_400_000).toISOString().slice(0, 10) : value
    }
    case 'boolean':
      return hasBit(column.valid!, row) ? hasBit(column.bits, row) : null
    case 'code':
      return column.dictionary[column.codes[row]!] ?? null
    case 'value':
      return (column.values[row] ?? null) as Value
  }
}
