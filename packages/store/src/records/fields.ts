import type { Text } from '@surety/engine'
import { CURRENCIES } from '@surety/credit'
import { STATEMENT_ITEMS } from '../import/fields.ts'

/** What machines may bring, in the words of the doors that they come through. */
export const RECORD_KINDS = [
  'customers',
  'orders',
  'deliveries',
  'draft-invoices',
  'invoices',
  'credit-notes',
  'payments',
  'bills',
  'disputes',
  'instruments',
  'ratings',
  'incidents',
  'statements',
] as const
export type RecordKind = (typeof RECORD_KINDS)[number]

/** Something that a record of a kind may say. */
export interface RecordField {
  readonly key: string
  readonly type:
    | 'identifier'
    | 'text'
    | 'date'
    | 'amount'
    | 'currency'
    | 'flag'
    | 'country'
    | 'integer'
    | 'number'
    | 'choice'
    | 'claims'
    | 'names'
  readonly isRequired: boolean
  readonly description: Text
  readonly choices?: readonly string[]
  readonly most?: number
}

/** What a kind of record may say; a record is told whole each time, so that what is left out is not so any more. */
export function recordFields(kind: RecordKind): readonly RecordField[] {
  return FIELDS[kind]
}

export const INSTRUMENT_TYPES = ['guarantee', 'collateral', 'insurance', 'letter-of-credit', 'deposit'] as const
export const INSTRUMENT_EFFECTS = ['raises-limit', 'reduces-exposure'] as const
export const INCIDENT_KINDS = ['insolvency', 'insolvency-ended', 'lawsuit', 'cover-withdrawn', 'cover-restored'] as const
export const PAYMENT_METHODS = ['transfer', 'bill', 'cheque', 'cash', 'card'] as const
export const BILL_KINDS = ['bank', 'commercial'] as const
export const CUSTOMER_SIZES = ['micro', 'small', 'medium', 'large'] as const
const LONGEST_NUMBER = 200

type Options = Partial<Pick<RecordField, 'isRequired' | 'choices' | 'most'>>

function field(key: string, type: RecordField['type'], en: string, zh: string, options: Options = {}): RecordField {
  return { key, type, isRequired: false, description: { en, zh }, ...options }
}

const required = { isRequired: true }
const number = (en: string, zh: string): RecordField => field('number', 'identifier', en, zh, { ...required, most: LONGEST_NUMBER })
const customerNumber = field(
  'customerNumber',
  'identifier',
  'The customer’s number in the books of the source.',
  '来源账簿中的客户编号。',
  {
    ...required,
    most: LONGEST_NUMBER,
  },
)
const customerName = field('customerName', 'text', 'With it, a customer not known yet is created.', '提供后，尚不存在的客户会自动建立。', {
  most: 300,
})
const customer = [customerNumber, customerName]
const issuedOn = field('issuedOn', 'date', 'The day of the document.', '单据日期。', required)
const currency = field('currency', 'currency', 'Without it, the currency of the segment.', '未提供时使用业务板块的币种。', {
  choices: CURRENCIES,
})
const amount = field('amount', 'amount', 'A decimal number as text.', '以文本表示的十进制金额。', required)
const cancelledOn = field('cancelledOn', 'date', 'Taken back as of this day.', '自该日起作废。')
const orderNumber = field(
  'orderNumber',
  'identifier',
  'The order that it fulfils; it may arrive later.',
  '所履行的订单号；订单可稍后到达。',
  { most: LONGEST_NUMBER },
)
const deliveryNumber = field(
  'deliveryNumber',
  'identifier',
  'The delivery that it charges for, whole; it may arrive later.',
  '所开票的发货单号（整单）；可稍后到达。',
  { most: LONGEST_NUMBER },
)
const claims = [
  field(
    'applications',
    'claims',
    'What it settles: [{invoiceNumber, amount, appliedOn}]. An invoice may arrive later.',
    '核销明细：[{invoiceNumber, amount, appliedOn}]；发票可稍后到达。',
  ),
  field(
    'invoiceNumber',
    'identifier',
    'In place of applications: the one invoice that it settles.',
    '代替 applications：所核销的单张发票。',
    { most: LONGEST_NUMBER },
  ),
  field('appliedAmount', 'amount', 'How much of it goes to invoiceNumber; all of it unless said.', '核销到该发票的金额；默认全部。'),
  field('appliedOn', 'date', 'Its own day unless said.', '默认为单据日期。'),
]
const versions = [
  field(
    'sequence',
    'integer',
    'The source’s count of versions of this record: an older version that arrives late changes nothing.',
    '来源对该记录的版本号：迟到的旧版本不产生任何变化。',
  ),
  field('key', 'text', 'An idempotency key of this line.', '本行的幂等键。', { most: 200 }),
]

