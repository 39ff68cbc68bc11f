import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openWorkbookSheets } from './workbook-sheets.ts'
import { Engine, type RuleProperties } from 'json-rules-engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { surety } from './support.ts'

const RULES = resolve(import.meta.dirname, '../../../rules')
const shipped = readdirSync(RULES, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('policy.json'))
  .toSorted()
const folder = mkdtempSync(join(tmpdir(), 'surety-policies-'))
const file = (name: string, content: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2))
  return path
}
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const table = (rows: readonly (readonly string[])[]) => ({
  id: 'demo/grade',
  title: { en: 'Grade', zh: '等级' },
  facts: { days: { type: 'integer', min: 0 } },
  outputs: { grade: { type: 'string' } },
  steps: [
    {
      id: 'grades',
      kind: 'table',
      hitPolicy: 'U',
      inputs: [{ id: 'days', expression: 'days' }],
      outputs: [{ id: 'grade', name: 'grade' }],
      rows: rows.map(([when, then], at) => ({ id: `r${at}`, when: [when], then: [then] })),
    },
  ],
})
const adult: RuleProperties[] = [
  {
    conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 18 }] },
    event: { type: 'adult', params: { greeting: 'Welcome' } },
  },
  { conditions: { any: [{ fact: 'name', operator: 'equal', value: 'x' }] }, event: { type: 'x' }, priority: 10, name: 'is-x' },
]

describe('check', () => {
  test('all policies that ship pass', async () => {
    expect(shipped.length).toBe(12)
    const ran = await surety(['check', '--json', ...shipped.map(path => join(RULES, path))])
    const { findings, counts } = ran.json() as { findings: { severity: string }[]; counts: { error: number } }
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(counts.error).toBe(0)
    expect(ran.code).toBe(0)
  })

  test('errors end with code 1 and say where, why, and for which facts', async () => {
    const path = file(
      'overlap.json',
      table([
        ['< 30', '"A"'],
        ['>= 20', '"B"'],
      ]),
    )
    const ran = await surety(['check', path])
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain(`${path}:`)
    expect(ran.stdout).toMatch(/:\d+ error ROWS_OVERLAP \/steps\/0\/rows\/1\n {2}Rows 1 and 2 both hold where days is \[20\.\.30\)/)
    expect(ran.stdout).toContain('For example: {"days":20}')
    const [found] = ((await surety(['check', '--json', path])).json() as { findings: { line: number; code: string }[] }).findings
    expect(readFileSync(path, 'utf8').split('\n')[found!.line]).toContain('"id": "r1"')
  })

  test('a gap is a warning, which is shown and ends well', async () => {
    const ran = await surety(['check', file('gap.json', table([['< 30', '"A"']]))])
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('warning TABLE_GAP') })
    expect((await surety(['check', file('gap.json', table([['< 30', '"A"']]))], { LANG: 'zh_CN.UTF-8' })).stdout).toContain(
      '没有任何一行涵盖',
    )
  })

  test('speaks SARIF', async () => {
    const ran = await surety([
      'check',
      '--sarif',
      file(
        'overlap.json',
        table([
          ['< 30', '"A"'],
          ['>= 20', '"B"'],
        ]),
      ),
    ])
    expect(ran.code).toBe(1)
    expect(ran.json()).toMatchObject({
      version: '2.1.0',
      runs: [
        { tool: { driver: { name: 'surety', rules: [{ id: 'ROWS_OVERLAP' }] } }, results: [{ ruleId: 'ROWS_OVERLAP', level: 'error' }] },
      ],
    })
  })

  test('bare rules are checked as well, and so is what is no policy at all', async () => {
    const never = [
      {
        conditions: {
          all: [
            { fact: 'x', operator: 'greaterThan', value: 5 },
            { fact: 'x', operator: 'lessThan', value: 3 },
          ],
        },
        event: { type: 'no' },
      },
    ]
    expect(await surety(['check', file('never.json', never)])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/RULE_NEVER_FIRES \/0\n/),
    })
    expect(await surety(['check', file('empty.json', [{ conditions: { any: [] }, event: { type: 'all' } }])])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('EMPTY_GROUP /0/conditions/any'),
    })
    expect(await surety(['check', file('broken.json', '{"id": ')])).toMatchObject({ code: 1, stdout: expect.stringContaining('NOT_JSON') })
    expect(await surety(['check', file('other.json', { id: 1 })])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('WRONG_TYPE /id'),
    })
    expect(await surety(['check', join(folder, 'nowhere.json')])).toMatchObject({ code: 2, stderr: expect.stringContaining('no file') })
  })
})

