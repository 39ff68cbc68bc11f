import * as feelin from 'feelin'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellProgram, createVocabulary, expressionProgram } from '../../src/feel/program.ts'
import { isFeelNumber, toDouble } from '../../src/feel/number.ts'
import { type FeelValue, isList, toText } from '../../src/feel/values.ts'

// What we compile gives what the feelin interpreter gives, but for numbers, which are exact here and doubles there.

const facts = { a: 3, b: -7, c: 0.5, s: 'text', t: 'other', yes: true, no: false, gone: null, list: [1, 2, 3], 'long name': 4 }
type Name = keyof typeof facts
const vocabulary = createVocabulary<null>(
  Object.keys(facts),
  name => (Object.hasOwn(facts, name) ? () => facts[name as Name] : undefined),
  'feel',
)
const runs = Math.ceil(Number(process.env['ENGINE_FUZZ_CASES'] ?? 20_000) / 10)

const numbers = fc.letrec<{ number: string; boolean: string; text: string }>(tie => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c', 'long name', '0', '1', '2', '10', '2.5', '-3'),
    fc.tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('boolean'), tie('number'), tie('number')).map(([c, l, r]) => `(if ${c} then ${l} else ${r})`),
    tie('number').map(n => `-(${n})`),
    fc.tuple(fc.constantFrom('floor', 'ceiling', 'abs'), tie('number')).map(([f, n]) => `${f}(${n})`),
    fc.tuple(fc.constantFrom('min', 'max', 'sum'), tie('number'), tie('number')).map(([f, l, r]) => `${f}([${l}, ${r}])`),
    tie('text').map(t => `string length(${t})`),
    fc.constantFrom('list[1]', 'list[-1]', 'count(list)', 'sum(list[item > 1])', 'count(list[item != 2])'),
  ),
  boolean: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('yes', 'no', 'true', 'false', 'gone = null', 's = null'),
    fc
      .tuple(tie('number'), fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom('a', 'b', '1', '2.5', '-3'))
      .map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', '3', '0.5', 'gone'), fc.constantFrom('=', '!='), fc.constantFrom('a', 'c', '3', '0.5', 'gone'))
      .map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('text'), fc.constantFrom('=', '!='), tie('text')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(tie('boolean'), fc.constantFrom('and', 'or'), tie('boolean')).map(([l, o, r]) => `(${l} ${o} ${r})`),
    tie('boolean').map(b => `not(${b})`),
    fc
      .tuple(fc.constantFrom('a', 'b', '2'), fc.constantFrom('[1..3]', '(1..3)', '[-7..3)', '(>2)', '(1, 2, 3)'))
      .map(([n, r]) => `(${n} in ${r})`),
    fc.tuple(tie('number')).map(([n]) => `(a between -1000 and (${n}))`),
    fc.tuple(fc.constantFrom('contains', 'starts with', 'ends with'), tie('text'), tie('text')).map(([f, l, r]) => `${f}(${l}, ${r})`),
    fc.constantFrom('(some i in list satisfies i > 2)', '(every i in list satisfies i > 2)', 'list contains(list, 2)'),
  ),
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('s', 't', '"x"', '"text"', '""', '"é横"'),
    fc.tuple(tie('text'), tie('text')).map(([l, r]) => `(${l} + ${r})`),
    tie('text').map(t => `upper case(${t})`),
    fc.tuple(tie('text'), fc.constantFrom('1', '2', '-1')).map(([t, n]) => `substring(${t}, ${n})`),
    fc.tuple(tie('text'), fc.constantFrom('"e"', '"t"')).map(([t, n]) => `substring before(${t}, ${n})`),
  ),
}))

test('compiled expressions give what the interpreter gives', { timeout: 3_600_000 }, () => {
  let compared = 0
  fc.assert(
    fc.property(fc.oneof(numbers.number, numbers.boolean, numbers.text), text => {
      const program = expressionProgram(text, vocabulary)
      expect(program.problems).toEqual([])
      expect(program.tree).toBeDefined()
      if (expectSame(program.run(null, null), feelin.evaluate(text, facts).value)) compared++
    }),
    { numRuns: runs, seed: 7 },
  )
  expect(compared).toBeGreaterThan(runs * 0.9)
})

const endpoint = fc.constantFrom('1', '2.5', '-3', '10', 'a', 'b')
const numericTest = fc.oneof(
  fc.tuple(fc.constantFrom('<', '<=', '>', '>=', '=', '!='), endpoint).map(([o, e]) => `${o} ${e}`),
  fc
    .tuple(fc.constantFrom('[', '(', ']'), fc.constantFrom('-3', '1'), fc.constantFrom('2.5', '10'), fc.constantFrom(']', ')', '['))
    .map(([o, l, h, c]) => `${o}${l}..${h}${c}`),
  endpoint,
  fc.constant('? > a'),
  fc.constant('? + 1 = 2'),
)
const numericCell = fc
  .tuple(fc.array(numericTest, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([tests, negated]) => (negated ? `not(${tests.join(', ')})` : tests.join(', ')))
const textCell = fc
  .tuple(fc.array(fc.constantFrom('"x"', '"text"', 's', 't'), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([tests, negated]) => (negated ? `not(${tests.join(', ')})` : tests.join(', ')))

test('compiled cells give what the interpreter gives', { timeout: 3_600_000 }, () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.tuple(numericCell, fc.constantFrom(-7, -3, 0, 1, 2.5, 3, 9, 10, 11)),
        fc.tuple(textCell, fc.constantFrom('x', 'text', 'other', 'q')),
      ),
      ([cell, value]) => {
        const program = cellProgram(cell, vocabulary)
        expect(program.problems).toEqual([])
        expect(program.run(null, value)).toBe(feelin.unaryTest(cell, { ...facts, '?': value }).value)
      },
    ),
    { numRuns: runs, seed: 7 },
  )
})

/** False where a double is too coarse to say. */
function expectSame(ours: FeelValue, theirs: unknown): boolean {
  if (isFeelNumber(ours) && typeof theirs === 'number') {
    if (Math.abs(toDouble(ours)) > 1e12) return false
    expect(toDouble(ours)).toBeCloseTo(theirs, 6)
    return true
  }
  if (isList(ours) && Array.isArray(theirs)) return ours.every((item, i) => expectSame(item, theirs[i]))
  expect(ours === null ? null : toText(ours)).toBe(
    theirs === null || theirs === undefined ? null : typeof theirs === 'object' ? JSON.stringify(theirs) : String(theirs as string),
  )
  return true
}
