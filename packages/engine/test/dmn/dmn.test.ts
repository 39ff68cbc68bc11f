import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPolicy, compile } from '../../src/compile/policy.ts'
import { exportDmn, importDmn } from '../../src/dmn/index.ts'
import type { Policy, TableStep } from '../../src/policy/document.ts'

const camunda = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="menu" name="Dish" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="dish" name="Dish" camunda:historyTimeToLive="P180D">
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="i1" label="Season"><inputExpression id="e1" typeRef="string"><text>season</text></inputExpression></input>
      <input id="i2" label="How many guests" camunda:inputVariable="guests"><inputExpression id="e2" typeRef="integer"><text>guestCount</text></inputExpression></input>
      <output id="o1" label="Dish" name="desiredDish" typeRef="string" />
      <rule id="r1"><description>hot</description><inputEntry id="c1"><text>"Summer"</text></inputEntry><inputEntry id="c2"><text></text></inputEntry><outputEntry id="c3"><text>"Light salad"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c4"><text>not("Summer")</text></inputEntry><inputEntry id="c5"><text><![CDATA[<= 8]]></text></inputEntry><outputEntry id="c6"><text>"Roastbeef"</text></outputEntry></rule>
      <rule id="r3"><inputEntry id="c7"><text>not("Summer")</text></inputEntry><inputEntry id="c8"><text>&gt; 8</text></inputEntry><outputEntry id="c9"><text>"Stew"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>`

const loans = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="loans" name="Loans" namespace="urn:test">
  <itemDefinition name="tLoan"><itemComponent name="principal"><typeRef>number</typeRef></itemComponent><itemComponent name="rate"><typeRef>number</typeRef></itemComponent><itemComponent name="term months"><typeRef>number</typeRef></itemComponent></itemDefinition>
  <itemDefinition name="tRating"><typeRef>string</typeRef><allowedValues><text>"A","B","C"</text></allowedValues></itemDefinition>
  <inputData id="i1" name="Loan"><variable name="Loan" typeRef="tLoan"/></inputData>
  <inputData id="i2" name="Rating"><variable name="Rating" typeRef="tRating"/></inputData>
  <businessKnowledgeModel id="b1" name="PMT"><variable name="PMT"/>
    <encapsulatedLogic><formalParameter name="p"/><formalParameter name="r"/><formalParameter name="n"/><literalExpression><text>(p*r/12)/(1-(1+r/12)**-n)</text></literalExpression></encapsulatedLogic>
  </businessKnowledgeModel>
  <decision id="d1" name="Monthly Payment"><variable name="Monthly Payment" typeRef="number"/>
    <literalExpression><text>PMT(Loan.principal, Loan.rate, Loan.term months) + 20</text></literalExpression>
  </decision>
  <decision id="d2" name="Verdict"><variable name="Verdict" typeRef="string"/>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression typeRef="number"><text>Monthly Payment</text></inputExpression></input>
      <input><inputExpression typeRef="string"><text>Rating</text></inputExpression></input>
      <output><outputValues><text>"yes","no"</text></outputValues><defaultOutputEntry><text>"no"</text></defaultOutputEntry></output>
      <rule><inputEntry><text>&lt; 3000</text></inputEntry><inputEntry><text>"A","B"</text></inputEntry><outputEntry><text>"yes"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decisionService id="s1" name="Service"/>
</definitions>`

