/** How fast many did one thing. */
export interface Figures {
  readonly rate: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export function figuresOf(timesMs: number[], seconds: number): Figures {
  timesMs.sort((left, right) => left - right)
  return { rate: timesMs.length / seconds, p50Ms: quantile(timesMs, 0.5), p99Ms: quantile(timesMs, 0.99) }
}

/** Of sorted times. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}
