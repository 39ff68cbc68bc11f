import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { hashPolicy, parsePolicy, type Policy, type TableStep } from '../../src/index.ts'
import { exportWorkbook, importWorkbook } from '../../src/xlsx/index.ts'

const RULES = join(import.meta.dirname, '../../../../rules')
const shipped = readdirSync(RULES, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('policy.json'))
  .map(file => parsePolicy(JSON.parse(readFileSync(join(RULES, file), 'utf8'))).policy!)
const limits = shipped.find(({ id }) => id.includes('limit'))!

/** The workbook as somebody leaves it who changes the text of its sheets. */
function edited(policy: Policy, sheet: number, change: (xml: string) => string): Uint8Array {
  const files = unzipSync(exportWorkbook(policy))
  const path = `xl/worksheets/sheet${sheet}.xml`
  return zipSync({ ...files, [path]: strToU8(change(strFromU8(files[path]!))) })
}

describe('a workbook there and back', () => {
  it('is the same policy to the byte, for every policy that ships', () => {
    for (const policy of shipped) {
      const { policy: back, findings } = importWorkbook(exportWorkbook(policy))
      expect(findings, policy.id).toEqual([])
      expect(hashPolicy(back!)).toBe(hashPolicy(policy))
      expect(JSON.stringify(back)).toBe(JSON.stringify(policy))
    }
  })

  it('is the same policy to the byte, whatever its cells, ids and comments hold', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('-', '>= 45', '[1..2)', '_x000D_', 'a\r\nb\t', ' x ', '1e5', 'TRUE', '批准'),
    )
    const id = fc.string({ minLength: 1, maxLength: 12 })
    const table = fc
      .record({
        inputs: fc.integer({ min: 0, max: 4 }),
        outputs: fc.integer({ min: 1, max: 3 }),
        ids: fc.uniqueArray(id, { maxLength: 8 }),
      })
      .chain(({ inputs, outputs, ids }) =>
        fc.record({
          when: fc.array(fc.array(text, { minLength: inputs, maxLength: inputs }), { minLength: ids.length, maxLength: ids.length }),
          then: fc.array(fc.array(text, { minLength: outputs, maxLength: outputs }), { minLength: ids.length, maxLength: ids.length }),
          comments: fc.array(fc.option(text.filter(one => one !== '')), { minLength: ids.length, maxLength: ids.length }),
          off: fc.array(fc.boolean(), { minLength: ids.length, maxLength: ids.length }),
          ids: fc.constant(ids),
          inputs: fc.constant(inputs),
          outputs: fc.constant(outputs),
        }),
      )
    fc.assert(
      fc.property(table, ({ inputs, outputs, ids, when, then, comments, off }) => {
        const step: TableStep = {
          kind: 'table',
          id: 'table',
          hitPolicy: 'C',
          inputs: Array.from({ length: inputs }, (_, at) => ({ id: `i${at}`, expression: 'a' })),
          outputs: Array.from({ length: outputs }, (_, at) => ({ id: `o${at}`, name: 'b' })),
          rows: ids.map((one, at) => ({
            id: one,
            when: when[at]!,
            then: then[at]!,
            ...(off[at] && { enabled: false }),
            ...(comments[at] !== null && { comment: comments[at]! }),
          })),
        }
        const policy: Policy = {
          id: 'p',
          title: { en: 'p', zh: 'p' },
          facts: { a: { type: 'number' } },
          outputs: { b: { type: 'string' } },
          steps: [step],
        }
        const { policy: back } = importWorkbook(exportWorkbook(policy))
        expect(JSON.stringify(back)).toBe(JSON.stringify(policy))
      }),
      { numRuns: 120 },
    )
  })

  it('takes over a changed cell, as people write it, and keeps the rest of its row', () => {
    const { policy, findings } = importWorkbook(
      edited(limits, 2, xml =>
        xml
          .replace('&gt;= 36', '≥ 48')
          .replace('<c r="G3" s="1" t="inlineStr"><is><t xml:space="preserve">20000000</t></is></c>', '<c r="G3"><v>2.5E7</v></c>'),
      ),
    )
    expect(findings).toEqual([])
    const before = (limits.steps[0] as TableStep).rows
    const after = (policy!.steps[0] as TableStep).rows
    expect(after[0]).toEqual({ ...before[0], when: before[0]!.when.with(1, '>= 48'), then: before[0]!.then.with(0, '25000000') })
    expect(after.slice(1)).toEqual(before.slice(1))
  })

  it('takes over rows that were added, deleted and moved, by their ids', () => {
    const { policy } = importWorkbook(
      edited(limits, 2, xml =>
        xml
          .replace(/<row r="4">.*?<\/row>/, '')
          .replace('</sheetData>', '<row r="40"><c r="C40" t="str"><v>A</v></c><c r="J40" t="str"><v>转人工</v></c></row></sheetData>'),
      ),
    )
    const rows = (policy!.steps[0] as TableStep).rows
    expect(rows.map(({ id }) => id)).toEqual([...(limits.steps[0] as TableStep).rows.map(({ id }) => id).toSpliced(1, 1), 'row-40'])
    expect(rows.at(-1)).toEqual({ id: 'row-40', when: ['"A"', '-', '-', '-'], then: ['', '', '', '"refer"'] })
  })
})

describe('what is wrong with a workbook is said with its place', () => {
  it('names sheet and cell of a cell that cannot be read, and keeps what was typed', () => {
    const { policy, findings } = importWorkbook(edited(limits, 2, xml => xml.replace('&gt;= 36', 'quite long')))
    expect(findings).toMatchObject([{ severity: 'error', path: '/steps/0/rows/0/when/1' }])
    expect(findings[0]!.message.en).toContain('grade-table!D3 "quite long"')
    expect((policy!.steps[0] as TableStep).rows[0]!.when[1]).toBe('quite long')
  })

  it('reads merged cells as their value in each, and says so', () => {
    const merge = (xml: string): string =>
      xml
        .replace('<c r="C4" s="1" t="inlineStr"><is><t xml:space="preserve">&quot;A&quot;</t></is></c>', '')
        .replace('</sheetData>', '</sheetData><mergeCells count="1"><mergeCell ref="C3:C4"/></mergeCells>')
    const { policy, findings } = importWorkbook(edited(limits, 2, merge))
    expect(findings.map(({ code }) => code)).toEqual(['MERGED_CELLS'])
    expect(findings[0]!.message.zh).toContain('C3:C4')
    expect(hashPolicy(policy!)).toBe(hashPolicy(limits))
  })

  it('says that a file is no workbook, or one of somebody else', () => {
    expect(importWorkbook(strToU8('hello')).findings[0]!.code).toBe('NOT_A_WORKBOOK')
    const foreign = unzipSync(exportWorkbook(limits))
    foreign['xl/workbook.xml'] = strToU8(strFromU8(foreign['xl/workbook.xml']!).replace('name="Document"', 'name="Other"'))
    expect(importWorkbook(zipSync(foreign)).findings[0]!.code).toBe('WORKBOOK_WITHOUT_DOCUMENT')
  })

  it('names a column that is gone and keeps its cells', () => {
    const { policy, findings } = importWorkbook(edited(limits, 2, xml => xml.replace('when:grade', 'when:other')))
    expect(findings.map(({ code }) => code)).toEqual(['COLUMN_MISSING'])
    expect(hashPolicy(policy!)).toBe(hashPolicy(limits))
  })
})