describe('decide by a policy', () => {
  const policy = (): string =>
    file(
      'grade.json',
      table([
        ['< 30', '"A"'],
        ['>= 30', '"B"'],
      ]),
    )

  test('a decision comes out for each line', async () => {
    const ran = await surety(['decide', '--policy', policy(), '--facts', '-'], {}, '{"days": 3}\n\n{"days": 40}\n{}')
    const decisions = ran.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { outcome: string; outputs: object; missing: string[] })
    expect(decisions).toMatchObject([
      { outputs: { grade: 'A' } },
      { outputs: { grade: 'B' } },
      { outputs: { grade: null }, outcome: 'refer', missing: ['days'] },
    ])
    expect(ran.code).toBe(0)
    expect((await surety(['decide', '--policy', policy(), '--facts', '-', '--trace'], {}, '{"days": 3}')).stdout).toContain('"trace"')
  })

  test('a malformed line is told by its number and does not hold up the others', async () => {
    const facts = file('facts.ndjson', '{"days": 3}\n{"days": \n[1]\n{"days": "soon"}\n{"days": 30}\n')
    const ran = await surety(['decide', '--policy', policy(), '--facts', facts])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('line 2: not JSON')
    expect(ran.stderr).toContain('line 3: a JSON object')
    expect(
      ran.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as object),
    ).toMatchObject([
      { outputs: { grade: 'A' } },
      { error: { code: 'MALFORMED_LINE', line: 2 } },
      { error: { code: 'MALFORMED_LINE', line: 3 } },
      { error: { code: 'INVALID_FACTS', problems: [{ fact: 'days' }] } },
      { outputs: { grade: 'B' } },
    ])
  })

  test('answers come as lines come', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), 'decide', '--policy', policy(), '--facts', '-'])
    const next = (): Promise<string> => new Promise(done => child.stdout.once('data', (data: Buffer) => done(String(data))))
    for (const days of [1, 50]) {
      const answer = next()
      child.stdin.write(`{"days": ${days}}\n`)
      expect(await answer).toContain(days < 30 ? '"grade":"A"' : '"grade":"B"')
    }
    child.stdin.end()
    await new Promise(done => child.once('close', done))
  })

  test.each([
    ['neither policy nor rules', []],
    ['both', ['--policy', 'a', '--rules', 'b']],
    ['a file that is not there', ['--policy', 'nowhere.json']],
    ['rules that are no array', ['--rules', join(RULES, shipped[0]!)]],
    ['a way to miss that is none', ['--rules', 'x.json', '--missing', 'maybe']],
  ])('%s is wrong usage', async (_, args) => {
    expect((await surety(['decide', '--facts', '-', ...args])).code).toBe(2)
  })
})

describe('decide by bare rules', () => {
  const leaf = (fact: string, operator: string, value: unknown) => ({ fact, operator, value })
  const sets: RuleProperties[][] = [
    adult,
    [
      {
        conditions: { all: [leaf('a', 'in', [1, 'x']), { any: [leaf('b', 'lessThan', 5), { not: leaf('c', 'contains', 'y') }] }] },
        event: { type: 'deep', params: { n: 1, list: [1, { x: null }] } },
      },
      { conditions: { any: [] }, event: { type: 'always' }, priority: 5 },
      { conditions: { all: [{ ...leaf('o', 'equal', 3), path: '$.x' }] }, event: { type: 'inside' }, priority: 7 },
    ],
  ] as never
  const given: object[] = [
    { age: 18, name: 'x' },
    { age: 3, name: 'y' },
    { age: '20', name: null },
    { name: 'x' },
    {},
    { age: null, name: 1 },
    { a: 1, b: 2, c: ['y'], o: { x: 3 } },
    { a: 'x', b: 9, c: [], o: { x: 4 } },
    { a: 2, b: 9, c: ['y'], o: {} },
    { a: 1, b: '3', c: 'y', o: 3 },
    { a: 1, o: null, c: null, b: null },
  ]

  test.each(
    sets.flatMap(
      rules =>
        [
          [rules, false],
          [rules, true],
        ] as const,
    ),
  )('as json-rules-engine does it (%#)', async (rules, allowUndefinedFacts) => {
    const expected: unknown[] = []
    for (const facts of given) {
      try {
        const { events, failureEvents } = await new Engine(structuredClone<unknown>(rules) as RuleProperties[], {
          allowUndefinedFacts,
        }).run(facts)
        expected.push({ events, failureEvents })
      } catch {
        expected.push('rejected')
      }
    }
    const missing = allowUndefinedFacts ? ['--missing', 'undefined'] : []
    const ran = await surety(
      ['decide', '--rules', file('rules.json', rules), '--facts', '-', ...missing],
      {},
      given.map(facts => JSON.stringify(facts)).join('\n'),
    )
    expect(ran.code).toBe(0)
    const answers = ran.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { error?: unknown })
    expect(answers.map(answer => (answer.error === undefined ? answer : 'rejected'))).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(expected).toContainEqual(expect.objectContaining({ events: expect.any(Array) as unknown }))
  })

  test('what is missing is named', async () => {
    const ran = await surety(['decide', '--rules', file('rules.json', adult), '--facts', '-'], {}, '{"name": "x"}')
    expect(ran.json()).toEqual({ error: { code: 'UNDEFINED_FACT', message: 'Undefined fact: age' } })
  })

  test('rules that can never run reject every time', async () => {
    const ran = await surety(
      ['decide', '--rules', file('bad.json', [{ conditions: { all: [leaf('a', 'resembles', 1)] }, event: { type: 'x' } }]), '--facts', '-'],
      {},
      '{"a": 1}',
    )
    expect(ran.json()).toMatchObject({ error: { code: 'UNKNOWN_OPERATOR' } })
  })
})

