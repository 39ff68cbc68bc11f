import { createScope, type Scope } from '../scope.ts'
import { Frame } from '../frame.ts'
import { createOperatorTable } from '../operators/index.ts'
import type { Decorator, Operator } from '../operators/operator.ts'
import { comparable, operandOf, operandOfConstant } from '../operators/typing.ts'
import { hashPolicy } from '../policy/canonical.ts'
import type { Decision, StepTrace, Trace } from '../policy/decision.ts'
import { OUTCOMES, type Facts, type Policy, type Step, type Text, type Value } from '../policy/document.ts'
import { type Finding, hasErrors, MAX_FINDINGS, type Severity } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { rankReasons } from '../explain/reason.ts'
import type { BoundStep, Decidable, PolicyResolver, StepContext, StepKind } from '../steps.ts'
import { STEP_KINDS } from '../step-kinds.ts'
import { createFactLoader, type FactLoader } from './facts.ts'
import { mayGenerate } from './generate.ts'
import { checkWrites, orderSteps, type OrderedStep } from './order.ts'
import { compileStep } from './row-code.ts'

export interface CompileOptions {
  /** The number under which the host published this version. */
  readonly version?: number
  /** False: closures only, as under a content security policy without `unsafe-eval`. Found out when absent. */
  readonly codegen?: boolean
  /** Currency of money facts that don't state theirs. */
  readonly currency?: string
  /** Finds the policies that `decision` steps name. */
  readonly resolve?: PolicyResolver
  readonly operators?: readonly Operator[]
  readonly decorators?: readonly Decorator[]
}

export interface DecideOptions {
  readonly trace?: boolean
}

export interface CompiledPolicy extends Decidable {
  readonly policy: Policy
  readonly version?: number
  readonly hash: string
  /** Warnings; errors keep a policy from being compiled. */
  readonly findings: readonly Finding[]
  readonly isGenerated: boolean
  decide(facts: Facts, options?: DecideOptions): Decision
  /** The reference: the same decision, made by the interpreters. */
  interpret(facts: Facts): Decision
  /** The parts that other evaluators are built from. */
  readonly plan: Plan
}

export interface Plan {
  readonly scope: Scope
  readonly steps: readonly OrderedStep[]
  readonly load: FactLoader
  readonly createFrame: () => Frame
}

/** The document has errors; compile it again when they are mended. */
export class PolicyInvalid extends Error {
  readonly code = 'POLICY_INVALID'
  readonly findings: readonly Finding[]
  constructor(policy: Policy, findings: readonly Finding[]) {
    const first = findings.find(finding => finding.severity === 'error')
    super(`Policy ${policy.id} can't be compiled: ${first?.path} ${first?.message.en}`)
    this.findings = findings
  }
}

/** Everything that compiling has to say about a policy: names, types, cycles, double writes. */
export function checkPolicy(policy: Policy, options: CompileOptions = {}): readonly Finding[] {
  return bindPolicy(policy, options).findings
}

/** Makes a policy ready to decide: bind → order → check → emit. Throws `PolicyInvalid` when the document has errors. */
export function compile(policy: Policy, options: CompileOptions = {}): CompiledPolicy {
  const { scope, steps, findings } = bindPolicy(policy, options)
  if (hasErrors(findings)) throw new PolicyInvalid(policy, findings)
  const codegen = options.codegen ?? mayGenerate()
  const hash = hashPolicy(policy)
  const load = createFactLoader(scope, { ...(options.currency ? { currency: options.currency } : {}), codegen })
  const compiled = steps.map(({ bound }) => compileStep(bound, scope, codegen))
  const createFrame = (): Frame =>
    new Frame(scope, {
      ...(options.currency ? { currency: options.currency } : {}),
      ...(policy.rounding ? { rounding: policy.rounding } : {}),
    })
  const conclude = createConclusion(policy, { hash, scope, steps, ...(options.version === undefined ? {} : { version: options.version }) })
  const frame = createFrame()
  let isBusy = false

  // One frame serves all decisions of a policy; only a policy that (by way of a host operator) calls itself needs another.
  const withFrame = (facts: Facts, run: (frame: Frame) => Decision): Decision => {
    const current = isBusy ? createFrame() : frame
    const wasBusy = isBusy
    isBusy = true
    try {
      current.reset()
      load(facts, current)
      return run(current)
    } finally {
      isBusy = wasBusy
    }
  }
  const runCompiled = (current: Frame): Decision => {
    for (const step of compiled) step(current)
    return conclude(current, undefined)
  }
  const runInterpreted = (current: Frame): Decision => conclude(current, interpretSteps(steps, scope, current))

  return {
    policy,
    hash,
    findings,
    isGenerated: codegen,
    ...(options.version === undefined ? {} : { version: options.version }),
    plan: { scope, steps, load, createFrame },
    decide: (facts, { trace = false } = {}) => withFrame(facts, trace ? runInterpreted : runCompiled),
    interpret: facts => withFrame(facts, current => withoutTrace(runInterpreted(current))),
  }
}

