import { describe, expect, test } from 'vitest'
import { importFields, IMPORT_KINDS } from '../../src/import/fields.ts'
import { suggestKind } from '../../src/import/suggest-mapping.ts'
import { parseAmount, separatorEvidence } from '../../src/import/values/amount.ts'
import { dateEvidence, parseDate } from '../../src/import/values/date.ts'
import { parseIdentifier } from '../../src/import/values/identifier.ts'

test.each([
  ['2020-01-22', undefined, '2020-01-22'],
  ['2020-01-22 13:45:00', undefined, '2020-01-22'],
  ['2020-01-22T00:00:00.000Z', undefined, '2020-01-22'],
  ['2020/1/2', undefined, '2020-01-02'],
  ['2020年1月22日', undefined, '2020-01-22'],
  ['20200122', undefined, '2020-01-22'],
  ['20200122.0', undefined, '2020-01-22'],
  ['22-Jan-2020', undefined, '2020-01-22'],
  ['43852', undefined, '2020-01-22'],
  ['43852.5', undefined, '2020-01-22'],
  ['1/22/2020', undefined, '2020-01-22'],
  ['22.01.2020', undefined, '2020-01-22'],
  ['3/4/2020', 'M/D/YYYY', '2020-03-04'],
  ['3/4/2020', 'D/M/YYYY', '2020-04-03'],
  ['3/3/2020', undefined, '2020-03-03'],
  ['2020-02-29', undefined, '2020-02-29'],
] as const)('the date %s (%s) is %s', (text, order, date) => {
  expect(parseDate(text, order)).toEqual({ kind: 'date', date })
})

test.each([
  ['31/02/2020', 'D/M/YYYY', 'no-such-day'],
  ['31/02/2020', undefined, 'no-such-day'],
  ['2021-02-29', undefined, 'no-such-day'],
  ['13/13/2020', undefined, 'no-such-day'],
  ['3/4/2020', undefined, 'ambiguous'],
  ['3/4/20', undefined, 'two-digit-year'],
  ['soon', undefined, 'not-a-date'],
  ['12', undefined, 'not-a-date'],
] as const)('%s (%s) is %s', (text, order, kind) => {
  expect(parseDate(text, order)).toEqual({ kind })
})

test('a day above twelve tells the order of the whole file', () => {
  expect(['4/6/2013', '1/15/2013', '15/1/2013', '3/3/2013', '2013-01-15'].map(dateEvidence)).toEqual([
    'either',
    'M/D/YYYY',
    'D/M/YYYY',
    undefined,
    undefined,
  ])
})

test.each([
  ['8734.71', '.', '8734.71'],
  ['8734.0', '.', '8734'],
  ['0012.50', '.', '12.5'],
  ['1,234,567.89', '.', '1234567.89'],
  ['1.234.567,89', ',', '1234567.89'],
  ['1 234,5', ',', '1234.5'],
  ['1’234.50', '.', '1234.5'],
  ['¥1,234.50', '.', '1234.5'],
  ['￥１，２３４．５０', '.', '1234.5'],
  ['USD 12.30', '.', '12.3'],
  ['(45.10)', '.', '-45.1'],
  ['45.10-', '.', '-45.1'],
  ['-0.00', '.', '0'],
  ['.5', '.', '0.5'],
  ['1,23,4', '.', undefined],
  ['12.3.4', '.', undefined],
  ['1e5', '.', undefined],
  ['', '.', undefined],
  ['-', '.', undefined],
] as const)('the amount %j with %s is %s', (text, separator, amount) => {
  expect(parseAmount(text, separator)).toBe(amount)
})

test('amounts tell the separator, except where a thousand looks like a decimal', () => {
  expect(
    ['1,234.50', '1.234,50', '12,5', '12.5', '1.234.567', '1,234,567', '0.123', '1,234', '1.234', '1234', 'x'].map(separatorEvidence),
  ).toEqual(['.', ',', ',', '.', ',', '.', '.', 'either', 'either', undefined, undefined])
})

test.each([
  ['1930571429.0', { kind: 'identifier', text: '1930571429' }],
  ['0000611365', { kind: 'identifier', text: '0000611365' }],
  ['0012.0', { kind: 'identifier', text: '0012' }],
  ['A-12.0', { kind: 'identifier', text: 'A-12.0' }],
  ['12.50', { kind: 'identifier', text: '12.50' }],
  ['1.93057E+12', { kind: 'rounded' }],
] as const)('the number %s is %j', (text, parsed) => {
  expect(parseIdentifier(text)).toEqual(parsed)
})

describe('columns are recognised', () => {
  test.each([
    [
      'business_code,cust_number,name_customer,doc_id,posting_date,due_in_date,invoice_currency,total_open_amount,isOpen',
      'U1,1,A,9,2020-01-01,2020-01-02,USD,5.5,1',
      'invoices',
    ],
    [
      'countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate',
      '391,1,4/6/2013,2,1/2/2013,2/1/2013,5,No,1/15/2013,Paper,13,0',
      'invoices',
    ],
    ['发票号,客户编号,客户名称,开票日期,到期日,币种,金额', '1,2,甲,2024-01-01,2024-02-01,CNY,3', 'invoices'],
    ['客户编码,客户名称,统一社会信用代码,行业代码,联系人', '1,甲,9137,C29,李', 'customers'],
    ['收款单号,客户编号,收款日期,收款金额,核销发票号', '1,2,2024-01-01,3,4', 'payments'],
    ['红字发票号,客户编号,开票日期,金额,原发票号', '1,2,2024-01-01,3,4', 'credit_notes'],
    ['订单号,客户编号,订单日期,交货日期,订单金额', '1,2,2024-01-01,2024-02-01,3', 'orders'],
    ['客户编号,报表日期,资产总计,负债合计,营业收入,净利润', '1,2023-12-31,5,3,9,1', 'statements'],
    ['Payment ID,Customer ID,Payment Date,Amount', '1,2,2024-01-01,3', 'payments'],
    ['Order ID,Customer ID,Order Date,Amount', '1,2,2024-01-01,3', 'orders'],
    ['Customer No,Name,Country,Industry', '1,A,DE,C28', 'customers'],
  ])('%s', (header, row, kind) => {
    expect(suggestKind(header.split(','), [row.split(',')])?.kind).toBe(kind)
  })

  test('a country column with figures in it is not taken for a country', () => {
    expect(suggestKind(['customerID', 'name', 'countryCode'], [['1', 'A', '391']])?.mapping).toEqual({
      customerNumber: 'customerID',
      customerName: 'name',
    })
  })

  test('nothing known is nothing suggested', () => {
    expect(suggestKind(['foo', 'bar'], [['1', '2']])).toBeUndefined()
  })

  test('every field is named in both languages and recognised by both names', () => {
    for (const kind of IMPORT_KINDS) {
      for (const { key, label, synonyms } of importFields(kind)) {
        expect([key, label.zh]).toEqual([key, expect.stringMatching(/[\u4e00-\u9fff]|EBIT/)])
        expect(synonyms.length).toBeGreaterThanOrEqual(2)
      }
    }
  })
})
