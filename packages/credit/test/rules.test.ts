import { describe, expect, test } from 'vitest'
import { analysePolicy, compile, parsePolicy, type Policy } from '@surety/engine'
import { expectOneAnswer } from '../../engine/test/evaluators.ts'
import { checkKind, POLICY_KIND_NAMES, runCases } from '../src/index.ts'

declare global {
  interface ImportMeta {
    glob<T>(pattern: string, options: { eager: true; import: string; query?: string }): Record<string, T>
  }
}

// Vite reads the files; this package itself knows no file system.
const policies = import.meta.glob<unknown>('../../../rules/*/*/policy.json', { eager: true, import: 'default' })
const cases = import.meta.glob<string>('../../../rules/*/*/cases.csv', { eager: true, import: 'default', query: '?raw' })

const shipped = Object.entries(policies).map(([path, document]) => ({
  id: path.split('/').slice(-3, -1).join('/'),
  document,
  csv: cases[path.replace('policy.json', 'cases.csv')],
}))

test('a policy of every kind ships', () => {
  expect(new Set(shipped.map(({ id }) => id.split('/')[0]))).toEqual(new Set(POLICY_KIND_NAMES))
})

describe.each(shipped)('$id', ({ id, document, csv }) => {
  const parsed = parsePolicy(document)
  const policy = parsed.policy as Policy

  test('is well formed, fits its kind and carries its own name', () => {
    expect(parsed.findings).toEqual([])
    expect(compile(policy).findings).toEqual([])
    expect(checkKind(policy)).toEqual([])
    expect(policy.id).toBe(id)
    expect(id.startsWith(`${policy.kind}/`)).toBe(true)
  })

  test('decides every case as expected', () => {
    const report = runCases(policy, csv!)
    expect(report.problems).toEqual([])
    expect(
      report.results
        .filter(({ differences }) => differences.length > 0)
        .map(({ line, name, differences }) => ({ line, name, differences })),
    ).toEqual([])
    expect(report.passed).toBeGreaterThanOrEqual(10)
  })

  test('decides every case the same interpreted, compiled, by closures and over columns', () => {
    expectOneAnswer(
      policy,
      runCases(policy, csv!).results.map(({ facts }) => facts),
    )
  })

  test('has nothing that can never happen, overlaps or is left open', () => {
    const problems = analysePolicy(policy).filter(({ severity }) => severity !== 'info')
    expect(problems.map(({ code, path, message }) => `${code} ${path} ${message.en}`)).toEqual([])
  })

  test('has words in both languages wherever people read', () => {
    const texts: { en: string; zh: string }[] = []
    JSON.stringify(document, (_, value: unknown) => {
      if (value !== null && typeof value === 'object' && 'en' in value && 'zh' in value) texts.push(value as { en: string; zh: string })
      return value
    })
    expect(texts.length).toBeGreaterThan(10)
    for (const { en, zh } of texts) {
      expect(en).not.toBe('')
      expect(zh).not.toBe('')
    }
  })
})
