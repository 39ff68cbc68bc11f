/** A small deterministic source of chance: the same seed gives the same company on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number
  /** Whole number in [low, high]. */
  readonly between: (low: number, high: number) => number
  readonly real: (low: number, high: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(items: readonly T[]) => T
  readonly weighted: <T>(items: readonly (readonly [item: T, weight: number])[]) => T
  readonly normal: (mean: number, deviation: number) => number
}

/** Seeds are hashed together, so that neighbouring customers have nothing in common. */
export function createRandom(...seeds: readonly (number | string)[]): Random {
  let state = hash(seeds.join('\u0000'))
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const real = (low: number, high: number): number => low + (high - low) * next()
  return {
    next,
    real,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: probability => next() < probability,
    pick: items => items[Math.floor(next() * items.length)]!,
    weighted: items => {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [item, weight] of items) {
        left -= weight
        if (left < 0) return item
      }
      return items.at(-1)![0]
    },
    normal: (mean, deviation) => mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

// FNV-1a
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value | 0
}
