import { OPERATORS } from '../operators/index.ts'
import { operandOf, operandOfConstant, workingConstant } from '../operators/typing.ts'
import { canonicalJson } from '../policy/canonical.ts'
import type { Condition, LeafCondition } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { Name } from '../scope.ts'
import { createDomain, type Domain, type Marks, noMarks, opaqueDomain, placeOf } from './domain.ts'
import type { Reader } from './reader.ts'
import { createLeaf, FALSE_BIT, type Formula, TRUE_BIT, UNKNOWN_BIT, type Variable } from './truth-search.ts'

/** Turns conditions into formulas; all that are made by one maker share their variables. */
export interface FormulaMaker {
  /** Undefined for what is switched off, or wrong. */
  make(condition: Condition, path: string): Formula | undefined
  /** Where formulas come from. */
  readonly places: ReadonlyMap<Formula, Place>
}

export interface Place {
  readonly path: string
  readonly condition: Condition
}

/** What a leaf holds its fact against is known, and the operator is one of the dialect. */
interface Clear {
  readonly name: Name
  readonly constant: unknown
  readonly evaluate: (left: unknown, right: unknown) => unknown
}

/** Collects what the conditions compare with, so that atoms can be made, then makes formulas. */
export function createFormulaMaker(conditions: readonly Condition[], reader: Reader): FormulaMaker {
  const { scope, context } = reader
  const marks = new Map<string, Marks>()
  const clear = new Map<LeafCondition, Clear | undefined>()
  const visited = new Set<Condition>()
  for (const condition of conditions) collect(condition)

  const domains = new Map<string, Domain>()
  const variables = new Map<string, Variable>()
  const places = new Map<Formula, Place>()
  const open: string[] = []
  return { make, places }

  function collect(condition: Condition): void {
    if (visited.has(condition)) return
    visited.add(condition)
    if ('condition' in condition) {
      const named = Object.hasOwn(context.conditions, condition.condition) ? context.conditions[condition.condition] : undefined
      if (named) collect(named)
    } else if ('any' in condition) condition.any.forEach(collect)
    else if ('all' in condition) condition.all.forEach(collect)
    else if ('not' in condition) collect(condition.not)
    else {
      const known = clearLeaf(condition)
      clear.set(condition, known)
      if (!known) return
      const own = marks.get(known.name.name) ?? noMarks()
      marks.set(known.name.name, own)
      for (const constant of Array.isArray(known.constant) ? known.constant : [known.constant]) {
        const place = placeOf(constant, known.name.definition.type)
        if (place !== undefined) own.numbers.add(place)
        if (typeof constant === 'string') own.texts.add(constant)
      }
    }
  }

  function clearLeaf({ fact, operator, value, path, params }: LeafCondition): Clear | undefined {
    const name = scope.find(fact)
    if (!name || path !== undefined || params !== undefined || name.definition.type === 'list') return undefined
    const base = operator.slice(operator.lastIndexOf(':') + 1)
    const found = OPERATORS.some(known => known.name === base && context.operators.find(base) === known)
      ? context.operators.find(operator)
      : undefined
    const constant = constantOf(value)
    if (!found || constant === undefined || found.check?.(operandOf(name.definition), operandOfConstant(constant))) return undefined
    return { name, constant: workingConstant(constant, operandOf(name.definition)), evaluate: found.evaluate }
  }

  function constantOf(value: unknown): unknown {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.every(item => item === null || typeof item !== 'object') ? value : undefined
    const list = (value as { list?: unknown }).list
    return typeof list === 'string' && Object.hasOwn(context.lists, list) && !('fact' in value) ? context.lists[list]!.values : undefined
  }

  function make(condition: Condition, path: string): Formula | undefined {
    if (condition.enabled === false) return undefined
    const formula = formulaOf(condition, path)
    if (formula && !places.has(formula)) places.set(formula, { path, condition })
    return formula
  }

  function formulaOf(condition: Condition, path: string): Formula | undefined {
    if ('condition' in condition) {
      const name = condition.condition
      const named = Object.hasOwn(context.conditions, name) ? context.conditions[name] : undefined
      if (!named || open.includes(name)) return undefined
      open.push(name)
      const inner = make(named, pointer('/conditions', name))
      open.pop()
      return inner
    }
    for (const kind of ['any', 'all'] as const) {
      const list = (condition as { readonly [key in 'any' | 'all']?: readonly Condition[] })[kind]
      if (!list) continue
      const parts = list.flatMap((child, index) => make(child, pointer(path, kind, index)) ?? [])
      return parts.length === 0 && list.length > 0 ? undefined : { kind, parts }
    }
    if ('not' in condition) {
      const part = make(condition.not, pointer(path, 'not'))
      return part && { kind: 'not', part }
    }
    return leafOf(condition as LeafCondition)
  }

  function leafOf(condition: LeafCondition): Formula | undefined {
    if (!scope.find(condition.fact)) return undefined
    const whenMissing = condition.ifMissing === 'true' ? TRUE_BIT : condition.ifMissing === 'false' ? FALSE_BIT : UNKNOWN_BIT
    const known = clear.get(condition)
    if (!known) {
      const { fact, operator, value, path, params } = condition
      const variable = variableOf(`? ${canonicalJson([fact, operator, value, path ?? null, params ?? null])}`, opaqueDomain())
      return createLeaf(variable, Uint8Array.of(TRUE_BIT, FALSE_BIT, whenMissing))
    }
    const name = known.name.name
    let domain = domains.get(name)
    if (!domain) domains.set(name, (domain = createDomain(known.name.definition, marks.get(name)!)))
    const truths = new Uint8Array(domain.count)
    for (let atom = 0; atom < domain.count; atom++) {
      truths[atom] =
        atom === domain.missing ? whenMissing : known.evaluate(domain.workingValueOf(atom), known.constant) ? TRUE_BIT : FALSE_BIT
    }
    return createLeaf(variableOf(name, domain), truths)
  }

  function variableOf(key: string, { count, missing }: Domain): Variable {
    let variable = variables.get(key)
    if (!variable) variables.set(key, (variable = { key, count, missing }))
    return variable
  }
}
