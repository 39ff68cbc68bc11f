import type { FactDefinition, FactType, OutputDefinition, Policy } from './policy/document.ts'

/** A fact or an output, and where its value lives in a frame. */
export interface Name {
  readonly name: string
  readonly role: 'fact' | 'output'
  /** Facts come first, in order of the document, then outputs. */
  readonly slot: number
  readonly definition: FactDefinition & Partial<OutputDefinition>
  /** Numeric names live in `frame.numbers`, all others in `frame.values`. */
  readonly isNumeric: boolean
  /** JSON pointer of the definition. */
  readonly path: string
}

export interface Scope {
  readonly names: readonly Name[]
  find(name: string): Name | undefined
}

const NUMERIC: ReadonlySet<FactType> = new Set<FactType>(['number', 'integer', 'percent', 'money'])

export const isNumericType = (type: FactType): boolean => NUMERIC.has(type)

/** Gives every fact and output of a policy its slot. */
export function createScope(policy: Pick<Policy, 'facts' | 'outputs'>): Scope {
  const names: Name[] = []
  const index = new Map<string, Name>()
  const add = (role: Name['role'], definitions: Readonly<Record<string, FactDefinition>>, parent: string): void => {
    for (const [name, definition] of Object.entries(definitions)) {
      if (index.has(name)) continue
      const entry: Name = {
        name,
        role,
        slot: names.length,
        definition,
        isNumeric: isNumericType(definition.type),
        path: `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      }
      names.push(entry)
      index.set(name, entry)
    }
  }
  add('fact', policy.facts, '/facts')
  add('output', policy.outputs, '/outputs')
  return { names, find: name => index.get(name) }
}
