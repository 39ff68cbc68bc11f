import type { CellSet } from '../feel/cell-set.ts'
import { canEmitCell, emitCell } from '../feel/emit-cell.ts'
import { multiply, toDouble } from '../feel/number.ts'
import type { Frame } from '../frame.ts'
import { literal } from '../operators/emit.ts'
import type { Bin, ScorecardStep } from '../policy/document.ts'
import type { Name } from '../scope.ts'
import type { Code, StepContext } from '../steps.ts'
import type { BoundBin, BoundCharacteristic } from './scorecard-step.ts'
import { isRange } from './check-bins.ts'

interface EmittedBin {
  readonly bin: BoundBin
  readonly set: CellSet
}

/**
 * The scorecard as generated code: scores are whole multiples of a unit, so that doubles sum them exactly. Undefined
 * for one whose weights move, whose values are computed or whose points have too many decimals.
 */
export function scorecardEmitter(
  step: ScorecardStep,
  characteristics: readonly BoundCharacteristic[],
  conclude: (frame: Frame, sum: number) => void,
  context: StepContext,
): ((code: Code) => void) | undefined {
  const names = characteristics.map(({ program }) => (program.tree?.kind === 'name' ? context.scope.find(program.tree.name) : undefined))
  if (characteristics.some(({ missing }) => missing === 'reallocate')) return undefined
  const unit = commonUnit(characteristics.flatMap(({ bins }) => bins.map(({ score }) => toDouble(score))))
  if (unit === undefined) return undefined
  const emitted: { readonly name: Name; readonly bins: readonly EmittedBin[]; readonly characteristic: BoundCharacteristic }[] = []
  for (const [at, characteristic] of characteristics.entries()) {
    const name = names[at]
    const bins = (step.characteristics[at]?.bins ?? []).flatMap((bin, index) =>
      bin.values || isRange(bin) ? [{ bin: characteristic.bins[index] as BoundBin, set: setOf(bin) }] : [],
    )
    if (!name || !bins.every((bin): bin is EmittedBin => bin.set !== undefined && canEmitCell(bin.set, name))) return undefined
    emitted.push({ name, bins, characteristic })
  }

  return code => {
    const run = (frame: Frame, count: number): void => conclude(frame, count / unit)
    const pushesReasons = !code.keepsHits && characteristics.some(({ bins }) => bins.some(({ reason }) => reason))
    code.part(() => {
      code.line('let sum = 0, line = 0;')
      for (const { name, bins, characteristic } of emitted) {
        const take = (bin: BoundBin | undefined): string => {
          // NaN: nothing takes the value, and the sum will tell.
          if (!bin) return 'line = NaN;'
          const count = literal(Math.round(toDouble(bin.score) * unit))
          const reason = pushesReasons && bin.reason ? ` ${code.constant(reasonPusher(bin.reason))}(${code.frame([])});` : ''
          return `line = ${count};${reason}`
        }
        const whenMissing = characteristic.missing === 'zero' ? 'line = 0;' : take(characteristic.missingBin)
        code.line(`if (!${code.present(name.name)}) { ${whenMissing} }`)
        for (const { bin, set } of bins) code.line(`else if (${emitCell(set, name, code)}) { ${take(bin)} }`)
        code.line(`else { ${take(characteristic.otherBin)} }`)
        code.line('sum += line;')
      }
      code.line(`if (sum === sum) { ${code.constant(run)}(${code.frame([])}, sum); } else { ${code.unknown} }`)
    })
  }
}

function reasonPusher(reason: NonNullable<BoundBin['reason']>): (frame: Frame) => void {
  return frame => {
    frame.reasons.push(reason(frame))
  }
}

function setOf({ from = -Infinity, to = Infinity, values }: Bin): CellSet | undefined {
  if (!values) return { kind: 'numbers', intervals: [{ low: from, lowIncluded: from !== -Infinity, high: to, highIncluded: false }] }
  if (values.every(value => typeof value === 'string')) return { kind: 'texts', values: new Set(values), negated: false }
  if (values.every(value => typeof value === 'boolean')) return { kind: 'booleans', values: new Set(values) }
  if (values.every(value => typeof value === 'number'))
    return { kind: 'numbers', intervals: values.map(value => ({ low: value, high: value, lowIncluded: true, highIncluded: true })) }
  return undefined
}

/** The power of ten of which all scores are whole multiples, while their sum stays exact. */
function commonUnit(scores: readonly number[]): number | undefined {
  for (let unit = 1; unit <= 1e9; unit *= 10) {
    const counts = scores.map(score => Math.round(score * unit))
    if (counts.reduce((sum, count) => sum + Math.abs(count), 0) >= 2 ** 53) return undefined
    if (scores.every((score, at) => multiply(score, unit) === counts[at])) return unit
  }
  return undefined
}
