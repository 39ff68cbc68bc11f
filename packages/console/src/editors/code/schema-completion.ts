import { syntaxTree } from '@codemirror/language'
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { OPERATORS, policyJsonSchema, type Policy } from '@surety/engine'
import type { Text } from '../../i18n/useText.ts'
import { keysAt } from './json-place.ts'

interface Schema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

/** Completes keys and choices from the published schema, and names from the policy itself. */
export function schemaCompletion(
  policy: () => Policy,
  language: () => keyof Text,
): (context: CompletionContext) => CompletionResult | null {
  const root = policyJsonSchema() as Schema
  const definitions = (root as { $defs?: Record<string, Schema>; definitions?: Record<string, Schema> }).$defs ?? {}

  const expand = (schema: Schema | undefined): readonly Schema[] => {
    if (!schema) return []
    if (schema.$ref) return expand(definitions[schema.$ref.split('/').at(-1)!])
    const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
    return branches.length > 0 ? [schema, ...branches.flatMap(expand)] : [schema]
  }
  const at = (keys: readonly (string | number)[]): readonly Schema[] =>
    keys.reduce<readonly Schema[]>(
      (schemas, key) =>
        schemas.flatMap(schema =>
          typeof key === 'number'
            ? expand(schema.items)
            : expand(
                schema.properties?.[key] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined),
              ),
        ),
      expand(root),
    )

  return context => {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1)
    const word = context.matchBefore(/"[^"]*/)
    if (!word && !context.explicit) return null
    const from = word ? word.from : context.pos
    const keys = keysAt(context.state, context.pos)
    const isKey = node.name === 'PropertyName' || node.name === 'Object' || (node.name === '⚠' && node.parent?.name === 'Object')
    const options = isKey ? keyOptions(at(keys)) : valueOptions(keys)
    return options.length > 0
      ? { from, to: context.state.sliceDoc(context.pos, context.pos + 1) === '"' ? context.pos + 1 : context.pos, options, filter: true }
      : null
  }

  function keyOptions(schemas: readonly Schema[]): Completion[] {
    const names = new Set(schemas.flatMap(schema => Object.keys(schema.properties ?? {})))
    return [...names].map(name => ({ label: `"${name}"`, type: 'property', apply: `"${name}": ` }))
  }

  function valueOptions(keys: readonly (string | number)[]): Completion[] {
    const key = keys.at(-1)
    const { facts, outputs, lists = {}, conditions = {} } = policy()
    const named = (record: Readonly<Record<string, { readonly label?: Text; readonly title?: Text }>>): Completion[] =>
      Object.entries(record).map(([name, one]) => ({
        label: JSON.stringify(name),
        detail: (one.label ?? one.title)?.[language()] ?? '',
        type: 'variable',
      }))
    if (key === 'fact') return [...named(facts), ...named(outputs)]
    if (key === 'output' || key === 'name') return named(outputs)
    if (key === 'list') return named(lists)
    if (key === 'condition') return named(conditions)
    if (key === 'operator')
      return OPERATORS.map(({ name, words }) => ({ label: JSON.stringify(name), detail: words[language()], type: 'keyword' }))
    const values = new Set(at(keys).flatMap(schema => [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])]))
    return [...values].map(value => ({ label: JSON.stringify(value), type: 'constant' }))
  }
}
