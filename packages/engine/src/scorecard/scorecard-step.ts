import { reasonTemplate, type ReasonTemplate } from '../explain/reason.ts'
import { bindExpression, checkFits } from '../feel/bind.ts'
import { add, divide, type FeelNumber, isFeelNumber, multiply, round, subtract, toDouble } from '../feel/number.ts'
import { policyVocabulary } from '../feel/policy-vocabulary.ts'
import type { ExpressionProgram } from '../feel/program.ts'
import { reportNoOutput, reportPlaceholders } from '../feel/report.ts'
import type { FeelValue } from '../feel/values.ts'
import { toValue } from '../feel/values.ts'
import type { Frame } from '../frame.ts'
import type { ScoreLine } from '../policy/decision.ts'
import type { Bin, Characteristic, MissingHandling, ScorecardStep } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { BoundStep, StepContext, StepKind } from '../steps.ts'
import { checkBins, checkWeights, isRange } from './check-bins.ts'
import { scorecardEmitter } from './emit-scorecard.ts'

/** Points by characteristic, summed exactly; 70.5 becomes 71 and 70.4 becomes 70. */
export const scorecard: StepKind<ScorecardStep> = { kind: 'scorecard', bind: bindScorecard }

export interface BoundCharacteristic {
  readonly id: string
  readonly path: string
  readonly program: ExpressionProgram<Frame>
  readonly missing: MissingHandling
  readonly weight: number
  readonly find: (value: FeelValue) => BoundBin | undefined
  /** In the order of the document. */
  readonly bins: readonly BoundBin[]
  readonly missingBin: BoundBin | undefined
  readonly otherBin: BoundBin | undefined
  readonly best: number
}

export interface BoundBin {
  readonly id: string
  readonly points: number
  /** points × weight. */
  readonly score: FeelNumber
  readonly reason: ReasonTemplate | undefined
}

function bindScorecard(step: ScorecardStep, context: StepContext): BoundStep {
  checkWeights(step, context)
  const target = context.scope.find(step.output)
  if (target?.role !== 'output') reportNoOutput(step.output, target !== undefined, context, pointer(context.path, 'output'))
  else checkFits('number', target.definition, step.output, context, pointer(context.path, 'output'))
  if (step.characteristics.length === 0) {
    context.report('SCORECARD_EMPTY', 'error', pointer(context.path, 'characteristics'), {
      en: 'A scorecard needs at least one characteristic.',
      zh: '评分卡至少需要一个特征。',
    })
  }
  const scale = scaleOf(step, context)
  const characteristics = step.characteristics.map((characteristic, index) =>
    bindCharacteristic(characteristic, step, context, pointer(context.path, 'characteristics', index), scale.factor),
  )
  const reads = new Set(characteristics.flatMap(({ program }) => program.reads))
  const totalWeight = characteristics.reduce<FeelNumber>((sum, { weight }) => add(sum, weight) ?? sum, 0)

  /** The total before rounding, or undefined when a missing value fails the step. */
  const total = (
    frame: Frame,
    see?: (characteristic: BoundCharacteristic, value: FeelValue, bin: BoundBin | undefined) => void,
  ): FeelNumber | undefined => {
    let sum: FeelNumber = 0
    let presentWeight: FeelNumber = totalWeight
    let hasFailed = false
    for (const characteristic of characteristics) {
      const value = characteristic.program.run(frame, null)
      const bin = value === null ? characteristic.missingBin : characteristic.find(value)
      see?.(characteristic, value, bin)
      if (bin) {
        sum = add(sum, bin.score) as FeelNumber
        if (bin.reason) frame.reasons.push(bin.reason(frame))
      } else if (value !== null || characteristic.missing === 'fail') hasFailed = true
      else if (characteristic.missing === 'reallocate') presentWeight = subtract(presentWeight, characteristic.weight) as FeelNumber
    }
    if (hasFailed) return undefined
    if (presentWeight !== totalWeight) {
      const share = divide(totalWeight, presentWeight)
      // Nothing is present that could carry the weight of what is missing.
      if (share === null) return undefined
      sum = multiply(sum, share) as FeelNumber
    }
    return scale.apply(sum)
  }
  const score = (exact: FeelNumber): FeelNumber => (step.rounding === 'none' ? exact : (round(exact, 0, 'half-up') ?? exact))
  const conclude = (frame: Frame, exact: FeelNumber | undefined): void => {
    if (exact === undefined) frame.isUnknown = true
    else frame.write(step.output, toValue(score(exact), target?.definition.type))
  }

  // The frame needs nothing of the facts: the sum is all that is written.
  const emit = scorecardEmitter(step, characteristics, (frame, sum) => conclude(frame, scale.apply(sum)), context)

  return {
    ...(emit ? { emit } : {}),
    reads: [...reads],
    writes: target?.role === 'output' ? [step.output] : [],
    interpret(frame) {
      const lines: ScoreLine[] = []
      const exact = total(frame, ({ id, path, weight, best }, value, bin) => {
        const points = bin?.points ?? 0
        const lineScore = toDouble(multiply(bin?.score ?? 0, scale.factor) ?? 0)
        lines.push({
          characteristic: id,
          path,
          value: toValue(value),
          bin: bin?.id ?? null,
          points,
          weight,
          score: lineScore,
          lost: toDouble(subtract(best, lineScore) ?? 0),
        })
      })
      conclude(frame, exact)
      return { kind: 'scorecard', id: step.id, path: context.path, wrote: {}, total: exact === undefined ? 0 : toDouble(exact), lines }
    },
    compile: () => frame => conclude(frame, total(frame)),
  }
}

