import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { columnsFromRows, compile, compileRules, checkPolicy, createKernel, parsePolicy, type Policy } from '../src/index.ts'
import { orderCheck } from './policies.ts'

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = wrap(value)
  return value
}
const cyclic: Record<string, unknown> = { ...orderCheck }
cyclic.title = { en: 'x', zh: 'x', self: cyclic }
let ran = false
const withGetter = Object.defineProperty({ ...orderCheck }, 'facts', { enumerable: true, get: () => (ran = true) })

describe('a hostile document gives a clear finding, and quickly', () => {
  test.each([
    ['a __proto__ key', JSON.parse('{"id":"x","facts":{"__proto__":{"type":"number"}}}'), 'FORBIDDEN_KEY'],
    ['a getter', withGetter, 'NOT_JSON'],
    ['lists 10,000 deep', { ...orderCheck, steps: nested(10_000, inner => [inner]) }, 'TOO_DEEP'],
    ['conditions 10,000 deep', { ...orderCheck, conditions: { x: nested(10_000, inner => ({ not: inner })) } }, 'TOO_DEEP'],
    ['itself inside', cyclic, 'TOO_DEEP'],
    ['10 MB of text', { ...orderCheck, description: { en: 'x'.repeat(10_000_000), zh: '' } }, 'TOO_LARGE'],
    ['10 MB of values', { ...orderCheck, lists: { l: { values: Array.from({ length: 3_000_000 }, () => 1) } } }, 'TOO_LARGE'],
    ['a class instance', { ...orderCheck, facts: new Map() }, 'NOT_JSON'],
    ['a function', { ...orderCheck, id: () => 'x' }, 'NOT_JSON'],
    ['NaN', { ...orderCheck, steps: [Number.NaN] }, 'NOT_JSON'],
    ['half a surrogate pair', { ...orderCheck, id: '\ud800' }, 'INVALID_TEXT'],
    ['nothing', undefined, 'NOT_JSON'],
    ['a text', 'policy', 'WRONG_TYPE'],
  ])('%s', (_, document, code) => {
    const begun = performance.now()
    const { policy, findings } = parsePolicy(document)
    expect(policy).toBeUndefined()
    expect(findings[0]!.code).toBe(code)
    expect(findings[0]!.message.en.length * findings[0]!.message.zh.length).toBeGreaterThan(0)
    expect(performance.now() - begun).toBeLessThan(3000)
  })

  test('no code of the document runs while it is parsed', () => expect(ran).toBe(false))

  test('a path that would take for ever is refused', () => {
    const policy = structuredClone(orderCheck) as unknown as { steps: { rules: { conditions: unknown }[] }[] }
    policy.steps[0]!.rules[0]!.conditions = { all: [{ fact: 'tags', path: '$..*..*..*', operator: 'equal', value: 1 }] }
    expect(checkPolicy(policy as unknown as Policy).map(finding => finding.code)).toContain('COSTLY_PATH')
  })
})

describe('no text of a document reaches generated code', () => {
  const MARK = 'zqzq'
  const realFunction = globalThis.Function
  const sources: string[] = []
  beforeAll(() => {
    globalThis.Function = new Proxy(realFunction, {
      construct(target, parameters) {
        // Ours; zod compiles its own schemas.
        if (parameters[0] === 'K') sources.push(String(parameters[1]))
        return Reflect.construct(target, parameters) as object
      },
    })
  })
  afterAll(() => {
    globalThis.Function = realFunction
  })

  const breakout = fc
    .constantFrom(
      '";globalThis.pwned=1;//',
      "'+globalThis.pwned+'",
      '`${globalThis.pwned=1}`',
      ');globalThis.pwned=1;(',
      '\u2028globalThis.pwned=1\u2028',
      '\\";globalThis.pwned=1//',
      '*/globalThis.pwned=1/*',
      'constructor',
      'k0',
      '0x1',
      '1e3',
      ']=1;globalThis.pwned=[',
      '</script>',
      '${pwned}',
      'F',
      'N[0]',
      'process.exit(1)',
    )
    .map(text => `${text}${MARK}`)

  test('documents that try to break out', () => {
    fc.assert(
      fc.property(fc.array(breakout, { minLength: 12, maxLength: 12 }), fc.integer(), (words, number) => {
        const [fact, choice, list, ruleId, stepId, output, code, type, condition, value, other, label] = words.map(
          (word, index) => `${word}${index}`,
        ) as [string, string, string, string, string, string, string, string, string, string, string, string]
        const policy: Policy = {
          id: label,
          title: { en: label, zh: label },
          facts: { [fact]: { type: 'enum', values: [choice, value] }, [other]: { type: 'string' }, [`${other}n`]: { type: 'number' } },
          outputs: { [output]: { type: 'string' }, [`${output}n`]: { type: 'number', combine: 'last' } },
          lists: { [list]: { values: [choice, value] } },
          conditions: { [condition]: { all: [{ fact, operator: 'in', value: { list } }] } },
          steps: [
            {
              id: stepId,
              kind: 'rules',
              rules: [
                {
                  id: ruleId,
                  conditions: {
                    any: [
                      { condition },
                      { fact: other, operator: 'equal', value },
                      { fact: `${other}n`, operator: 'greaterThan', value: number },
                    ],
                  },
                  event: {
                    type,
                    params: {
                      set: { [output]: value, [`${output}n`]: number },
                      outcome: 'refer',
                      reason: { code, text: { en: `{${fact}} ${label}`, zh: label } },
                    },
                  },
                },
              ],
            },
          ],
        }
        expect(parsePolicy(policy).findings).toEqual([])
        const rows = [{ [fact]: choice, [other]: value, [`${other}n`]: number }, { [other]: label }]
        const compiled = compile(policy, { codegen: true })
        for (const row of rows) expect(compiled.decide(row)).toEqual(compile(policy, { codegen: false }).decide(row))
        createKernel(compiled, columnsFromRows(policy, rows)).run()
        const rules = [
          {
            name: ruleId,
            conditions: {
              all: [
                { fact, operator: 'equal', value: choice },
                { fact: other, path: `$.${label}`, operator: 'in', value: [value, number] },
              ],
            },
            event: { type, params: { label } },
          },
        ]
        expect(compileRules(rules, { codegen: true }).run(rows[0]!)).toEqual(compileRules(rules, { codegen: false }).run(rows[0]!))
        expect((globalThis as { pwned?: unknown }).pwned).toBeUndefined()
      }),
      { numRuns: 300 },
    )
    expect(sources.length).toBeGreaterThan(100)
    expect(sources.filter(source => source.includes(MARK) || /["'`\\]/.test(source))).toEqual([])
  })

  test('where code may not be generated, closures decide', () => {
    globalThis.Function = new Proxy(realFunction, {
      construct() {
        throw new EvalError('unsafe-eval')
      },
    })
    try {
      expect(() => compile(orderCheck, { codegen: true })).toThrow('unsafe-eval')
      expect(compile(orderCheck, { codegen: false }).decide({ overdueDays: 99, isVip: false }).outcome).toBe('decline')
    } finally {
      globalThis.Function = realFunction
    }
  })
})
