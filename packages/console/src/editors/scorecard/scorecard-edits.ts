import type { Bin, Characteristic, ScorecardStep } from '@surety/engine'
import { newId } from '../step-path.ts'

export function withCharacteristic(step: ScorecardStep, at: number, change: (one: Characteristic) => Characteristic): ScorecardStep {
  const one = step.characteristics[at]
  const next = one && change(one)
  return !one || next === one ? step : { ...step, characteristics: step.characteristics.with(at, next!) }
}

export function withBin(one: Characteristic, at: number, change: (bin: Bin) => Bin): Characteristic {
  const bin = one.bins[at]
  const next = bin && change(bin)
  return !bin || next === bin ? one : { ...one, bins: one.bins.with(at, next!) }
}

/** Moves a bound; a neighbour that began or ended there goes along, so that no gap opens. */
export function withBound(one: Characteristic, at: number, side: 'from' | 'to', value: number | undefined): Characteristic {
  const bin = one.bins[at]
  if (!bin || bin[side] === value) return one
  const before = bin[side]
  const other = side === 'from' ? 'to' : 'from'
  const neighbour = before === undefined ? -1 : one.bins.findIndex((each, place) => place !== at && each[other] === before)
  const changed = withBin(one, at, each => bounded(each, side, value))
  return neighbour < 0 || value === undefined ? changed : withBin(changed, neighbour, each => bounded(each, other, value))
}

/** Cuts a bin in two at a value; without one, adds an empty bin behind it. */
export function withBinSplit(one: Characteristic, at: number, value: number | undefined): Characteristic {
  const bin = one.bins[at]
  if (!bin) return one
  const { label: _, ...rest } = bin
  const halves: readonly Bin[] =
    value === undefined
      ? [bin, { id: newId('bin'), values: [], points: 0 }]
      : [bounded(rest, 'to', value), { ...bounded(rest, 'from', value), id: newId('bin') }]
  return { ...one, bins: one.bins.toSpliced(at, 1, ...halves) }
}

/** Takes a bin out; a range's neighbour takes its place. */
export function withoutBin(one: Characteristic, at: number): Characteristic {
  const bin = one.bins[at]
  if (!bin) return one
  const rest: Characteristic = { ...one, bins: one.bins.toSpliced(at, 1) }
  const before = bin.from === undefined ? -1 : rest.bins.findIndex(({ to }) => to === bin.from)
  if (before >= 0) return withBin(rest, before, each => bounded(each, 'to', bin.to))
  const after = bin.to === undefined ? -1 : rest.bins.findIndex(({ from }) => from === bin.to)
  return after < 0 ? rest : withBin(rest, after, each => bounded(each, 'from', bin.from))
}

/** Whether points rise or fall all the way along the ranges; bins that are no range say nothing. */
export function trendOf({ bins }: Characteristic): 'rising' | 'falling' | 'flat' | 'mixed' {
  const ranges = bins
    .filter(({ from, to }) => from !== undefined || to !== undefined)
    .toSorted((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity))
  let isRising = true
  let isFalling = true
  for (let at = 1; at < ranges.length; at++) {
    const step = ranges[at]!.points - ranges[at - 1]!.points
    if (step < 0) isRising = false
    if (step > 0) isFalling = false
  }
  return isRising && isFalling ? 'flat' : isRising ? 'rising' : isFalling ? 'falling' : 'mixed'
}

/** The least and the greatest score that can come out, before rounding. */
export function reachOf(step: ScorecardStep): { readonly least: number; readonly most: number } {
  let least = step.initial ?? 0
  let most = least
  for (const { bins, weight = 1 } of step.characteristics) {
    const points = bins.map(bin => bin.points * weight)
    if (points.length === 0) continue
    least += Math.min(...points)
    most += Math.max(...points)
  }
  const { scaling } = step
  if (!scaling) return { least, most }
  const factor = scaling.pointsToDoubleOdds / Math.LN2
  const offset = scaling.points - factor * Math.log(scaling.odds)
  return { least: offset + factor * least, most: offset + factor * most }
}

function bounded(bin: Bin, side: 'from' | 'to', value: number | undefined): Bin {
  const { [side]: _, ...rest } = bin
  return value === undefined ? rest : { ...rest, [side]: value }
}
