import type { CompileOptions } from '../compile/policy.ts'
import { policyVocabulary } from '../feel/policy-vocabulary.ts'
import type { ExpressionProgram, Vocabulary } from '../feel/program.ts'
import { expressionProgram } from '../feel/program.ts'
import type { Frame } from '../frame.ts'
import { createOperatorTable } from '../operators/index.ts'
import type { Policy, Text } from '../policy/document.ts'
import type { Finding, Severity } from '../policy/finding.ts'
import { createScope, type Scope } from '../scope.ts'
import type { StepContext } from '../steps.ts'

/** What analyses share: the document, its names, and how its FEEL is read. */
export interface Reader {
  readonly policy: Policy
  readonly options: CompileOptions
  readonly scope: Scope
  readonly vocabulary: Vocabulary<Frame>
  expression(text: string): ExpressionProgram<Frame>
  /** For binding parts of the document; what is wrong with them is for `checkPolicy` to say. */
  readonly context: StepContext
}

/** One thing to find out about a policy. */
export interface Analysis {
  (reader: Reader): Iterable<Finding>
}

export function createReader(policy: Policy, options: CompileOptions): Reader {
  const scope = createScope(policy)
  const lists = policy.lists ?? {}
  const vocabulary = policyVocabulary(scope, lists)
  const programs = new Map<string, ExpressionProgram<Frame>>()
  return {
    policy,
    options,
    scope,
    vocabulary,
    expression(text) {
      let program = programs.get(text)
      if (!program) programs.set(text, (program = expressionProgram(text, vocabulary)))
      return program
    },
    context: {
      path: '',
      scope,
      policy,
      lists,
      conditions: policy.conditions ?? {},
      report() {},
      operators: createOperatorTable(options.operators, options.decorators),
      resolve: options.resolve ?? (() => undefined),
    },
  }
}

export function finding(
  code: string,
  severity: Severity,
  path: string,
  en: string,
  zh: string,
  more: Pick<Finding, 'counterexample' | 'fix' | 'related'> = {},
): Finding {
  return { code, severity, path, message: { en, zh }, ...more }
}

/** What people call a fact or an output. */
export function labelOf(name: string, { scope }: Reader): Text {
  return scope.find(name)?.definition.label ?? { en: name, zh: name }
}