function bindCharacteristic(
  characteristic: Characteristic,
  step: ScorecardStep,
  context: StepContext,
  path: string,
  factor: number,
): BoundCharacteristic {
  const vocabulary = policyVocabulary(context.scope, context.lists)
  const program = bindExpression(characteristic.expression, vocabulary, context, pointer(path, 'expression'))
  const fact = program.tree?.kind === 'name' ? context.scope.find(program.tree.name)?.definition : undefined
  checkBins(characteristic, program.type, fact, context, path)
  const weight = characteristic.weight ?? 1
  const scoreOf = (bin: Bin): FeelNumber => multiply(bin.points, weight) ?? 0
  const scores = characteristic.bins.map(bin => toDouble(multiply(scoreOf(bin), factor) ?? 0))
  const best = Math.max(...scores)
  const bound = characteristic.bins.map((bin, index): BoundBin => {
    const place = pointer(path, 'bins', index)
    const lost = toDouble(subtract(best, scores[index] ?? 0) ?? 0)
    if (bin.reason) reportPlaceholders(bin.reason.text, context, pointer(place, 'reason', 'text'))
    return {
      id: bin.id,
      points: bin.points,
      score: scoreOf(bin),
      reason: bin.reason && reasonTemplate(bin.reason, { path: place, step: step.id, adverse: lost > 0, weight: lost }, context.scope),
    }
  })
  const at = (role: 'missing' | 'other'): BoundBin | undefined => bound[characteristic.bins.findIndex(bin => bin[role])]
  return {
    id: characteristic.id,
    path,
    program,
    weight,
    best,
    missing: characteristic.missing ?? (at('missing') ? 'bin' : 'fail'),
    bins: bound,
    missingBin: at('missing'),
    otherBin: at('other'),
    find: binFinder(characteristic.bins, bound, at('other')),
  }
}

/** Looks up the bin of a value that is not missing: listed values first, then bounds, then the rest. */
function binFinder(
  bins: readonly Bin[],
  bound: readonly BoundBin[],
  other: BoundBin | undefined,
): (value: FeelValue) => BoundBin | undefined {
  const listed = new Map<FeelValue, BoundBin>()
  const ranges: { readonly from: number; readonly to: number; readonly bin: BoundBin }[] = []
  for (const [index, bin] of bins.entries()) {
    const target = bound[index] as BoundBin
    for (const value of bin.values ?? []) listed.set(value, target)
    if (isRange(bin)) ranges.push({ from: bin.from ?? -Infinity, to: bin.to ?? Infinity, bin: target })
  }
  ranges.sort((a, b) => a.from - b.from)
  return value => {
    if (!isFeelNumber(value)) return listed.get(value) ?? other
    const number = toDouble(value)
    const found = listed.get(number)
    if (found) return found
    for (const range of ranges) if (number >= range.from && number < range.to) return range.bin
    return other
  }
}

interface Scale {
  /** What one point of a bin is worth in the score. */
  readonly factor: number
  readonly apply: (sum: FeelNumber) => FeelNumber
}

function scaleOf(step: ScorecardStep, context: StepContext): Scale {
  const initial = step.initial ?? 0
  if (!step.scaling) return { factor: 1, apply: sum => add(sum, initial) ?? sum }
  const { points, odds, pointsToDoubleOdds } = step.scaling
  if (!(odds > 0) || !(pointsToDoubleOdds > 0)) {
    context.report('SCALING_INVALID', 'error', pointer(context.path, 'scaling'), {
      en: 'Odds and points to double the odds must be positive.',
      zh: '比率和翻倍分值必须为正数。',
    })
  }
  const factor = pointsToDoubleOdds / Math.LN2
  const offset = points - factor * Math.log(odds)
  return {
    factor,
    // Logarithms are not exact; nine decimals are, so that the rounding that follows does not hang on noise.
    apply: sum => Number((offset + factor * (toDouble(sum) + initial)).toFixed(9)),
  }
}
