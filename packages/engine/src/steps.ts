/**
 * The seam between the core and the kinds of step.
 *
 * A kind of step is one object: it binds a step of a document once (parsing whatever it holds) and gives back what the
 * core needs to check it, to put it in order and to run it. Kinds are listed in `step-kinds.ts`, one line each.
 *
 *   export const formula: StepKind<FormulaStep> = { kind: 'formula', bind: (step, context) => ({ … }) }
 *
 * Every bound step can be interpreted, which is the obvious version and the one that explains itself. `compile` is the
 * fast version of the same; where it is absent the core interprets and throws the trace away. `emit` writes the step
 * into the fused loop over columns; where it is absent the loop calls the compiled step row by row.
 */
import type { Frame } from './frame.ts'
import type { OperatorTable } from './operators/index.ts'
import type { Scope } from './scope.ts'
import type { ListDefinition, NamedCondition, Outcome, Policy, Step, Text, Value } from './policy/document.ts'
import type { Decision, StepTrace } from './policy/decision.ts'
import type { Severity } from './policy/finding.ts'

export interface StepKind<S extends Step = Step> {
  readonly kind: S['kind']
  bind(step: S, context: StepContext): BoundStep
}

/** What a step may look at while it is bound. */
export interface StepContext {
  /** JSON pointer of the step, e.g. `/steps/2`. */
  readonly path: string
  /** Facts and outputs, with their types and slots. */
  readonly scope: Scope
  readonly policy: Policy
  readonly lists: Readonly<Record<string, ListDefinition>>
  readonly conditions: Readonly<Record<string, NamedCondition>>
  /** Says something about the document; an error keeps the policy from compiling. `below` is appended to `path`. */
  report(code: string, severity: Severity, below: string, message: Text): void
  /** The dialect's operators and the host's. */
  readonly operators: OperatorTable
  /** The compiled policy that a `decision` step names, where the host has it. */
  readonly resolve: PolicyResolver
}

export interface PolicyResolver {
  (id: string, version?: number): Decidable | undefined
}

/** As much of a compiled policy as a step that calls it needs. */
export interface Decidable {
  readonly policy: Policy
  readonly hash: string
  decide(facts: Readonly<Record<string, unknown>>, options?: { readonly trace?: boolean }): Decision
}

/** A step of a document, parsed and ready to run. Report unknown names, then leave them out of `reads`. */
export interface BoundStep {
  /** Names of facts and outputs that the step may look at. */
  readonly reads: readonly string[]
  /** Names of outputs that the step may write. */
  readonly writes: readonly string[]
  /** Runs the step the obvious way and says what happened. Effects (writes, reasons, unknowns) go to the frame. */
  interpret(frame: Frame): StepTrace
  /** The same effects, fast and without a trace. Must not generate code. */
  compile?(): CompiledStep
  /** The same effects, as statements of generated code. */
  emit?(code: Code): void
}

export interface CompiledStep {
  (frame: Frame): void
}

/**
 * Writes generated source. It only ever contains numbers, indices and names made here: text of a document goes in
 * through `constant` and comes back as a generated name.
 */
export interface Code {
  /** Groups statements; a long step writes many parts, so that no generated function outgrows the optimiser. Expressions are only good within the part that asked for them. */
  part(body: () => void): void
  /** Adds a statement to the part. */
  line(statement: string): void
  /** Statement: leaves the step, its other parts included. */
  readonly stop: string
  /** Expression: the number of a name, NaN when missing. Booleans are 1 and 0, dates are days since 1970-01-01. */
  number(name: string): string
  /** Expression: true when the fact or output has a value. */
  present(name: string): string
  /** Expression: the value (string or enum) is one of these; false when missing. */
  isOneOf(name: string, values: readonly string[]): string
  /** Expression: one of these names may be missing; `false` where the data say that none is. */
  isIncomplete(names: readonly string[]): string
  /** A generated name bound to this value or function. */
  constant(value: unknown): string
  /** Expression: the frame, with the values of these names in it. `code.frame([])` is the frame as it stands. */
  frame(names: readonly string[]): string
  /** A loop over columns keeps hits as bitsets instead of events, reasons and texts. */
  readonly keepsHits: boolean
  /** Statement: says that something could not be judged, as `frame.isUnknown = true` does. */
  readonly unknown: string
  /** Statement: asks for an outcome, as `frame.ask` does. */
  ask(outcome: Outcome): string
  /** Statement: writes a constant to an output, as `frame.write` does. */
  write(output: string, constant: Value): string
  /** Statement: counts a hit of the item at this JSON pointer (a rule, a row); empty where hits aren't kept. */
  hit(path: string): string
  /** Statement: counts a hit where an expression of 1 or 0 is 1, without a jump. */
  hitIf(path: string, expression: string): string
}
