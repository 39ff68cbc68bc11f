import { narrow } from '../feel/full-width.ts'
import { policyVocabulary } from '../feel/policy-vocabulary.ts'
import { normaliseCell } from '../feel/normalise-cell.ts'
import { createOperatorTable } from '../operators/index.ts'
import { type FactDefinition, OUTCOMES, type Policy, type TableStep, type Text } from '../policy/document.ts'
import { hasErrors, type Finding } from '../policy/finding.ts'
import { createScope, isNumericType } from '../scope.ts'
import type { StepContext } from '../steps.ts'
import { bindOutputCell, bindTestCell, type CellBinder, type Column, valuesOf } from './bind-cell.ts'

/** What came of a text that somebody typed or pasted into a cell. */
export interface ReadCell {
  /** FEEL, where the text could be understood; else what was typed, as it was. */
  readonly text: string
  /** The first thing to say about it; its path is empty. */
  readonly finding?: Finding
}

export interface CellReader {
  /** A condition cell of this column. */
  input(column: number, text: string): ReadCell
  /** An outcome cell of this column. */
  output(column: number, text: string): ReadCell
}

/** Reads cells of one table as people write them: labels of enums in either language, `≥ 50万`, full-width signs. */
export function createCellReader(
  policy: Pick<Policy, 'facts' | 'outputs' | 'lists'>,
  step: Pick<TableStep, 'inputs' | 'outputs'>,
): CellReader {
  const scope = createScope(policy)
  const lists = policy.lists ?? {}
  const vocabulary = policyVocabulary(scope, lists)
  const names = new Set(vocabulary.names)
  let found: Finding[] = []
  const context: StepContext = {
    path: '',
    scope,
    policy: policy as Policy,
    lists,
    conditions: {},
    report: (code, severity, path, message: Text) => void found.push({ code, severity, path, message }),
    operators: createOperatorTable(undefined, undefined),
    resolve: () => undefined,
  }
  const binder: CellBinder = { vocabulary, names, context }

  const inputs = step.inputs.map(({ expression, type }) => {
    const definition = scope.find(expression.trim())?.definition
    const column: Column = { type: type ?? definition?.type, values: valuesOf(definition) }
    return readerOf(definition, column.type, text => void bindTestCell(text, column, binder, ''))
  })
  const outputs = step.outputs.map(({ name, type }) => {
    const definition = name === 'outcome' ? OUTCOME : (scope.find(name)?.definition ?? { type: type ?? ('string' as const) })
    const cells: FactDefinition = definition.type === 'list' && definition.of ? { ...definition, type: definition.of } : definition
    return readerOf(cells, cells.type, text => void bindOutputCell(text, definition, name, binder, ''), '')
  })
  return {
    input: (column, text) => inputs[column]?.(text) ?? { text },
    output: (column, text) => outputs[column]?.(text) ?? { text },
  }

  function readerOf(
    definition: FactDefinition | undefined,
    type: FactDefinition['type'] | undefined,
    check: (text: string) => void,
    empty = '-',
  ): (text: string) => ReadCell {
    // Tables repeat themselves: a pasted column has few different cells.
    const known = new Map<string, ReadCell>()
    const labels = labelsOf(definition)
    const isNumeric = type !== undefined && isNumericType(type)
    return typed => {
      let read = known.get(typed)
      if (!read) known.set(typed, (read = readAnew(typed)))
      return read
    }

    function readAnew(typed: string): ReadCell {
      const trimmed = typed.trim()
      if (trimmed === '' || trimmed === '-' || trimmed === '–' || trimmed === '—') return { text: empty }
      if (isNumeric && PLAIN_NUMBER.test(trimmed)) return { text: trimmed }
      // In a condition, a comma means "or".
      if (empty === '' && isNumeric && GROUPED_NUMBER.test(trimmed)) return { text: trimmed.replaceAll(',', '') }
      const text = labelled(trimmed, labels) ?? normaliseCell(trimmed, { type, names })
      if (isNumeric && SURE_TEST.test(text) && empty === '-') return { text }
      found = []
      check(text)
      const [finding] = hasErrors(found) ? found.filter(({ severity }) => severity === 'error') : found
      return hasErrors(found) ? { text: typed, finding: finding! } : { text, ...(finding && { finding }) }
    }
  }
}

const OUTCOME: FactDefinition = {
  type: 'enum',
  values: OUTCOMES.map(value => ({
    value,
    label: { approve: { en: 'Approve', zh: '批准' }, refer: { en: 'Refer', zh: '转人工' }, decline: { en: 'Decline', zh: '拒绝' } }[value],
  })),
}
const PLAIN_NUMBER = /^-?\d{1,15}(\.\d{1,6})?$/
// Nothing can be wrong with these; a thousand different ones are pasted at once.
const SURE_TEST = /^(?:[<>]=?|=) -?\d{1,15}(\.\d{1,6})?$/
const GROUPED_NUMBER = /^-?\d{1,3}(,\d{3})+(\.\d{1,6})?$/

/** What people may write for a value, in lower case. */
function labelsOf(definition: FactDefinition | undefined): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  if (definition?.type === 'boolean') for (const [label, value] of BOOLEANS) labels.set(label, value)
  if (definition?.type !== 'enum') return labels
  for (const item of definition.values ?? []) {
    const value = typeof item === 'string' ? item : item.value
    if (typeof item !== 'string' && item.label)
      for (const label of [item.label.en, item.label.zh]) labels.set(label.toLowerCase(), JSON.stringify(value))
    labels.set(value.toLowerCase(), JSON.stringify(value))
  }
  return labels
}

const BOOLEANS = [
  ['是', 'true'],
  ['yes', 'true'],
  ['true', 'true'],
  ['否', 'false'],
  ['no', 'false'],
  ['false', 'false'],
] as const

/** Labels alone, several with commas, or none of them after 非 or `not`. */
function labelled(text: string, labels: ReadonlyMap<string, string>): string | undefined {
  if (labels.size === 0) return undefined
  const negated = /^(?:非|不是|不为|not\s+|≠\s*)(.+)$/isu.exec(text)
  const values = narrow(negated?.[1] ?? text)
    .split(',')
    .map(part =>
      labels.get(
        part
          .trim()
          .replace(/^"(.*)"$/s, '$1')
          .toLowerCase(),
      ),
    )
  if (values.some(value => value === undefined)) return undefined
  return negated ? `not(${values.join(', ')})` : values.join(', ')
}
