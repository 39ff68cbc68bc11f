import { fileURLToPath } from 'node:url'
import type { UserWorkspaceConfig } from 'vitest/config'

export type SuiteKind = 'unit' | 'integration' | 'browser'

export interface SuiteOptions {
  /** What the closing line counts the tests as, and when they run: unit tests first, browsers last. */
  readonly kind: SuiteKind
  /** Real servers that are up before the first test; nothing is started for a suite that needs none. */
  readonly needs?: readonly ('postgres' | 'temporal' | 'house')[]
  readonly testTimeoutMs?: number
}

/** The configuration of one suite: `export default suite('store', { kind: 'integration', needs: ['postgres'] })`. */
export function suite(name: string, options: SuiteOptions): UserWorkspaceConfig {
  const isUnit = options.kind === 'unit'
  return {
    test: {
      name,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts', '*.test.ts'],
      globalSetup: (options.needs ?? []).map(service => fileURLToPath(new URL(`./setup/${service}.ts`, import.meta.url))),
      testTimeout: options.testTimeoutMs ?? (isUnit ? 10_000 : 60_000),
      hookTimeout: isUnit ? 10_000 : 120_000,
      fileParallelism: options.kind !== 'browser',
      sequence: { groupOrder: GROUP_ORDER[options.kind] },
      ...(options.kind === 'browser' && { maxWorkers: 1 }),
    },
  }
}

const GROUP_ORDER: Readonly<Record<SuiteKind, number>> = { unit: 0, integration: 1, browser: 2 }
