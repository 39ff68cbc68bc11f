import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import { readDmn } from '../../src/dmn/read.ts'
import { isFeelNumber, toDouble } from '../../src/feel/number.ts'
import { equal, type FeelContext, type FeelValue, isContext, isList, toText } from '../../src/feel/values.ts'
import { DmnGraph } from './dmn-graph.ts'
import { readTckFolders, type TckFolder } from './dmn-tck-cases.ts'

// git clone https://github.com/dmn-tck/tck, then DMN_TCK=<clone>/TestCases vitest run test/conformance/dmn-tck.test.ts

const root = env['DMN_TCK'] ?? ''
const isHere = root !== '' && existsSync(join(root, 'compliance-level-2'))

describe.skipIf(!isHere)('DMN TCK (set DMN_TCK to its TestCases folder)', () => {
  const level2 = isHere ? readTckFolders(root, 'compliance-level-2') : []
  const level3 = isHere ? readTckFolders(root, 'compliance-level-3') : []
  const withTables = [...level2, ...level3].filter(({ models }) => models.some((model) => model.includes('decisionTable')))
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
          return typeof found === 'object' && found !== null && 'failed' in found ? [`${decision}: ${String(found['failed'])}`] : isSame(found, expected) ? [] : [`${decision}: ${toText(found)} instead of ${toText(expected)}`]
        })
        if (wrong.length > 0) failures.push(`${folder.name} ${id}: ${wrong.join('; ')}`)
      }
    }
    scores.push(`DMN TCK, ${name}: ${count - failures.length} of ${count} cases in ${folders.length} folders`, ...(env['DMN_TCK_VERBOSE'] ? failures : []))
    if (name !== 'compliance level 3') expect(failures).toEqual([])
  })
})

async function readGraph({ models: [main = '', ...others] }: TckFolder): Promise<DmnGraph | { failed: string }> {
  const [model, ...imports] = await Promise.all([main, ...others].map(readDmn))
  if (model?.kind !== 'read') return { failed: model?.message.en ?? 'no model' }
  return new DmnGraph(model.definitions, imports.flatMap((other) => (other.kind === 'read' ? [other.definitions] : [])))
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
  if (isFeelNumber(found) && isFeelNumber(expected)) return Math.abs(toDouble(found) - toDouble(expected)) <= 1e-8 * Math.max(1, Math.abs(toDouble(expected)))
  if (isList(found) && isList(expected)) return found.length === expected.length && found.every((item, at) => isSame(item, expected[at] ?? null))
  if (isContext(found) && isContext(expected)) {
    const keys = Object.keys(expected)
    return keys.length === Object.keys(found).length && keys.every((key) => isSame((found as FeelContext)[key] ?? null, (expected as FeelContext)[key] ?? null))
  }
  return equal(found, expected) === true
}
