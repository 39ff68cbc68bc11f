/** One claim, measured: ours beside the peer's, or beside the goal where there is no peer. */
export interface Measurement {
  readonly name: string
  readonly ours: number
  readonly peer: number
  readonly unit: string
  readonly ratio: number
}

export interface BenchOptions {
  /** A smaller run, to see that it works. */
  readonly quick?: boolean
  readonly log: (line: string) => void
}

/** What each file in this folder exports. */
export interface Benchmark {
  run(options: BenchOptions): Promise<readonly Measurement[]>
}
