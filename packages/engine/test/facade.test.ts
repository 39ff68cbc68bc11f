import { expect, test } from 'vitest'
import { compileRules, Engine, Rule } from '../src/facade/index.ts'

const adult = { conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 18 }] }, event: { type: 'adult' } }
const later = <T>(value: T, ms: number): Promise<T> => new Promise(resolve => setTimeout(() => resolve(value), ms))

test('stopping concerns the runs that are under way, and one run that ends does not stop another', async () => {
  const engine = new Engine([
    { ...adult, priority: 2 },
    { ...adult, event: { type: 'second' } },
  ])
  engine.addFact('age', (params: { ms?: number }) => later(20, params.ms ?? 5))
  engine.on('adult', async (_, almanac: { factValue(id: string): Promise<boolean> }) => {
    if (await almanac.factValue('stops')) engine.stop()
  })
  const stopped = await engine.run({ stops: true })
  expect(stopped.events.map(event => event.type)).toEqual(['adult'])
  const [quick, slow] = await Promise.all([engine.run({ stops: false, age: 30 }), engine.run({ stops: false })])
  expect([quick, slow].map(run => run.events.map(event => event.type))).toEqual([
    ['adult', 'second'],
    ['adult', 'second'],
  ])
  expect(engine.status).toBe('FINISHED')
})

test('conditions that refer to themselves are an error, not a stack overflow', async () => {
  const engine = new Engine([{ conditions: { condition: 'a' }, event: { type: 'e' } }])
  engine.setCondition('a', { all: [{ condition: 'b' }] })
  engine.setCondition('b', { any: [{ condition: 'a' }] })
  await expect(engine.run({})).rejects.toMatchObject({ code: 'CONDITION_CYCLE', message: 'Condition refers to itself: a → b → a' })
})

test('an unknown operator is found before anything runs', async () => {
  const engine = new Engine([
    {
      conditions: {
        any: [
          { fact: 'age', operator: 'equal', value: 1, priority: 9 },
          { fact: 'age', operator: 'nope', value: 1 },
        ],
      },
      event: { type: 'e' },
    },
  ])
  let asked = 0
  engine.addFact('age', () => ++asked)
  await expect(engine.run()).rejects.toMatchObject({ code: 'UNKNOWN_OPERATOR', message: 'Unknown operator: nope' })
  expect(asked).toBe(0)
  engine.addOperator('nope', () => false)
  await expect(engine.run()).resolves.toMatchObject({ events: [{ type: 'e' }] })
})

test('rules of one priority are heard of in the order of their definition, however deep they nest', async () => {
  const deep = { conditions: { all: [{ any: [{ not: { not: adult.conditions } }] }] }, event: { type: 'deep' } }
  const engine = new Engine([deep, adult])
  const heard: string[] = []
  engine.on('success', (event: { type: string }) => void heard.push(event.type))
  const { events } = await engine.run({ age: 20 })
  expect([heard, events.map(event => event.type)]).toEqual([
    ['deep', 'adult'],
    ['deep', 'adult'],
  ])
})

test("the caller's JSON stays as it was", async () => {
  const freeze = <T extends object>(value: T): T => {
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner as object)
    return Object.freeze(value)
  }
  const rules = freeze([
    {
      conditions: { all: [{ condition: 'named' }, { fact: 'age', operator: 'in', value: [20], priority: '3' }] },
      event: { type: 'e', params: { at: { fact: 'age' } } },
    },
  ])
  const engine = new Engine(rules, { replaceFactsInEventParams: true })
  engine.setCondition('named', freeze({ all: [{ fact: 'age', operator: 'equal', value: 20 }] }))
  const facts = freeze({ age: 20 })
  for (let time = 0; time < 2; time++) expect((await engine.run(facts)).events).toEqual([{ type: 'e', params: { at: 20 } }])
})

test('what is changed between runs counts: rules, conditions, operators, facts', async () => {
  const engine = new Engine([{ ...adult, name: 'rule' }])
  const types = async (): Promise<string[]> => (await engine.run()).events.map(event => event.type)
  engine.addFact('age', 17)
  expect(await types()).toEqual([])
  engine.addFact('age', 18)
  expect(await types()).toEqual(['adult'])
  engine.addOperator('greaterThanInclusive', (a: number, b: number) => a > b)
  expect(await types()).toEqual([])
  engine.updateRule(new Rule({ ...adult, name: 'rule', conditions: { condition: 'named' } }))
  engine.setCondition('named', { all: [] })
  expect(await types()).toEqual(['adult'])
  engine.setCondition('named', { not: { all: [] } })
  expect(await types()).toEqual([])
})

test('a run that needs no waiting gives the same results as one with listeners', async () => {
  const rules = [
    adult,
    {
      conditions: {
        any: [
          { fact: 'who', path: '$.name', operator: 'equal', value: 'x' },
          { not: { fact: 'age', operator: 'lessThan', value: { fact: 'least' }, priority: 5 } },
        ],
      },
      event: { type: 'other', params: { deep: { list: [1] } } },
      priority: 3,
    },
  ]
  const facts = { age: 20, least: 18, who: { name: 'y' } }
  const silent = new Engine(rules)
  const heard = new Engine(rules)
  heard.on('success', () => undefined)
  const [one, two] = [await silent.run(facts), await heard.run(facts)]
  const plain = (run: typeof one) => JSON.parse(JSON.stringify([run.results, run.failureResults, run.events, run.failureEvents])) as unknown
  expect(plain(one)).toEqual(plain(two))
  expect(await one.almanac.factValue('who', {}, '$.name')).toBe('y')
})

test('bare rules compile once and run at once, with errors where the engine rejects', () => {
  const rules = compileRules([adult, { ...adult, priority: 5, event: { type: 'first', params: { age: { fact: 'age' } } } }], {
    replaceFactsInEventParams: true,
  })
  expect(rules.run({ age: 20 })).toEqual({ events: [{ type: 'first', params: { age: 20 } }, { type: 'adult' }], failureEvents: [] })
  expect(rules.run({ age: '17' })).toEqual({ events: [], failureEvents: [{ type: 'first', params: { age: '17' } }, { type: 'adult' }] })
  expect(() => rules.run({})).toThrow(expect.objectContaining({ code: 'UNDEFINED_FACT' }))
  expect(() => rules.run(Object.create({ age: 20 }) as Record<string, unknown>)).not.toThrow()
  expect(compileRules([adult], { allowUndefinedFacts: true }).run({}).failureEvents).toEqual([{ type: 'adult' }])
})