describe('importing DMN', () => {
  test("Camunda's tables, whose inputs are declared nowhere", async () => {
    const { policies, findings } = await importDmn(camunda)
    expect(findings).toEqual([])
    const [policy] = policies as [Policy]
    expect(policy).toMatchObject({
      id: 'dmn/dish',
      facts: { season: { type: 'string' }, guestCount: { type: 'integer' } },
      outputs: { Dish: { type: 'string' } },
    })
    expect(policy.steps[0]).toMatchObject({
      kind: 'table',
      hitPolicy: 'U',
      rows: [{ id: 'r1', when: ['"Summer"', '-'], comment: 'hot' }, { id: 'r2' }, { id: 'r3' }],
    })
    const { decide } = compile(policy)
    expect(decide({ season: 'Summer', guestCount: 3 }).outputs['Dish']).toBe('Light salad')
    expect(decide({ season: 'Winter', guestCount: 8 }).outputs['Dish']).toBe('Roastbeef')
    expect(decide({ season: 'Winter', guestCount: 9 }).outputs['Dish']).toBe('Stew')
  })

  test('structures become dotted facts, knowledge models are written into the expressions that call them', async () => {
    const { policies, findings } = await importDmn(loans)
    expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['info DMN_SERVICE_LEFT_OUT'])
    const [policy] = policies as [Policy]
    expect(policy.facts).toMatchObject({
      'Loan.principal': { type: 'number' },
      'Loan.term months': { type: 'number' },
      Rating: { type: 'enum', values: ['A', 'B', 'C'] },
    })
    expect(checkPolicy(policy)).toEqual([])
    const facts = { 'Loan.principal': 600000, 'Loan.rate': 0.0375, 'Loan.term months': 360 }
    expect(compile(policy).decide({ ...facts, Rating: 'A' }).outputs).toMatchObject({
      'Monthly Payment': expect.closeTo(2798.693549, 6) as number,
      Verdict: 'yes',
    })
    expect(compile(policy).decide({ ...facts, Rating: 'C' }).outputs).toMatchObject({ Verdict: 'no' })
  })

  test('what a policy does not have is reported, not dropped', async () => {
    const model = (logic: string): string =>
      `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="n"><decision id="d" name="D"><variable name="D" typeRef="number"/>${logic}</decision></definitions>`
    const codes = async (xml: string) => (await importDmn(xml)).findings.map(({ code, path }) => `${code} ${path}`)
    expect(await codes(model('<functionDefinition><literalExpression><text>1</text></literalExpression></functionDefinition>'))).toEqual([
      'DMN_BOXED /decision/d',
    ])
    expect(await codes(model(''))).toEqual(['DMN_WITHOUT_LOGIC /decision/d'])
    expect(
      await codes(model('<literalExpression expressionLanguage="groovy"><text>a.collect { it }</text></literalExpression>')),
    ).toContain('DMN_LANGUAGE /decision/d')
    expect(await codes(model('<literalExpression><text>x + 1</text></literalExpression>'))).toEqual(['DMN_TYPE /decision/d'])
    expect(await codes('<html/>')).toEqual(['DMN_UNREADABLE '])
    expect(await codes('<!DOCTYPE x [<!ENTITY a "b">]><definitions/>')).toEqual(['DMN_UNREADABLE '])
    expect(await codes('nonsense')).toEqual(['DMN_UNREADABLE '])
  })
})