describe('diff', () => {
  test('speaks in sentences, and in JSON', async () => {
    const before = file(
      'before.json',
      table([
        ['< 30', '"A"'],
        ['>= 30', '"B"'],
      ]),
    )
    const after = file(
      'after.json',
      table([
        ['< 45', '"A"'],
        ['>= 30', '"B"'],
        ['null', '"C"'],
      ]),
    )
    expect(await surety(['diff', before, after])).toMatchObject({
      code: 0,
      stdout: '~ step "grades", row 1 (r0), days: < 30 became < 45\n+ step "grades", row 3 (r2) added\n',
    })
    expect((await surety(['diff', before, after, '--json'])).json()).toMatchObject({
      changes: [{ subject: 'cell', path: '/steps/0/rows/0/when/0' }, { kind: 'added' }],
    })
    expect(await surety(['diff', before, before, '--exit-code'])).toMatchObject({ code: 0, stdout: 'No difference.\n' })
    expect((await surety(['diff', before, after, '--exit-code'])).code).toBe(1)
  })
})

describe('convert', () => {
  beforeAll(() => mkdirSync(join(folder, 'out'), { recursive: true }))
  const policy = (): string =>
    file(
      'grade.json',
      table([
        ['< 30', '"A"'],
        ['>= 30', '"B"'],
      ]),
    )

  test('to DMN and back decides the same', async () => {
    const dmn = join(folder, 'out/grade.dmn')
    expect((await surety(['convert', policy(), '--to', 'dmn', '--out', dmn])).code).toBe(0)
    const back = await surety(['convert', dmn, '--to', 'json'])
    const again = file('again.json', back.stdout)
    const decided = async (path: string): Promise<unknown[]> =>
      (await surety(['decide', '--policy', path, '--facts', '-'], {}, '{"days": 3}\n{"days": 30}')).stdout
        .trim()
        .split('\n')
        .map(line => (JSON.parse(line) as { outputs: object }).outputs)
    expect(await decided(again)).toEqual(await decided(policy()))
  })

  test('json-rules-engine rules become a policy that passes its check', async () => {
    const made = await surety(['convert', file('adult.json', adult), '--to', 'json'])
    expect(made.json()).toMatchObject({
      id: 'adult',
      facts: { age: { type: 'number' }, name: { type: 'string' } },
      steps: [{ kind: 'rules', rules: [{ id: 'rule-1' }, { id: 'is-x', priority: 10 }] }],
    })
    expect((await surety(['check', file('made.json', made.stdout)])).code).toBe(0)
  })

  test('to a workbook with a sheet for each table, and back to the same policy', async () => {
    const out = join(folder, 'out/grade.xlsx')
    expect(await surety(['convert', policy(), '--to', 'xlsx', '--out', out])).toMatchObject({ code: 0 })
    const sheets = await openWorkbookSheets(out)
    expect(Object.keys(sheets)).toEqual(['Settings', 'grades'])
    expect(sheets['grades']!.slice(0, 4)).toEqual([
      ['行 / row', '生效 / on', 'days', 'grade', '备注 / comment'],
      ['#row', '#on', 'when:days', 'then:grade', '#comment'],
      ['r0', '', '< 30', '"A"'],
      ['r1', '', '>= 30', '"B"'],
    ])
    expect(sheets['Settings']!.flat()).toContain('demo/grade')
    expect((await surety(['convert', policy(), '--to', 'xlsx'])).code).toBe(2)
    const back = await surety(['convert', out, '--to', 'json'])
    expect(back.code).toBe(0)
    expect(JSON.parse(back.stdout)).toEqual(JSON.parse(readFileSync(policy(), 'utf8')))
  })
})