interface BoundPolicy {
  readonly scope: Scope
  readonly steps: readonly OrderedStep[]
  readonly findings: readonly Finding[]
}

function bindPolicy(policy: Policy, options: CompileOptions): BoundPolicy {
  const findings: Finding[] = []
  const report = (code: string, severity: Severity, path: string, message: Text): void => {
    if (findings.length < MAX_FINDINGS) findings.push({ code, severity, path, message })
  }
  const scope = createScope(policy)
  checkNames(policy, report)
  const operators = createOperatorTable(options.operators, options.decorators)
  const resolve = options.resolve ?? (() => undefined)
  const bound: OrderedStep[] = []
  const ids = new Set<string>()
  for (const [index, step] of policy.steps.entries()) {
    const path = pointer('/steps', index)
    if (ids.has(step.id))
      report('DUPLICATE_ID', 'error', pointer(path, 'id'), {
        en: `Another step is called "${step.id}".`,
        zh: `已有名为“${step.id}”的步骤。`,
      })
    ids.add(step.id)
    const context: StepContext = {
      path,
      scope,
      policy,
      lists: policy.lists ?? {},
      conditions: policy.conditions ?? {},
      operators,
      resolve,
      report: (code, severity, below, message) =>
        report(code, severity, below.startsWith(path) || below.startsWith('/conditions/') ? below : path + below, message),
    }
    const made = bindStep(step, context)
    // A step that is switched off is still checked: it may be switched on again.
    if (step.enabled !== false) bound.push({ step, bound: made, path })
  }
  const fail = (code: string, path: string, message: Text): void => report(code, 'error', path, message)
  checkWrites(bound, output => scope.find(output)?.definition.combine !== undefined || scope.find(output)?.definition.type === 'list', fail)
  return { scope, steps: orderSteps(bound, fail), findings: unique(findings) }
}

function bindStep<S extends Step>(step: S, context: StepContext): BoundStep {
  const kind = STEP_KINDS[step.kind] as StepKind<S> | undefined
  if (!kind) throw new Error(`No evaluator for steps of kind ${step.kind}.`)
  return kind.bind(step, context)
}

function checkNames(policy: Policy, report: (code: string, severity: Severity, path: string, message: Text) => void): void {
  for (const [parent, definitions] of [
    ['/facts', policy.facts],
    ['/outputs', policy.outputs],
  ] as const) {
    for (const [name, definition] of Object.entries(definitions)) {
      const path = pointer(parent, name)
      if (parent === '/outputs' && Object.hasOwn(policy.facts, name))
        report('NAME_CLASH', 'error', path, {
          en: `"${name}" is a fact already; name the output differently.`,
          zh: `“${name}”已是事实，请为输出另取名称。`,
        })
      if (name === 'outcome')
        report('NAME_CLASH', 'error', path, {
          en: '"outcome" is every policy\'s own result; choose another name.',
          zh: '“outcome”是每个策略自带的结果，请另取名称。',
        })
      if (definition.min !== undefined && definition.max !== undefined && definition.min > definition.max)
        report('EMPTY_RANGE', 'error', pointer(path, 'min'), {
          en: `The least value ${definition.min} is above the greatest, ${definition.max}.`,
          zh: `最小值 ${definition.min} 大于最大值 ${definition.max}。`,
        })
      if (definition.type === 'enum' && !definition.values?.length)
        report('NO_VALUES', 'error', pointer(path, 'values'), {
          en: `List the values that "${name}" can have.`,
          zh: `请列出“${name}”的可选值。`,
        })
      if (definition.type === 'list' && !definition.of)
        report('NO_ELEMENT_TYPE', 'warning', pointer(path, 'of'), {
          en: `Say what the list "${name}" holds.`,
          zh: `请说明列表“${name}”的元素类型。`,
        })
      if (definition.currency !== undefined && definition.type !== 'money' && definition.of !== 'money')
        report('NOT_MONEY', 'warning', pointer(path, 'currency'), { en: 'Only money has a currency.', zh: '只有金额才有币种。' })
    }
  }
  for (const [name, definition] of Object.entries(policy.outputs)) {
    const path = pointer('/outputs', name)
    if (definition.default !== undefined) checkDefault(definition, path, report)
    if (definition.combine) checkCombine(definition, path, report)
  }
}

