import { bindExpression, checkFits, lacksAny, outputValue } from '../feel/bind.ts'
import { isFeelNumber, round } from '../feel/number.ts'
import { policyVocabulary } from '../feel/policy-vocabulary.ts'
import type { ExpressionProgram } from '../feel/program.ts'
import { reportNoOutput } from '../feel/report.ts'
import type { FeelValue } from '../feel/values.ts'
import type { Frame } from '../frame.ts'
import type { FormulaExpression, FormulaStep, Value } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { Name } from '../scope.ts'
import type { BoundStep, StepContext, StepKind } from '../steps.ts'

/** Named FEEL expressions; arithmetic is exact decimal, so that 0.1 + 0.2 is 0.3. */
export const formula: StepKind<FormulaStep> = { kind: 'formula', bind: bindFormula }

interface BoundExpression {
  readonly id: string
  readonly path: string
  readonly target: Name
  readonly program: ExpressionProgram<Frame>
  readonly round: FormulaExpression['round']
}

function bindFormula(step: FormulaStep, context: StepContext): BoundStep {
  const vocabulary = policyVocabulary(context.scope, context.lists)
  const bound: BoundExpression[] = []
  for (const [index, expression] of step.expressions.entries()) {
    const path = pointer(context.path, 'expressions', index)
    const program = bindExpression(expression.expression, vocabulary, context, pointer(path, 'expression'))
    const target = context.scope.find(expression.output)
    if (target?.role !== 'output') {
      reportNoOutput(expression.output, target !== undefined, context, pointer(path, 'output'))
      continue
    }
    checkFits(program.type, target.definition, expression.output, context, pointer(path, 'expression'))
    bound.push({ id: expression.id, path, target, program, round: expression.round })
  }
  const ordered = inOrderOfNeed(bound, context)
  const writes = new Set(ordered.map(({ target }) => target.name))
  const reads = new Set(ordered.flatMap(({ program }) => program.reads).filter(name => !writes.has(name)))

  return {
    reads: [...reads],
    writes: [...writes],
    interpret(frame) {
      const expressions = ordered.map(expression => ({
        id: expression.id,
        path: expression.path,
        result: evaluate(expression, frame) ?? null,
      }))
      return { kind: 'formula', id: step.id, path: context.path, wrote: {}, expressions }
    },
    compile: () => frame => {
      for (const expression of ordered) evaluate(expression, frame)
    },
  }
}

function evaluate({ program, target, round }: BoundExpression, frame: Frame): Value | undefined {
  const value = outputValue(rounded(program.run(frame, null), round), target.definition, round?.decimals)
  if (value === undefined && lacksAny(frame, program.reads)) frame.isUnknown = true
  frame.writeSlot(target.slot, value)
  return value
}

function rounded(value: FeelValue, rule: FormulaExpression['round']): FeelValue {
  return rule && isFeelNumber(value) ? round(value, rule.decimals, rule.mode ?? 'half-up') : value
}

/** An expression comes after those whose outputs it reads, else in order of the document. */
function inOrderOfNeed(expressions: readonly BoundExpression[], context: StepContext): readonly BoundExpression[] {
  const writers = Map.groupBy(expressions, ({ target }) => target.name)
  const ordered: BoundExpression[] = []
  const state = new Map<BoundExpression, 'open' | 'done'>()
  const place = (expression: BoundExpression): void => {
    if (state.get(expression) === 'done') return
    if (state.get(expression) === 'open') {
      context.report('CYCLE', 'error', pointer(expression.path, 'expression'), {
        en: `"${expression.target.name}" is computed from itself.`,
        zh: `“${expression.target.name}”的计算依赖其自身。`,
      })
      return
    }
    state.set(expression, 'open')
    for (const name of expression.program.reads) for (const writer of writers.get(name) ?? []) place(writer)
    state.set(expression, 'done')
    ordered.push(expression)
  }
  expressions.forEach(place)
  return ordered
}
