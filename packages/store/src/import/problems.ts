import type { Text } from '@surety/engine'

/** Something wrong with one row: where, what stood there, and what would be right. */
export interface RowProblem {
  readonly code: ProblemCode
  readonly row: number
  /** The header of the cell, where it is one cell's fault. */
  readonly column?: string
  readonly value?: string
  /** Fills the message. */
  readonly details?: Readonly<Record<string, string | number>>
}

export function problemText({ code, column, value, details }: Omit<RowProblem, 'row'>): Text {
  const words: Record<string, string> = { column: column ?? '', value: shown(value ?? '') }
  for (const [key, detail] of Object.entries(details ?? {})) words[key] = String(detail)
  const { en, zh } = MESSAGES[code]
  return { en: fill(en, words), zh: fill(zh, words) }
}

const MESSAGES = {
  EMPTY: { en: '{column} is empty.', zh: '“{column}”为空。' },
  NOT_A_DATE: {
    en: '{value} in {column} is not a date; write it as 2024-03-31.',
    zh: '“{column}”中的 {value} 不是日期，应写成 2024-03-31。',
  },
  NO_SUCH_DAY: { en: '{value} in {column}: there is no such day.', zh: '“{column}”中的 {value}：没有这一天。' },
  AMBIGUOUS_DATE: {
    en: '{value} in {column} may be month/day or day/month; choose the date format.',
    zh: '“{column}”中的 {value} 可能是月/日或日/月，请选择日期格式。',
  },
  TWO_DIGIT_YEAR: { en: '{value} in {column}: write the year with four digits.', zh: '“{column}”中的 {value}：年份应写四位数。' },
  NOT_AN_AMOUNT: {
    en: '{value} in {column} is not an amount; write it as 1250.00.',
    zh: '“{column}”中的 {value} 不是金额，应写成 1250.00。',
  },
  TOO_MANY_DECIMALS: {
    en: '{value} in {column} has more decimals than {currency} has ({digits}).',
    zh: '“{column}”中的 {value} 小数位数超过 {currency} 的 {digits} 位。',
  },
  AMOUNT_TOO_LARGE: {
    en: '{value} in {column} has more than 15 digits before the point.',
    zh: '“{column}”中的 {value} 小数点前超过 15 位。',
  },
  NEGATIVE_INVOICE: {
    en: 'The invoice amount {value} is negative; import it as a credit note.',
    zh: '发票金额 {value} 为负数；请作为红字发票（贷项）导入。',
  },
  NEGATIVE_AMOUNT: { en: '{value} in {column} is negative.', zh: '“{column}”中的 {value} 为负数。' },
  NEGATIVE_PAYMENT: {
    en: 'The payment {value} is negative; give the original payment a cancellation date instead.',
    zh: '收款金额 {value} 为负数；请改为在原收款上填写作废日期。',
  },
  ZERO_AMOUNT: { en: '{column} is zero.', zh: '“{column}”为零。' },
  UNKNOWN_CURRENCY: {
    en: '{value} is no ISO 4217 currency code; write it as CNY or USD.',
    zh: '{value} 不是 ISO 4217 货币代码，应写成 CNY 或 USD。',
  },
  ROUNDED_NUMBER: {
    en: '{value} in {column} was rounded by a spreadsheet; format the column as text and export again.',
    zh: '“{column}”中的 {value} 被电子表格四舍五入；请将该列设为文本后重新导出。',
  },
  TOO_LONG: { en: '{column} has {length} characters; {most} are the most.', zh: '“{column}”有 {length} 个字符，最多 {most} 个。' },
  CELL_TOO_LONG: {
    en: '{column} has {length} characters; a cell may have {most}.',
    zh: '“{column}”有 {length} 个字符，单元格最多 {most} 个。',
  },
  TEXT_AFTER_QUOTE: {
    en: 'There is text after a closing quote in {column}; double quotes inside a quoted cell.',
    zh: '“{column}”的结束引号后还有文字；引号内的引号应写成两个。',
  },
  CONTROL_CHARACTER: { en: '{column} holds a control character.', zh: '“{column}”含有控制字符。' },
  TOO_MANY_CELLS: {
    en: 'The row has {cells} cells, the header {columns}; is a delimiter inside a cell not quoted?',
    zh: '该行有 {cells} 个单元格，表头只有 {columns} 个；单元格内的分隔符是否未加引号？',
  },
  NOT_A_FLAG: { en: '{value} in {column} is neither yes nor no.', zh: '“{column}”中的 {value} 既不是“是”也不是“否”。' },
  NOT_A_COUNTRY: {
    en: '{value} in {column} is no country code; write it as CN or DE.',
    zh: '“{column}”中的 {value} 不是国家代码，应写成 CN 或 DE。',
  },
  NOT_AN_INTEGER: { en: '{value} in {column} is no whole number.', zh: '“{column}”中的 {value} 不是整数。' },
  NOT_A_SCHEME: {
    en: '{value} in {column} is no industry classification known here; write GB/T 4754 or NACE.',
    zh: '“{column}”中的 {value} 不是已知的行业分类标准，应写成 GB/T 4754 或 NACE。',
  },
  NOT_A_SIZE: {
    en: '{value} in {column} is no size of a company; write micro, small, medium or large.',
    zh: '“{column}”中的 {value} 不是企业规模，应写成微型、小型、中型或大型。',
  },
  NO_DUE_DATE: { en: 'There is neither a due date nor payment terms in days.', zh: '既没有到期日，也没有以天数表示的账期。' },
  NO_SETTLEMENT_DATE: {
    en: 'Something of the invoice is settled, but not when; map the settlement date, or leave the open amount out and import payments.',
    zh: '发票已部分或全部结清，但没有结清日期；请映射结清日期，或不映射未收余额并另行导入收款。',
  },
  OPEN_AND_SETTLED: { en: 'The invoice is marked as open and has a settlement date.', zh: '发票标记为未清，却有结清日期。' },
  SETTLED_TOO_MUCH: {
    en: 'The settled or open amount {value} is more than the invoice amount {amount}.',
    zh: '已收或未收金额 {value} 大于发票金额 {amount}。',
  },
  UNKNOWN_FIELD: { en: '{value} is no field of this kind of record.', zh: '此类记录没有字段 {value}。' },
  NOT_AN_OBJECT: { en: 'The record is not a JSON object with plain values.', zh: '该记录不是由简单值组成的 JSON 对象。' },
  UNKNOWN_CUSTOMER: {
    en: 'Customer {value} is not known; import customers first, or map the customer name.',
    zh: '客户 {value} 不存在；请先导入客户，或映射客户名称。',
  },
  DUPLICATE: {
    en: '{value} is also in row {other}, with other content; one of the two is wrong, so neither is taken.',
    zh: '{value} 也出现在第 {other} 行且内容不同；其中必有一行有误，因此两行均不采用。',
  },
  OTHER_CUSTOMER: { en: '{value} belongs to customer {customer} in the book.', zh: '账簿中 {value} 属于客户 {customer}。' },
  OTHER_CURRENCY: {
    en: '{value} is in {currency} in the book and something is applied to it, so its currency can’t change.',
    zh: '账簿中 {value} 的币种为 {currency} 且已有核销，不能更改币种。',
  },
  LESS_THAN_APPLIED: {
    en: '{value}: {applied} is already applied in the book, more than the new amount.',
    zh: '{value}：账簿中已核销 {applied}，超过新金额。',
  },
  UNKNOWN_INVOICE: { en: 'Invoice {value} is not in the book; import invoices first.', zh: '账簿中没有发票 {value}；请先导入发票。' },
  INVOICE_OF_OTHER_CUSTOMER: { en: 'Invoice {value} belongs to customer {customer}.', zh: '发票 {value} 属于客户 {customer}。' },
  INVOICE_IN_OTHER_CURRENCY: { en: 'Invoice {value} is in {currency}.', zh: '发票 {value} 的币种为 {currency}。' },
  OVER_APPLIED: {
    en: '{applied} would be applied to invoice {value}, of which {open} is open.',
    zh: '将向发票 {value} 核销 {applied}，但其未清金额为 {open}。',
  },
  APPLIED_MORE_THAN_PAID: {
    en: '{value}: its rows apply {applied} in all, more than its amount.',
    zh: '{value}：各行核销合计 {applied}，超过其金额。',
  },
  NO_APPLIED_AMOUNT: {
    en: '{value} is applied to several invoices; say how much to each.',
    zh: '{value} 核销多张发票；请提供每张的核销金额。',
  },
  ALREADY_APPLIED: {
    en: '{value} is already applied in the book and can’t change; cancel it with a date and import a new one.',
    zh: '{value} 在账簿中已核销，不能更改；请填写作废日期并导入新的单据。',
  },
  NOT_TEXT: { en: '{column} must be text.', zh: '“{column}”须为文本。' },
  NOT_A_CHOICE: { en: '{value} in {column} is not one of {choices}.', zh: '“{column}”中的 {value} 不在可选值之中：{choices}。' },
  NOT_A_NUMBER: {
    en: '{value} in {column} is not a number; write it as 12.5, with at most four decimals.',
    zh: '“{column}”中的 {value} 不是数字，应写成 12.5，最多四位小数。',
  },
  TOO_LARGE: { en: '{value} in {column} is more than {most}.', zh: '“{column}”中的 {value} 超过 {most}。' },
  NOT_NAMES: { en: '{column} must be a list of at most 50 names.', zh: '“{column}”须为名称列表，最多 50 个。' },
  NOT_APPLICATIONS: {
    en: '{column} must be a list such as [{"invoiceNumber": "INV-1", "amount": "100.00", "appliedOn": "2026-01-31"}].',
    zh: '“{column}”须为列表，如 [{"invoiceNumber": "INV-1", "amount": "100.00", "appliedOn": "2026-01-31"}]。',
  },
  TWO_WAYS_OF_APPLYING: {
    en: 'Give either applications or invoiceNumber, not both.',
    zh: 'applications 与 invoiceNumber 只能提供其一。',
  },
  CLAIMED_TOO_MUCH: {
    en: '{column} add up to {applied}, more than the amount of {amount}.',
    zh: '“{column}”合计 {applied}，超过金额 {amount}。',
  },
  INVOICE_TWICE: {
    en: '{column} names an invoice twice; give one amount for each.',
    zh: '“{column}”中同一发票出现两次；每张只给一个金额。',
  },
  SEQUENCE_REUSED: {
    en: 'Sequence {sequence} of {value} was taken with other content; a correction needs a higher one.',
    zh: '{value} 的版本号 {sequence} 已用于其他内容；更正须使用更大的版本号。',
  },
  LINE_KEY_REUSED: {
    en: 'The key {value} was used for another line; a new line needs a new key.',
    zh: '键 {value} 已用于其他行；新的行须使用新的键。',
  },
  ORDER_OF_OTHER_CUSTOMER: { en: 'Order {value} belongs to customer {customer}.', zh: '订单 {value} 属于客户 {customer}。' },
  ORDER_IN_OTHER_CURRENCY: { en: 'Order {value} is in {currency}.', zh: '订单 {value} 的币种为 {currency}。' },
  DELIVERY_OF_OTHER_CUSTOMER: { en: 'Delivery {value} belongs to customer {customer}.', zh: '发货单 {value} 属于客户 {customer}。' },
  DELIVERY_IN_OTHER_CURRENCY: { en: 'Delivery {value} is in {currency}.', zh: '发货单 {value} 的币种为 {currency}。' },
  DATES_CROSSED: { en: '{column} is {value}, before {other}.', zh: '“{column}”为 {value}，早于 {other}。' },
  HONOURED_AND_DISHONOURED: { en: 'A bill is either honoured or dishonoured, not both.', zh: '票据不能既兑付又拒付。' },
  NO_INDUSTRY_SCHEME: {
    en: 'Give industryScheme and industryCode together.',
    zh: 'industryScheme 与 industryCode 须同时提供。',
  },
  UNKNOWN_CUSTOMER_YET: {
    en: 'Customer {value} is not known; send it to /v1/customers first, or give customerName.',
    zh: '客户 {value} 不存在；请先发送到 /v1/customers，或提供 customerName。',
  },
  UNKNOWN_INVOICE_YET: {
    en: 'Invoice {value} is not in the book; send it to /v1/invoices first.',
    zh: '账簿中没有发票 {value}；请先发送到 /v1/invoices。',
  },
  DISPUTED_TOO_MUCH: {
    en: 'The disputed amount {value} is more than the invoice amount {amount}.',
    zh: '争议金额 {value} 大于发票金额 {amount}。',
  },
} as const satisfies Record<string, Text>

export type ProblemCode = keyof typeof MESSAGES

/** Characters of a value that an error keeps. */
export const SHOWN_LENGTH = 80

function shown(value: string): string {
  return JSON.stringify(value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value)
}

function fill(template: string, words: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => words[key] ?? '')
}
