import type { Policy, Step, Text } from '@surety/engine'
import { newId } from '../step-path.ts'

/** Kinds of step that can be added by hand. */
export const STEP_KINDS = ['rules', 'table', 'scorecard', 'formula'] as const

/** The smallest step of a kind that one can go on from. */
export function createStep(kind: (typeof STEP_KINDS)[number], { facts, outputs }: Policy, title: Text): Step {
  const base = { id: newId('step'), title }
  const fact = Object.keys(facts)[0]
  const output = Object.keys(outputs)[0]
  switch (kind) {
    case 'rules':
      return { ...base, kind, mode: 'all', rules: [] }
    case 'table':
      return {
        ...base,
        kind,
        hitPolicy: 'U',
        inputs: fact === undefined ? [] : [{ id: newId('in'), expression: fact }],
        outputs: [{ id: newId('out'), name: 'outcome' }],
        rows: [],
      }
    case 'scorecard':
      return { ...base, kind, output: numericOutput(outputs) ?? output ?? '', characteristics: [] }
    case 'formula':
      return { ...base, kind, expressions: [] }
  }
}

const numericOutput = (outputs: Policy['outputs']): string | undefined =>
  Object.entries(outputs).find(([, { type }]) => type === 'number' || type === 'integer')?.[0]
