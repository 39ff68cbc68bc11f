import fc from 'fast-check'
import { Engine as JsonRulesEngine } from 'json-rules-engine'
import { expect, test } from 'vitest'
import { compileRules, Engine } from '../src/facade/index.ts'
import { deepClone } from '../src/facade/clone.ts'
import { dialectCase, type DialectCase } from './dialect-cases.ts'

// Four fifths of all drawn cases; the rest are rows of drawn policies, in evaluators.test.ts.
const CASES = Math.ceil(Number(process.env.ENGINE_FUZZ_CASES ?? 20_000) * 0.8)

interface Observed {
  readonly error?: string
  readonly events?: string
  readonly failureEvents?: string
  readonly results?: string
}

async function observe(
  Implementation: typeof Engine,
  { rules, conditions, options, facts }: DialectCase,
  listens: boolean,
): Promise<Observed> {
  const engine = new Implementation(deepClone(rules) as never, options)
  for (const [name, condition] of Object.entries(conditions)) engine.setCondition(name, deepClone(condition))
  const heard: string[] = []
  if (listens) engine.on('success', (event: { type: string }) => void heard.push(event.type))
  try {
    const { events, failureEvents, results, failureResults } = await engine.run(facts)
    if (listens)
      expect(
        inOrder(
          heard.map(type => ({ type })),
          rules,
        ),
      ).toEqual(inOrder(events, rules).map(({ type }) => ({ type })))
    return {
      events: show(inOrder(events, rules)),
      failureEvents: show(inOrder(failureEvents, rules)),
      results: show(
        [...results, ...failureResults].map(result => result.toJSON(false)).sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
      ),
    }
  } catch (error) {
    if ((error as { matcherResult?: unknown }).matcherResult !== undefined) throw error
    return { error: (error as { code?: string }).code ?? (error as Error).name }
  }
}

function observeRuleSet({ rules, conditions, options, facts }: DialectCase, codegen: boolean): Observed {
  try {
    const { events, failureEvents } = compileRules(deepClone(rules) as never, { ...options, conditions: conditions as never, codegen }).run(
      facts,
    )
    return { events: show(events), failureEvents: show(failureEvents) }
  } catch (error) {
    return { error: (error as { code?: string }).code ?? (error as Error).name }
  }
}

/** json-rules-engine leaves the order within one priority to how deep the conditions nest; ours is the order of definition. */
function inOrder<T extends { type: string }>(events: readonly T[], rules: DialectCase['rules']): T[] {
  const place = (event: T): number => rules.findIndex(rule => rule.event.type === event.type)
  return events.toSorted((a, b) => rules[place(b)]!.priority - rules[place(a)]!.priority || place(a) - place(b))
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number'
      ? Object.is(inner, -0)
        ? '-0'
        : Number.isFinite(inner)
          ? inner
          : `#${inner}`
      : inner === undefined
        ? '#undefined'
        : Array.isArray(inner) && inner.length > 100
          ? `#${inner.length}`
          : inner,
  )

/** json-rules-engine abandons promises when a sibling throws; what they reject with is nobody's to handle. */
async function ignoringAbandoned(run: () => Promise<void>): Promise<void> {
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason, promise) => {
    if (!/node_modules.json-rules-engine/.test(String((reason as Error | undefined)?.stack)))
      for (const listener of listeners) listener(reason, promise)
  })
  try {
    await run()
    await new Promise(resolve => setTimeout(resolve, 50))
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const listener of listeners) process.on('unhandledRejection', listener)
  }
}

test(`${CASES} cases agree with json-rules-engine: events, failure events, results and errors`, { timeout: 6 * 3_600_000 }, () =>
  ignoringAbandoned(async () => {
    let rejected = 0
    await fc.assert(
      fc.asyncProperty(dialectCase, fc.boolean(), async (drawn, listens) => {
        const theirs = await observe(JsonRulesEngine as never, drawn, false)
        if (theirs.error !== undefined) rejected++
        // Several conditions can fail at once; which of the errors comes first is a matter of microtasks.
        const comparable = (observed: Observed): Observed => (observed.error === undefined ? observed : { error: 'rejected' })
        const ours = await observe(Engine, drawn, listens)
        expect(comparable(ours)).toEqual(comparable(theirs))
        const { results: _, ...events } = comparable(theirs)
        expect(comparable(observeRuleSet(drawn, true))).toEqual(events)
        expect(comparable(observeRuleSet(drawn, false))).toEqual(events)
      }),
      { numRuns: CASES },
    )
    // The cases must say something: most of them run through.
    expect(rejected / CASES).toBeLessThan(0.5)
    console.log(`json-rules-engine rejected ${rejected} of ${CASES} cases`)
  }),
)
