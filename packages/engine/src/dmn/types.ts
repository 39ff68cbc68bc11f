import { parseUnaryTests } from '../feel/parse.ts'
import type { FactDefinition, FactType } from '../policy/document.ts'
import type { Definitions, ItemDefinition } from './read.ts'

/** A DMN type as facts of a policy: one fact, or one per component under a dotted name. */
export type DmnType =
  | { readonly kind: 'fact'; readonly definition: FactDefinition }
  | { readonly kind: 'structure'; readonly components: ReadonlyMap<string, DmnType> }
  | { readonly kind: 'unknown' }

const BASE_TYPES: Readonly<Record<string, FactType>> = Object.assign(Object.create(null) as Record<string, FactType>, {
  number: 'number',
  integer: 'integer',
  long: 'integer',
  short: 'integer',
  double: 'number',
  float: 'number',
  decimal: 'number',
  string: 'string',
  boolean: 'boolean',
  date: 'date',
} satisfies Record<string, FactType>)

export function typeOf(typeRef: string | undefined, definitions: Definitions, depth = 0): DmnType {
  const name = typeRef?.replace(/^(feel|xsd?):/, '')
  if (name === undefined || name === '' || depth > 10) return { kind: 'unknown' }
  const base = BASE_TYPES[name]
  if (base) return { kind: 'fact', definition: { type: base } }
  const item = definitions.itemDefinition?.find(candidate => candidate.name === name)
  return item ? typeOfItem(item, definitions, depth + 1) : { kind: 'unknown' }
}

/** The constants of a list of allowed values; undefined when it is anything else. */
export function constantsOf(text: string | undefined): readonly (string | number | boolean)[] | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const parsed = parseUnaryTests(text)
  if (parsed.kind === 'failed' || parsed.tree.negated) return undefined
  const values = parsed.tree.tests.map(test => {
    if (test.kind !== 'value') return undefined
    if (test.operand.kind === 'string' || test.operand.kind === 'boolean') return test.operand.value
    return test.operand.kind === 'number' ? Number(test.operand.text) : undefined
  })
  return values.every(value => value !== undefined) ? values : undefined
}

function typeOfItem(item: ItemDefinition, definitions: Definitions, depth: number): DmnType {
  if (item.itemComponent?.length) {
    if (item.isCollection) return { kind: 'unknown' }
    return {
      kind: 'structure',
      components: new Map(
        item.itemComponent.map(component => [
          component.name ?? '',
          component.itemComponent ? typeOfItem(component, definitions, depth) : restricted(component, definitions, depth),
        ]),
      ),
    }
  }
  return restricted(item, definitions, depth)
}

function restricted(item: ItemDefinition, definitions: Definitions, depth: number): DmnType {
  const type = typeOf(item.typeRef, definitions, depth)
  if (type.kind !== 'fact') return type
  if (item.isCollection)
    return type.definition.type === 'list' ? type : { kind: 'fact', definition: { type: 'list', of: type.definition.type } }
  const values = constantsOf(item.allowedValues?.text)
  if (type.definition.type !== 'string' || !values?.length || !values.every(value => typeof value === 'string')) return type
  return { kind: 'fact', definition: { type: 'enum', values } }
}
