import { reasonTemplate, unknownPlaceholders } from '../explain/reason.ts'
import type { Frame } from '../frame.ts'
import { operandOf, operandOfConstant, comparable } from '../operators/typing.ts'
import type { FiredEvent } from '../policy/decision.ts'
import type { ReasonDefinition, Rule, Value } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { Name } from '../scope.ts'
import type { Code, StepContext } from '../steps.ts'
import { jsonPath, type PathReader, readPath } from './json-path.ts'

export interface Effects {
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  /** Does to the frame what the rule says, and records the event. */
  readonly apply: (frame: Frame) => void
  /** Something is written or asked for, besides the event and the reasons. */
  readonly isFelt: boolean
  /** As `apply`, without the event and the reasons: a loop over columns keeps hits instead. */
  readonly emit: (code: Code) => string
}

/** A value that is a constant or taken from a name when the rule fires. */
type Source = { readonly constant: unknown } | { readonly name: Name; readonly path?: PathReader }

export function bindEffects(rule: Rule, step: string, path: string, context: StepContext): Effects {
  const at = pointer(path, 'event', 'params')
  const { set = {}, outcome, reason, require = [], ...others } = rule.event.params ?? {}
  const reads = new Set<string>()

  const sets: { readonly name: string; readonly slot: number; readonly source: Source }[] = []
  const writes: string[] = []
  for (const [output, value] of Object.entries(set)) {
    const target = context.scope.find(output)
    const place = pointer(at, 'set', output)
    if (target?.role !== 'output') {
      context.report(
        'UNKNOWN_OUTPUT',
        'error',
        place,
        target
          ? { en: `"${output}" is a fact; a rule can only set outputs.`, zh: `“${output}”是事实；规则只能设置输出。` }
          : { en: `There is no output named "${output}".`, zh: `没有名为“${output}”的输出。` },
      )
      continue
    }
    const source = sourceOf(value, context, place, reads)
    if (!source || !fits(source, target, context, place)) continue
    sets.push({ name: output, slot: target.slot, source })
    writes.push(output)
  }

  const template = (definition: ReasonDefinition, place: string, adverse: boolean) => {
    for (const name of unknownPlaceholders(definition.text, context.scope)) {
      context.report('UNKNOWN_PLACEHOLDER', 'warning', pointer(place, 'text'), {
        en: `{${name}} is neither a fact nor an output.`,
        zh: `{${name}} 既不是事实也不是输出。`,
      })
    }
    return reasonTemplate(definition, { path: place, step, adverse }, context.scope)
  }
  const makeReason = reason && template(reason, pointer(at, 'reason'), outcome !== 'approve')
  const makeRequirements = require.map((definition, index) => template(definition, pointer(at, 'require', index), false))
  const makeEvent = eventTemplate(rule, step, { set, others }, context, at, reads)

  const write = (frame: Frame): void => {
    for (const { slot, source } of sets) {
      const value = resolve(source, frame)
      if (value === undefined) frame.isUnknown = true
      else frame.writeSlot(slot, value)
    }
    if (outcome) frame.ask(outcome)
  }
  return {
    reads: [...reads],
    writes,
    isFelt: sets.length > 0 || outcome !== undefined,
    emit(code) {
      const asked = outcome ? code.ask(outcome) : ''
      if (sets.every(({ source }) => 'constant' in source))
        return asked + sets.map(({ name, source }) => code.write(name, (source as { constant: Value }).constant)).join(' ')
      return `${asked} ${code.constant(write)}(${code.frame([...reads])});`
    },
    apply(frame) {
      frame.events.push(makeEvent(frame))
      if (makeReason) frame.reasons.push(makeReason(frame))
      for (const make of makeRequirements) frame.requirements.push(make(frame))
      write(frame)
    },
  }
}

function sourceOf(value: unknown, context: StepContext, place: string, reads: Set<string>): Source | undefined {
  if (!isReference(value)) return { constant: deepFreeze(value) }
  const name = context.scope.find(value.fact)
  if (!name) {
    context.report('UNKNOWN_FACT', 'error', pointer(place, 'fact'), {
      en: `There is no fact or output named "${value.fact}".`,
      zh: `没有名为“${value.fact}”的事实或输出。`,
    })
    return undefined
  }
  reads.add(name.name)
  return typeof value.path === 'string' ? { name, path: jsonPath(value.path) } : { name }
}

function fits(source: Source, target: Name, context: StepContext, place: string): boolean {
  const left = operandOf(target.definition)
  if (target.definition.type === 'list' || ('name' in source && source.path)) return true
  const problem = comparable(left, 'constant' in source ? operandOfConstant(source.constant) : operandOf(source.name.definition))
  if (problem) context.report('TYPE_MISMATCH', 'error', place, problem)
  return !problem
}

/** What leaves the engine: money as a decimal string. */
function resolve(source: Source, frame: Frame): Value | undefined {
  if ('constant' in source) return source.constant as Value
  const value = frame.present(source.name.slot)
  return (source.path ? (readPath(value, source.path) as Value | undefined) : value) ?? undefined
}

/** Events without references are the same in every decision. */
function eventTemplate(
  rule: Rule,
  step: string,
  { set, others }: { readonly set: Readonly<Record<string, unknown>>; readonly others: Readonly<Record<string, unknown>> },
  context: StepContext,
  at: string,
  reads: Set<string>,
): (frame: Frame) => FiredEvent {
  const isDynamic = [...Object.values(set), ...Object.values(others)].some(isReference)
  const make = (params: Readonly<Record<string, unknown>>): FiredEvent =>
    Object.freeze({ step, rule: rule.id, type: rule.event.type, params })
  if (!isDynamic) {
    const event = make(deepFreeze(structuredCopy(rule.event.params ?? {})))
    return () => event
  }
  const bindAll = (values: Readonly<Record<string, unknown>>, place: string): [string, Source][] =>
    Object.entries(values).flatMap(([key, value]) => {
      const source = sourceOf(value, context, pointer(place, key), reads)
      return source ? [[key, source]] : []
    })
  const setSources = bindAll(set, pointer(at, 'set'))
  const otherSources = bindAll(others, at)
  const resolveAll = (sources: readonly [string, Source][], frame: Frame): Record<string, unknown> =>
    Object.fromEntries(sources.map(([key, source]) => [key, resolve(source, frame) ?? null]))
  return frame =>
    make({
      ...rule.event.params,
      ...resolveAll(otherSources, frame),
      ...(setSources.length > 0 ? { set: resolveAll(setSources, frame) } : {}),
    })
}

const isReference = (value: unknown): value is { readonly fact: string; readonly path?: unknown } =>
  value !== null && typeof value === 'object' && typeof (value as { fact?: unknown }).fact === 'string'

/** Documents are plain JSON once they are parsed. */
const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