describe('exporting DMN', () => {
  const policy: Policy = {
    id: 'test/export',
    title: { en: 'Export', zh: '导出' },
    facts: {
      days: { type: 'number', label: { en: 'Days', zh: '天数' } },
      risk: { type: 'enum', values: ['low', 'high'] },
      since: { type: 'date' },
      today: { type: 'date' },
    },
    outputs: { grade: { type: 'string' }, limit: { type: 'number' }, half: { type: 'number' }, tags: { type: 'list', of: 'string' } },
    steps: [
      {
        id: 'grade',
        kind: 'table',
        hitPolicy: 'F',
        inputs: [
          { id: 'a', expression: 'days' },
          { id: 'b', expression: 'risk' },
          { id: 'c', expression: 'since' },
        ],
        outputs: [
          { id: 'o1', name: 'grade' },
          { id: 'o2', name: 'limit', default: '0' },
          { id: 'o3', name: 'outcome' },
        ],
        rows: [
          { id: 'r1', when: ['≤ 30', 'low', '< 今天-90天'], then: ['"A"', '10万', 'approve'], comment: 'best' },
          {
            id: 'r2',
            when: ['[30..60)', '-', '-'],
            then: ['"B"', 'days * 10', '"refer"'],
            reason: { code: 'LATE', text: { en: 'Late', zh: '逾期' } },
          },
          { id: 'r3', when: ['>= 60', '"high"', '-'], then: ['"C"', '0', '"decline"'] },
        ],
      },
      {
        id: 'tags',
        kind: 'table',
        hitPolicy: 'C',
        inputs: [{ id: 'a', expression: 'limit' }],
        outputs: [{ id: 'o', name: 'tags' }],
        rows: [
          { id: 'r1', when: ['> 100'], then: ['"some"'] },
          { id: 'x2', when: ['> 500'], then: ['"much"'] },
        ],
      },
      { id: 'half', kind: 'formula', expressions: [{ id: 'h', output: 'half', expression: 'limit / 3', round: { decimals: 1 } }] },
    ],
  }

  test('what comes back decides alike', async () => {
    const { xml, findings } = await exportDmn(policy)
    expect(findings.map(({ code }) => code)).toEqual(['DMN_DETAILS', 'DMN_REASON'])
    const imported = await importDmn(xml)
    expect(imported.findings).toEqual([])
    const [again] = imported.policies as [Policy]
    expect(checkPolicy(again).filter(({ severity }) => severity === 'error')).toEqual([])
    expect(again.outputs).toEqual(policy.outputs)
    const ours = compile(policy)
    const theirs = compile(again)
    for (const days of [10, 30, 45, 60, 61, undefined]) {
      for (const risk of ['low', 'high']) {
        for (const since of ['2024-01-01', '2025-05-01', undefined]) {
          const facts = { ...(days === undefined ? {} : { days }), risk, ...(since ? { since } : {}), today: '2025-06-01' }
          const { outcome, outputs, missing } = ours.decide(facts)
          expect(theirs.decide(facts)).toMatchObject({ outcome, outputs, missing })
        }
      }
    }
  })

  test('steps that DMN lacks are reported', async () => {
    const { findings } = await exportDmn({ ...policy, steps: [{ id: 's', kind: 'scorecard', output: 'limit', characteristics: [] }] })
    expect(findings).toContainEqual(expect.objectContaining({ code: 'DMN_STEP_LEFT_OUT', path: '/steps/0', severity: 'error' }))
  })

  const cells = fc.record({
    number: fc.constantFrom('-', '> 3', '[1..5)', 'not(2)', '1, 2', 'null', '<= other'),
    text: fc.constantFrom('-', '"x"', 'not("x","y")', '"<&>"'),
  })
  test('any table survives the way there and back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<TableStep['hitPolicy'][]>('U', 'A', 'F', 'P', 'C', 'R', 'O'),
        fc.array(fc.tuple(cells, fc.constantFrom('"p"', '"q"')), { minLength: 1, maxLength: 6 }),
        async (hitPolicy, rows) => {
          const many = hitPolicy === 'C' || hitPolicy === 'R' || hitPolicy === 'O'
          const original: Policy = {
            id: 'any',
            title: { en: 'Any', zh: '任意' },
            facts: { n: { type: 'number' }, t: { type: 'string' }, other: { type: 'number' } },
            outputs: { out: many ? { type: 'list', of: 'string' } : { type: 'string' } },
            steps: [
              {
                id: 't',
                kind: 'table',
                hitPolicy,
                inputs: [
                  { id: 'a', expression: 'n' },
                  { id: 'b', expression: 't' },
                ],
                outputs: [{ id: 'o', name: 'out', values: ['q', 'p'] }],
                rows: rows.map(([{ number, text }, then], at) => ({ id: `r${at}`, when: [number, text], then: [then] })),
              },
            ],
          }
          const { policies } = await importDmn((await exportDmn(original)).xml)
          const ours = compile(original, { codegen: false })
          const theirs = compile(policies[0] as Policy, { codegen: false })
          for (const facts of [{ n: 1, t: 'x', other: 0 }, { n: 2, t: '<&>', other: 5 }, { n: 4, t: 'z', other: 4 }, { t: 'y' }]) {
            const { outcome, outputs, missing } = ours.decide(facts)
            expect(theirs.decide(facts)).toMatchObject({ outcome, outputs, missing })
          }
        },
      ),
      { numRuns: 60, seed: 5 },
    )
  })
})