const FIELDS: Readonly<Record<RecordKind, readonly RecordField[]>> = {
  customers: [
    customerNumber,
    { ...customerName, isRequired: true },
    field('otherNames', 'names', 'Other spellings of the name.', '名称的其他写法。'),
    field('registrationNumber', 'identifier', 'Of the company.', '统一社会信用代码或注册号。', { most: LONGEST_NUMBER }),
    field('country', 'country', 'ISO 3166 code; CN unless said.', 'ISO 3166 代码；默认 CN。'),
    field('industryScheme', 'choice', 'The classification of industryCode.', '行业代码所属标准。', { choices: ['GB/T 4754', 'NACE'] }),
    field('industryCode', 'identifier', 'Code of the industry.', '行业代码。', { most: 20 }),
    field('size', 'choice', 'Of the company.', '企业规模。', { choices: CUSTOMER_SIZES }),
    field('isListed', 'flag', 'Whether its shares are traded.', '是否上市。'),
    field('groupCode', 'identifier', 'Of its group of companies.', '所属集团代码。', { most: LONGEST_NUMBER }),
    field('customerSince', 'date', 'The first day of trade.', '合作起始日。'),
    field('paymentTermsDays', 'integer', 'Agreed payment terms in days.', '约定账期（天）。', { most: 3650 }),
    field('contactName', 'text', 'Somebody there.', '联系人。', { most: 200 }),
    field('contactEmail', 'text', 'Their e-mail.', '联系邮箱。', { most: 320 }),
    field('contactPhone', 'text', 'Their phone.', '联系电话。', { most: 60 }),
    ...versions,
  ],
  orders: [
    number('Of the order.', '订单号。'),
    ...customer,
    issuedOn,
    field('dueOn', 'date', 'When delivery is due.', '交货日期。'),
    currency,
    amount,
    field(
      'openAmount',
      'amount',
      'Not yet delivered, where the source knows; deliveries that arrive lower it too.',
      '未交货金额；到达的发货单也会降低它。',
    ),
    field('isPrepaid', 'flag', 'Paid before delivery: carries no risk.', '交货前付款，不占用信用。'),
    field(
      'closedOn',
      'date',
      'Called off or declared complete; left out again, the order is open again and is checked anew.',
      '关闭日期；再次省略则重新打开并重新检查。',
    ),
    cancelledOn,
    ...versions,
  ],
  deliveries: [number('Of the delivery.', '发货单号。'), ...customer, issuedOn, currency, amount, orderNumber, cancelledOn, ...versions],
  'draft-invoices': [
    number('Of the invoice to be.', '待开发票号。'),
    ...customer,
    issuedOn,
    currency,
    amount,
    orderNumber,
    deliveryNumber,
    cancelledOn,
    ...versions,
  ],
  invoices: [
    number('Of the invoice.', '发票号。'),
    ...customer,
    issuedOn,
    field('dueOn', 'date', 'Or payment terms in days, from which it follows.', '或提供账期天数，由此推算。'),
    field('terms', 'text', 'Payment terms, such as 30 or Net 30.', '付款条件，如 30 或 Net 30。', { most: 100 }),
    currency,
    amount,
    orderNumber,
    deliveryNumber,
    cancelledOn,
    ...versions,
  ],
  'credit-notes': [
    number('Of the credit note.', '红字发票号。'),
    ...customer,
    issuedOn,
    currency,
    amount,
    ...claims,
    cancelledOn,
    ...versions,
  ],
  payments: [
    number('Of the payment.', '收款单号。'),
    ...customer,
    field('receivedOn', 'date', 'The day of value.', '到账日期。', required),
    currency,
    amount,
    field('method', 'choice', 'How it came.', '收款方式。', { choices: PAYMENT_METHODS }),
    ...claims,
    cancelledOn,
    ...versions,
  ],
  bills: [
    number('Of the bill.', '票据号。'),
    ...customer,
    field('kind', 'choice', 'Whose acceptance it carries.', '承兑类型。', { ...required, choices: BILL_KINDS }),
    field('receivedOn', 'date', 'The day on which it was accepted.', '收票日期。', required),
    field('maturesOn', 'date', 'When it is due.', '到期日。', required),
    currency,
    amount,
    ...claims,
    field('honouredOn', 'date', 'Paid at maturity: its exposure ends.', '兑付日期：占用随之释放。'),
    field('dishonouredOn', 'date', 'Not paid: what it had settled is open again.', '拒付日期：原核销的发票重新未清。'),
    field('endorsedOn', 'date', 'Passed on; changes no exposure.', '背书转让日期；不改变占用。'),
    field('endorsedTo', 'text', 'To whom.', '被背书人。', { most: 200 }),
    field('discountedOn', 'date', 'Sold to a bank; changes no exposure.', '贴现日期；不改变占用。'),
    field('discountedWith', 'text', 'To which bank.', '贴现银行。', { most: 200 }),
    ...versions,
  ],
  disputes: [
    field('invoiceNumber', 'identifier', 'The invoice that is contested.', '有争议的发票号。', { ...required, most: LONGEST_NUMBER }),
    field('openedOn', 'date', 'Since when.', '争议日期。', required),
    field('amount', 'amount', 'How much of it; all unless said.', '争议金额；默认全部。'),
    field('reason', 'text', 'Why.', '原因。', { ...required, most: 500 }),
    field('closedOn', 'date', 'Until when.', '解决日期。'),
    ...versions,
  ],
  instruments: [
    number('Its reference, such as a policy number.', '编号，如保单号。'),
    customerNumber,
    field('type', 'choice', 'What secures.', '担保类型。', { ...required, choices: INSTRUMENT_TYPES }),
    field('effect', 'choice', 'One of the two, never both.', '二者取一，不可兼得。', { ...required, choices: INSTRUMENT_EFFECTS }),
    field('value', 'amount', 'Its value.', '价值。', required),
    currency,
    field('percentage', 'number', 'How much of it counts, in percent.', '计入百分比。', { ...required, most: 100 }),
    field('cap', 'amount', 'At most so much.', '上限。'),
    field('recordedOn', 'date', 'When it became known; the effective day unless said.', '登记日期；默认为生效日。'),
    field('effectiveFrom', 'date', 'From when it counts.', '生效日。', required),
    field('expiresOn', 'date', 'The last day on which it counts.', '到期日。'),
    field('withdrawnOn', 'date', 'From when it counts no more.', '撤销日期。'),
    ...versions,
  ],
  ratings: [
    customerNumber,
    field('agency', 'text', 'Who rates.', '评级机构。', { ...required, most: 100 }),
    field('value', 'text', 'As the agency writes it.', '评级原文。', { ...required, most: 60 }),
    field('score', 'number', 'On a scale of 0 to 100; higher is better.', '折算为 0–100 分，越高越好。', { ...required, most: 100 }),
    field('ratedOn', 'date', 'The day of the rating.', '评级日期。', required),
    field('expiresOn', 'date', 'The last day on which it counts.', '有效期至。'),
    ...versions,
  ],
  incidents: [
    customerNumber,
    field('kind', 'choice', 'What happened.', '事件类型。', { ...required, choices: INCIDENT_KINDS }),
    field('happenedOn', 'date', 'When.', '发生日期。', required),
    field('note', 'text', 'In words.', '说明。', { most: 2000 }),
    ...versions,
  ],
  statements: [
    ...customer,
    field('periodEnd', 'date', 'The last day of the period.', '报告期末。', required),
    field('periodMonths', 'integer', 'Months covered; 12 unless said.', '报告期月数；默认 12。', { most: 24 }),
    field('receivedOn', 'date', 'Today unless said: facts of earlier days don’t know it.', '默认今天：更早日期的指标不会使用。'),
    currency,
    field('isAudited', 'flag', 'Whether an auditor signed it.', '是否经审计。'),
    ...STATEMENT_ITEMS.map(({ key, label }) => field(key, 'amount', `${label.en}.`, `${label.zh}。`)),
    ...versions,
  ],
}