function checkDefault(
  definition: Policy['outputs'][string],
  path: string,
  report: (code: string, severity: Severity, path: string, message: Text) => void,
): void {
  if (definition.type === 'list' ? Array.isArray(definition.default) : definition.default === null) return
  const problem = comparable(operandOf(definition), operandOfConstant(definition.default))
  if (problem) report('TYPE_MISMATCH', 'error', pointer(path, 'default'), problem)
}

function checkCombine(
  { combine, type }: Policy['outputs'][string],
  path: string,
  report: (code: string, severity: Severity, path: string, message: Text) => void,
): void {
  const isNumeric = type === 'number' || type === 'integer' || type === 'percent' || type === 'money'
  const fits =
    combine === 'sum'
      ? isNumeric
      : combine === 'append'
        ? type === 'list'
        : combine === 'min' || combine === 'max'
          ? isNumeric || type === 'date'
          : true
  if (!fits)
    report('TYPE_MISMATCH', 'error', pointer(path, 'combine'), {
      en: `Values of type ${type} can't be combined by "${combine}".`,
      zh: `${type} 类型的值不能用“${combine}”合并。`,
    })
}

/** A named condition is bound once per step that uses it; what is wrong with it is said once. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ code, path }) => {
    const key = `${code} ${path}`
    return !seen.has(key) && seen.add(key)
  })
}

function interpretSteps(steps: readonly OrderedStep[], scope: Scope, frame: Frame): Trace {
  const facts: Record<string, Value> = {}
  for (const { name, role, slot } of scope.names) {
    if (role !== 'fact') continue
    const value = frame.present(slot)
    if (value !== null) facts[name] = value
  }
  const traces: StepTrace[] = []
  for (const { bound } of steps) {
    const trace = bound.interpret(frame)
    if (bound.writes.length > 0) (trace as { wrote: Readonly<Record<string, Value>> }).wrote = writtenBy(bound, scope, frame)
    traces.push(trace)
  }
  return { facts, steps: traces }
}

function writtenBy({ writes }: BoundStep, scope: Scope, frame: Frame): Readonly<Record<string, Value>> {
  const wrote: Record<string, Value> = {}
  for (const name of writes) {
    const { slot } = scope.find(name)!
    if (frame.written[slot] === 1) wrote[name] = frame.present(slot)
  }
  return wrote
}

interface ConclusionParts {
  readonly hash: string
  readonly version?: number
  readonly scope: Scope
  readonly steps: readonly OrderedStep[]
}

/** What remains once the steps have run: the outcome, outputs in the order of the document, what was missing. */
function createConclusion(
  policy: Policy,
  { hash, version, scope, steps }: ConclusionParts,
): (frame: Frame, trace: Trace | undefined) => Decision {
  const identity = Object.freeze({ id: policy.id, ...(version === undefined ? {} : { version }), hash })
  const whenUnknown = policy.whenUnknown ?? 'refer'
  const unknownSeverity = whenUnknown === 'ignore' ? 0 : OUTCOMES.indexOf(whenUnknown)
  const outputs = scope.names.filter(name => name.role === 'output')
  const read = new Set(steps.flatMap(({ bound }) => bound.reads))
  const asked = scope.names.filter(name => name.role === 'fact' && read.has(name.name))
  const numeric = asked.filter(name => name.isNumeric)
  const other = asked.filter(name => !name.isNumeric)

  const findMissing = (frame: Frame): readonly string[] => {
    let isComplete = true
    for (let i = 0; i < numeric.length; i++) {
      const number = frame.numbers[numeric[i]!.slot]!
      if (number !== number) isComplete = false
    }
    for (let i = 0; i < other.length; i++) if (frame.values[other[i]!.slot] === undefined) isComplete = false
    if (isComplete) return []
    return asked
      .filter(({ slot, isNumeric }) => (isNumeric ? Number.isNaN(frame.numbers[slot]) : frame.values[slot] === undefined))
      .map(({ name }) => name)
  }
  return (frame, trace) => {
    const severity = frame.isUnknown && unknownSeverity > frame.severity ? unknownSeverity : frame.severity
    const values: Record<string, Value> = {}
    for (let i = 0; i < outputs.length; i++) values[outputs[i]!.name] = frame.present(outputs[i]!.slot)
    return {
      policy: identity,
      outcome: OUTCOMES[severity]!,
      outputs: values,
      reasons: rankReasons(frame.reasons),
      requirements: frame.requirements,
      events: frame.events,
      missing: findMissing(frame),
      isUnknown: frame.isUnknown,
      ...(trace === undefined ? undefined : { trace }),
    }
  }
}

function withoutTrace(decision: Decision): Decision {
  const { trace: _, ...rest } = decision
  return rest
}
