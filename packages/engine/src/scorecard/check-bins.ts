import { TYPE_WORDS } from '../feel/bind.ts'
import type { FeelType } from '../feel/infer.ts'
import { add, compareNumbers, type FeelNumber } from '../feel/number.ts'
import type { Bin, Characteristic, FactDefinition, ScorecardStep, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { StepContext } from '../steps.ts'

/** Gaps and overlaps of the bins, values that no bin takes, and bins that no value can reach. */
export function checkBins(
  characteristic: Characteristic,
  type: FeelType,
  fact: FactDefinition | undefined,
  context: StepContext,
  path: string,
): void {
  const report = (code: string, below: readonly (string | number)[], message: Text): void =>
    context.report(code, 'error', pointer(path, ...below), message)
  const bins = characteristic.bins.map((bin, index) => ({ bin, index }))
  const ranges = bins.filter(({ bin }) => isRange(bin))
  for (const { bin, index } of bins) {
    if (!isRange(bin) && !bin.values && !bin.missing && !bin.other) {
      report('BIN_WITHOUT_CONTENT', ['bins', index], {
        en: `Bin "${bin.id}" takes nothing: give it bounds, values, "missing" or "other".`,
        zh: `分箱“${bin.id}”不包含任何值：请设置上下限、取值、缺失或其他。`,
      })
    }
    if (bin.from !== undefined && bin.to !== undefined && bin.from >= bin.to) {
      report('BIN_EMPTY', ['bins', index], {
        en: `Bin "${bin.id}" is empty: from ${bin.from} up to, not including, ${bin.to}.`,
        zh: `分箱“${bin.id}”为空：从 ${bin.from} 到 ${bin.to}（不含）。`,
      })
    }
    const wanted: FeelType | undefined = isRange(bin) ? 'number' : bin.values?.length ? (typeof bin.values[0] as FeelType) : undefined
    if (wanted && type !== 'unknown' && type !== 'null' && type !== wanted) {
      report('TYPE_MISMATCH', ['bins', index], {
        en: `"${characteristic.expression}" is ${TYPE_WORDS[type].en}, but bin "${bin.id}" is about ${TYPE_WORDS[wanted].en}.`,
        zh: `“${characteristic.expression}”为${TYPE_WORDS[type].zh}，而分箱“${bin.id}”针对${TYPE_WORDS[wanted].zh}。`,
      })
    }
  }
  checkRanges(
    ranges,
    bins.some(({ bin }) => bin.other),
    fact,
    report,
  )
  checkValues(bins, fact, report)
  checkSpecial(characteristic, bins, report)
}

/** Every characteristic carries a weight or none does, and weights are shares of one whole. */
export function checkWeights(step: ScorecardStep, context: StepContext): void {
  const weights = step.characteristics.map(({ weight }) => weight)
  const given = weights.filter(weight => weight !== undefined)
  if (given.length === 0) return
  if (given.length < weights.length) {
    const index = weights.indexOf(undefined)
    context.report('WEIGHT_MISSING', 'error', pointer(context.path, 'characteristics', index), {
      en: `"${step.characteristics[index]?.id}" has no weight, though others have one.`,
      zh: `其他特征已设权重，但“${step.characteristics[index]?.id}”没有权重。`,
    })
    return
  }
  const negative = weights.findIndex(weight => weight !== undefined && weight < 0)
  if (negative >= 0)
    context.report('WEIGHT_NEGATIVE', 'error', pointer(context.path, 'characteristics', negative, 'weight'), {
      en: 'A weight can’t be negative.',
      zh: '权重不能为负。',
    })
  const total = given.reduce<FeelNumber>((sum, weight) => add(sum, weight) ?? sum, 0)
  if (compareNumbers(total, 1) !== 0) {
    context.report('WEIGHT_SUM', 'error', pointer(context.path, 'characteristics'), {
      en: `The weights sum to ${total}; they are shares of a whole and must sum to 1.`,
      zh: `权重之和为 ${total}；权重是整体的份额，总和必须为 1。`,
    })
  }
}

export function isRange(bin: Bin): boolean {
  return bin.from !== undefined || bin.to !== undefined
}

interface Placed {
  readonly bin: Bin
  readonly index: number
}

interface Report {
  (code: string, below: readonly (string | number)[], message: Text): void
}

function checkRanges(ranges: readonly Placed[], hasOther: boolean, fact: FactDefinition | undefined, report: Report): void {
  const ordered = ranges.toSorted((a, b) => (a.bin.from ?? -Infinity) - (b.bin.from ?? -Infinity))
  const first = ordered[0]
  if (!first) return
  const lowest = first.bin.from ?? -Infinity
  const gap = (index: number, low: string, high: string): void => {
    if (!hasOther)
      report('BIN_GAP', ['bins', index], {
        en: `No bin takes values from ${low} up to, not including, ${high}.`,
        zh: `没有分箱包含从 ${low} 到 ${high}（不含）的值。`,
      })
  }
  if (lowest > (fact?.min ?? -Infinity)) gap(first.index, fact?.min === undefined ? '−∞' : String(fact.min), String(lowest))
  let reached = first.bin.to ?? Infinity
  for (const { bin, index } of ordered.slice(1)) {
    const from = bin.from ?? -Infinity
    if (from > reached) gap(index, String(reached), String(from))
    if (from < reached) {
      report('BIN_OVERLAP', ['bins', index], {
        en: `Bin "${bin.id}" overlaps another: values from ${from} up to ${Math.min(reached, bin.to ?? Infinity)} fall into both.`,
        zh: `分箱“${bin.id}”与另一分箱重叠：从 ${from} 到 ${Math.min(reached, bin.to ?? Infinity)} 的值同时落入两者。`,
      })
    }
    reached = Math.max(reached, bin.to ?? Infinity)
  }
  const last = ordered.at(-1)
  // Half-open: a bin that ends at the maximum leaves the maximum itself out.
  if (last && reached < Infinity && !(fact?.max !== undefined && reached > fact.max))
    gap(last.index, String(reached), fact?.max === undefined ? '∞' : `${fact.max}`)
}

function checkValues(bins: readonly Placed[], fact: FactDefinition | undefined, report: Report): void {
  const taken = new Map<unknown, string>()
  for (const { bin, index } of bins) {
    for (const [place, value] of (bin.values ?? []).entries()) {
      const other = taken.get(value)
      if (other !== undefined)
        report('BIN_OVERLAP', ['bins', index, 'values', place], {
          en: `${JSON.stringify(value)} is in bin "${other}" too.`,
          zh: `${JSON.stringify(value)} 同时属于分箱“${other}”。`,
        })
      taken.set(value, bin.id)
    }
  }
  if (taken.size === 0 || bins.some(({ bin }) => bin.other || isRange(bin))) return
  const possible = fact?.type === 'boolean' ? [true, false] : fact?.values?.map(item => (typeof item === 'string' ? item : item.value))
  const left = possible?.filter(value => !taken.has(value))
  if (left === undefined)
    report('BIN_GAP', ['bins'], {
      en: 'No bin takes values that are not listed; mark one as "other".',
      zh: '未列出的值没有分箱；请将一个分箱标为“其他”。',
    })
  else if (left.length > 0) report('BIN_GAP', ['bins'], { en: `No bin takes ${left.join(', ')}.`, zh: `没有分箱包含 ${left.join('、')}。` })
}

function checkSpecial(characteristic: Characteristic, bins: readonly Placed[], report: Report): void {
  for (const role of ['missing', 'other'] as const) {
    const second = bins.filter(({ bin }) => bin[role])[1]
    if (second)
      report('BIN_OVERLAP', ['bins', second.index], {
        en: `A second bin is marked "${role}".`,
        zh: `有第二个分箱被标为“${role === 'missing' ? '缺失' : '其他'}”。`,
      })
  }
  const hasMissingBin = bins.some(({ bin }) => bin.missing)
  if (characteristic.missing === 'bin' && !hasMissingBin) {
    report('BIN_FOR_MISSING', ['missing'], {
      en: 'Missing values have a bin of their own, but no bin is marked "missing".',
      zh: '缺失值应有单独分箱，但没有分箱标为“缺失”。',
    })
  }
  if (characteristic.missing !== undefined && characteristic.missing !== 'bin' && hasMissingBin) {
    report('BIN_FOR_MISSING', ['missing'], {
      en: `A bin is marked "missing", but "missing" says "${characteristic.missing}"; say "bin".`,
      zh: `有分箱标为“缺失”，但缺失处理为“${characteristic.missing}”；请改为“bin”。`,
    })
  }
}
