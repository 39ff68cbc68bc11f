import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import { compile } from '../../src/compile/policy.ts'
import { exportDmn, importDmn } from '../../src/dmn/index.ts'
import { readDmn } from '../../src/dmn/read.ts'
import { isFeelNumber, toDouble } from '../../src/feel/number.ts'
import { equal, factReader, type FeelContext, type FeelValue, isContext, isList, toText, toValue } from '../../src/feel/values.ts'
import type { Policy, Value } from '../../src/policy/document.ts'
import { DmnGraph } from './dmn-graph.ts'
import { readTckFolders, type TckFolder } from './dmn-tck-cases.ts'

// git clone https://github.com/dmn-tck/tck, then DMN_TCK=<clone>/TestCases vitest run test/conformance/dmn-tck.test.ts

const root = env['DMN_TCK'] ?? ''
const isHere = root !== '' && existsSync(join(root, 'compliance-level-2'))

describe.skipIf(!isHere)('DMN TCK (set DMN_TCK to its TestCases folder)', { timeout: 600_000 }, () => {
  const level2 = isHere ? readTckFolders(root, 'compliance-level-2') : []
  const level3 = isHere ? readTckFolders(root, 'compliance-level-3') : []
  const withTables = [...level2, ...level3].filter(({ models }) => models.some(model => model.includes('decisionTable')))
  const scores: string[] = []
  afterAll(() => console.log(scores.join('\n')))

  test.each([
    ['compliance level 2', level2],
    ['folders with decision tables', withTables],
    ...(env['DMN_TCK_LEVEL_3'] ? [['compliance level 3', level3] as const] : []),
  ] as const)('%s', async (name, folders) => {
    const failures: string[] = []
    let count = 0
    for (const folder of folders) {
      const graph = await readGraph(folder)
      for (const { id, inputs, results } of folder.cases) {
        count++
        const wrong = results.flatMap(({ decision, expected }) => {
          const found = graph instanceof DmnGraph ? attempt(() => graph.decide(decision, inputs)) : graph
          return typeof found === 'object' && found !== null && 'failed' in found
            ? [`${decision}: ${toText(found['failed'])}`]
            : isSame(found, expected)
              ? []
              : [`${decision}: ${toText(found)} instead of ${toText(expected)}`]
        })
        if (wrong.length > 0) failures.push(`${folder.name} ${id}: ${wrong.join('; ')}`)
      }
    }
    scores.push(
      `DMN TCK, ${name}: ${count - failures.length} of ${count} cases in ${folders.length} folders`,
      ...(env['DMN_TCK_VERBOSE'] ? failures : []),
    )
    if (name !== 'compliance level 3') expect(failures).toEqual([])
  })

  test('compliance level 2, each model imported as a policy', async () => {
    const failures: string[] = []
    let count = 0
    for (const folder of level2) {
      const { policies, findings } = await importDmn(folder.models[0] ?? '')
      const policy = policies[0] as Policy
      const { decide } = compile(policy)
      for (const { id, inputs, results } of folder.cases) {
        count++
        const { outputs } = decide(flattened(inputs, policy))
        const wrong = results.filter(({ decision, expected }) => !isSame(resultOf(decision, outputs), expected))
        if (wrong.length > 0)
          failures.push(
            `${folder.name} ${id}: ${wrong.map(({ decision, expected }) => `${decision}: ${toText(resultOf(decision, outputs))} instead of ${toText(expected)}`).join('; ')} ${findings.map(({ code }) => code).join()}`,
          )
      }
    }
    scores.push(
      `DMN TCK, compliance level 2 by way of import: ${count - failures.length} of ${count} cases in ${level2.length} folders`,
      ...(env['DMN_TCK_VERBOSE'] ? failures : []),
    )
    expect(failures).toEqual([])
  })

  test('compliance level 2, each imported table exported and imported again', async () => {
    const failures: string[] = []
    let count = 0
    for (const folder of level2.filter(({ models }) => models[0]?.includes('decisionTable'))) {
      const { policies } = await importDmn(folder.models[0] ?? '')
      const policy = policies[0] as Policy
      const { xml } = await exportDmn(policy)
      const { policies: again } = await importDmn(xml)
      const first = compile(policy)
      const second = compile(again[0] as Policy)
      for (const { id, inputs } of folder.cases) {
        count++
        const facts = flattened(inputs, policy)
        const { outcome, outputs } = first.decide(facts)
        const back = second.decide(facts)
        const kept = Object.fromEntries(Object.keys(outputs).map(name => [name, back.outputs[name] ?? null]))
        if (JSON.stringify({ outcome, outputs }) !== JSON.stringify({ outcome: back.outcome, outputs: kept }))
          failures.push(`${folder.name} ${id}: ${JSON.stringify(back.outputs)} instead of ${JSON.stringify(outputs)}`)
      }
    }
    scores.push(`DMN TCK, tables of compliance level 2 there and back: ${count - failures.length} of ${count} cases`)
    expect(failures).toEqual([])
  })
})

/** Structures are dotted facts of a policy; null is a fact that is not given. */
function flattened(inputs: FeelContext, { facts }: Policy, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]) => {
      const name = prefix + key
      if (Object.hasOwn(facts, name)) return value === null ? [] : [[name, toValue(value)]]
      return isContext(value) ? Object.entries(flattened(value, { facts } as Policy, `${name}.`)) : []
    }),
  )
}

/** The columns of a table with several outputs are outputs of their own; DMN makes them one context, or a list of such. */
function resultOf(decision: string, outputs: Readonly<Record<string, Value>>): FeelValue {
  if (Object.hasOwn(outputs, decision)) return read(outputs[decision])
  const columns = Object.entries(outputs).flatMap(([name, value]) =>
    name.startsWith(`${decision}.`) ? [[name.slice(decision.length + 1), read(value)] as const] : [],
  )
  const [first] = columns
  if (!first || columns.every(([, value]) => value === null)) return null
  if (!isList(first[1])) return Object.fromEntries(columns)
  return first[1].map((_, at) => Object.fromEntries(columns.map(([name, list]) => [name, isList(list) ? (list[at] ?? null) : null])))
}

const read = factReader(undefined)

async function readGraph({ models: [main = '', ...others] }: TckFolder): Promise<DmnGraph | { failed: string }> {
  const [model, ...imports] = await Promise.all([main, ...others].map(readDmn))
  if (model?.kind !== 'read') return { failed: model?.message.en ?? 'no model' }
  return new DmnGraph(
    model.definitions,
    imports.flatMap(other => (other.kind === 'read' ? [other.definitions] : [])),
  )
}

function attempt(run: () => FeelValue): FeelValue | { readonly failed: string } {
  try {
    return run()
  } catch (error) {
    return { failed: String(error) }
  }
}

/** Numbers of the suite are rounded to about ten digits. */
function isSame(found: FeelValue, expected: FeelValue): boolean {
  if (isFeelNumber(found) && isFeelNumber(expected))
    return Math.abs(toDouble(found) - toDouble(expected)) <= 1e-8 * Math.max(1, Math.abs(toDouble(expected)))
  if (isList(found) && isList(expected))
    return found.length === expected.length && found.every((item, at) => isSame(item, expected[at] ?? null))
  if (isContext(found) && isContext(expected)) {
    const keys = Object.keys(expected)
    return keys.length === Object.keys(found).length && keys.every(key => isSame(found[key] ?? null, expected[key] ?? null))
  }
  return equal(found, expected) === true
}
