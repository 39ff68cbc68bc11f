import type { Text } from '@surety/engine'

export const IMPORT_KINDS = ['customers', 'invoices', 'payments', 'credit_notes', 'orders', 'statements'] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]

/** Something that a kind of import knows, and the headers under which it usually arrives. */
export interface ImportField {
  readonly key: string
  readonly type: 'identifier' | 'text' | 'date' | 'amount' | 'currency' | 'flag' | 'country' | 'integer'
  readonly label: Text
  readonly description?: Text
  readonly isRequired: boolean
  /** Folded headers; earlier ones are better matches. */
  readonly synonyms: readonly string[]
}

/** What a kind of import knows, in the order in which people are shown it. */
export function importFields(kind: ImportKind): readonly ImportField[] {
  return FIELDS[kind]
}

/** A header as it is compared: width, case, spaces and punctuation don't count. */
export function foldHeader(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

function field(
  key: string,
  type: ImportField['type'],
  en: string,
  zh: string,
  synonyms: string,
  options: { isRequired?: boolean; description?: Text } = {},
): ImportField {
  return {
    key,
    type,
    label: { en, zh },
    isRequired: options.isRequired ?? false,
    ...(options.description && { description: options.description }),
    synonyms: [...new Set([foldHeader(key), foldHeader(en), foldHeader(zh), ...synonyms.split(' ').map(foldHeader)])],
  }
}

const required = { isRequired: true }

const customerNumber = field(
  'customerNumber',
  'identifier',
  'Customer number',
  '客户编号',
  '客户编码 客户代码 客户号 客户id custnumber customerid custno customerno customercode custid accountnumber accountno debtor debtornumber debtorno kunnr soldto soldtoparty billto payer clientid clientnumber buyerid 购货单位编号 往来单位编码',
  required,
)
const customerName = field(
  'customerName',
  'text',
  'Customer name',
  '客户名称',
  '客户 客户名 客户全称 购货单位 往来单位 单位名称 公司名称 namecustomer custname customer companyname company accountname debtorname clientname client buyername name1 购方名称',
  {
    description: {
      en: 'With a name, customers that are not known yet are created; several spellings of one number are one customer.',
      zh: '有名称时，尚不存在的客户会自动建立；同一编号的多种写法视为同一客户。',
    },
  },
)
const currency = field(
  'currency',
  'currency',
  'Currency',
  '币种',
  '货币 币别 币种代码 invoicecurrency currencycode curr doccurrency waers ccy',
  {
    description: { en: 'Without it, the currency of the segment.', zh: '未提供时使用业务板块的币种。' },
  },
)
const cancelledOn = field(
  'cancelledOn',
  'date',
  'Cancelled on',
  '作废日期',
  '冲销日期 取消日期 canceldate cancelleddate cancellationdate reversaldate voiddate voidedon',
)
const appliedOn = field('appliedOn', 'date', 'Applied on', '核销日期', '分配日期 clearingdate allocationdate applicationdate', {
  description: { en: 'Without it, the day of the document itself.', zh: '未提供时为单据日期。' },
})
const amount = (synonyms: string): ImportField =>
  field('amount', 'amount', 'Amount', '金额', `${synonyms} total totalamount amountdoccurr amt`, required)
const onDay = (key: string, en: string, zh: string, synonyms: string): ImportField => field(key, 'date', en, zh, synonyms, required)
const itemOf = (key: string, en: string, zh: string, synonyms: string): ImportField => field(key, 'amount', en, zh, synonyms)

/** Figures of a financial statement: the keys under which credit's statements know them. */
export const STATEMENT_ITEMS = [
  itemOf('cash', 'Cash', '货币资金', '现金 cashandequivalents cashandcashequivalents 现金及现金等价物'),
  itemOf('receivables', 'Receivables', '应收账款', 'accountsreceivable tradereceivables 应收款项'),
  itemOf('inventory', 'Inventory', '存货', 'inventories stock'),
  itemOf('currentAssets', 'Current assets', '流动资产', '流动资产合计 totalcurrentassets'),
  itemOf('totalAssets', 'Total assets', '资产总计', '总资产 资产合计 assets'),
  itemOf('payables', 'Payables', '应付账款', 'accountspayable tradepayables'),
  itemOf('currentLiabilities', 'Current liabilities', '流动负债', '流动负债合计 totalcurrentliabilities'),
  itemOf('totalLiabilities', 'Total liabilities', '负债合计', '总负债 liabilities'),
  itemOf('retainedEarnings', 'Retained earnings', '未分配利润', '留存收益'),
  itemOf('equity', 'Equity', '所有者权益', '股东权益 所有者权益合计 净资产 totalequity shareholdersequity networth'),
  itemOf('marketCapitalisation', 'Market capitalisation', '市值', 'marketcap marketcapitalization marketvalueofequity'),
  itemOf('revenue', 'Revenue', '营业收入', '主营业务收入 销售收入 sales turnover netsales totalrevenue'),
  itemOf('costOfSales', 'Cost of sales', '营业成本', '主营业务成本 cogs costofgoodssold costofrevenue'),
  itemOf('ebit', 'EBIT', '息税前利润', '营业利润 operatingprofit operatingincome'),
  itemOf('interestExpense', 'Interest expense', '利息支出', '利息费用 interest'),
  itemOf('netIncome', 'Net income', '净利润', 'netprofit profitaftertax'),
  itemOf('operatingCashFlow', 'Operating cash flow', '经营活动现金流量净额', '经营现金流 cashflowfromoperations'),
] as const

const FIELDS: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  customers: [
    { ...customerNumber, synonyms: [...customerNumber.synonyms, 'number', '编号', '编码', 'id'] },
    { ...customerName, synonyms: [...customerName.synonyms, 'name', '名称'], isRequired: true },
    field(
      'registrationNumber',
      'identifier',
      'Registration number',
      '统一社会信用代码',
      '社会信用代码 信用代码 税号 纳税人识别号 taxid vatnumber vatno companyregistration registrationno uscc taxnumber',
    ),
    field('country', 'country', 'Country', '国家', '国家代码 国别 countrycode countryregion land'),
    field('industryScheme', 'text', 'Industry classification', '行业分类标准', '行业标准 industryscheme'),
    field('industryCode', 'identifier', 'Industry code', '行业代码', '行业 industry nace gbt4754 sector'),
    field('size', 'text', 'Size', '企业规模', '规模 companysize', {
      description: { en: 'micro, small, medium or large', zh: '微型、小型、中型或大型' },
    }),
    field('isListed', 'flag', 'Listed', '是否上市', '上市 listed publiccompany'),
    field(
      'customerSince',
      'date',
      'Customer since',
      '合作起始日',
      '建档日期 开户日期 合作日期 since clientsince accountopened createdon onboardingdate',
    ),
    field('contactName', 'text', 'Contact', '联系人', 'contactperson contactname'),
    field('contactEmail', 'text', 'Contact e-mail', '联系邮箱', '邮箱 电子邮箱 email mail contactemail'),
    field('contactPhone', 'text', 'Contact phone', '联系电话', '电话 手机 phone telephone mobile contactphone'),
    field(
      'paymentTermsDays',
      'integer',
      'Payment terms (days)',
      '账期（天）',
      '账期 账期天数 信用期 paymentterms termsdays creditdays netdays',
    ),
  ],
  invoices: [
    field(
      'number',
      'identifier',
      'Invoice number',
      '发票号',
      '发票号码 发票编号 单据号 单据编号 凭证号 invoiceid invoiceno invoice invoicenum docid documentnumber docnumber documentno belnr billingdocument reference number id',
      required,
    ),
    customerNumber,
    customerName,
    onDay(
      'issuedOn',
      'Invoice date',
      '开票日期',
      '发票日期 单据日期 日期 凭证日期 issuedate issued dateissued documentdate docdate postingdate documentcreatedate1 documentcreatedate billingdate bldat date',
    ),
    field(
      'dueOn',
      'date',
      'Due date',
      '到期日',
      '到期日期 应收日期 应收日 付款到期日 付款期限 dueindate duedate due netduedate paymentdue maturity maturitydate paymentduedate',
      {
        description: { en: 'Or payment terms in days, from which it follows.', zh: '或提供账期天数，由此推算。' },
      },
    ),
    currency,
    amount(
      '发票金额 价税合计 应收金额 含税金额 原币金额 invoiceamount totalopenamount grossamount invoicetotal dmbtr invoicevalue openamount 未收金额 未清金额',
    ),
    field(
      'terms',
      'text',
      'Payment terms',
      '付款条件',
      '账期 付款条款 结算方式 custpaymentterms paymentterms termscode zterm termsofpayment netdays',
    ),
    field(
      'settledOn',
      'date',
      'Settled on',
      '结清日期',
      '收款日期 回款日期 付款日期 清账日期 核销日期 settleddate cleardate clearingdate paiddate datepaid paymentdate paidon augdt',
      {
        description: {
          en: 'The day on which the invoice was paid: a payment on that day is recorded and applied.',
          zh: '发票付清的日期：按该日期记录一笔收款并核销。',
        },
      },
    ),
    field('settledAmount', 'amount', 'Settled amount', '已收金额', '回款金额 收款金额 已核销金额 paidamount amountpaid', {
      description: { en: 'Without it, the whole invoice.', zh: '未提供时视为全额付清。' },
    }),
    field(
      'openAmount',
      'amount',
      'Open amount',
      '未收余额',
      '未清余额 余额 欠款金额 openbalance balance outstanding outstandingamount balancedue remainingamount amountdue',
    ),
    field('isOpen', 'flag', 'Open', '是否未清', '未清标志 状态 isopen openflag status'),
    field('isDisputed', 'flag', 'Disputed', '是否争议', '争议 有争议 争议标志 disputed dispute indispute isdisputed'),
    cancelledOn,
  ],
  payments: [
    field(
      'number',
      'identifier',
      'Payment number',
      '收款单号',
      '收款编号 回款单号 付款单号 流水号 交易流水号 银行流水号 paymentid paymentno receiptnumber receiptno receiptid transactionid transactionnumber paymentreference bankreference 单据号 单据编号 number id',
      required,
    ),
    customerNumber,
    customerName,
    onDay(
      'receivedOn',
      'Received on',
      '收款日期',
      '回款日期 到账日期 付款日期 交易日期 paymentdate receiptdate receiveddate valuedate transactiondate paidon datepaid postingdate date 日期',
    ),
    currency,
    amount('收款金额 回款金额 到账金额 付款金额 交易金额 paymentamount receiptamount amountreceived amountpaid paidamount'),
    field(
      'invoiceNumber',
      'identifier',
      'Applied to invoice',
      '核销发票号',
      '发票号 发票号码 对应发票 invoiceid invoiceno invoice appliedto appliedinvoice',
    ),
    field('appliedAmount', 'amount', 'Applied amount', '核销金额', '已核销金额 分配金额 amountapplied allocatedamount allocation', {
      description: { en: 'Without it, as much as is open.', zh: '未提供时按发票未清金额核销。' },
    }),
    appliedOn,
    cancelledOn,
  ],
  credit_notes: [
    field(
      'number',
      'identifier',
      'Credit note number',
      '红字发票号',
      '贷项通知单号 贷项凭证号 红字发票号码 退货单号 红票号码 creditnoteno creditnoteid creditnote creditmemo creditmemono creditmemonumber number id',
      required,
    ),
    customerNumber,
    customerName,
    onDay(
      'issuedOn',
      'Date',
      '开票日期',
      '红字发票日期 单据日期 日期 creditnotedate creditmemodate issuedate issuedon documentdate postingdate issued',
    ),
    currency,
    amount('红字金额 贷项金额 退货金额 creditnoteamount creditamount creditmemoamount'),
    field(
      'invoiceNumber',
      'identifier',
      'Applied to invoice',
      '对应发票号',
      '原发票号 原发票号码 蓝字发票号 发票号 originalinvoice originalinvoicenumber invoiceno invoiceid invoice appliedto',
    ),
    field('appliedAmount', 'amount', 'Applied amount', '核销金额', '已核销金额 amountapplied allocatedamount'),
    appliedOn,
    cancelledOn,
  ],
  orders: [
    field(
      'number',
      'identifier',
      'Order number',
      '订单号',
      '订单编号 销售订单号 销售单号 合同号 orderid orderno order salesorder salesordernumber so sonumber vbeln number id',
      required,
    ),
    customerNumber,
    customerName,
    onDay('issuedOn', 'Order date', '订单日期', '下单日期 签订日期 日期 ordered orderedon issuedate issuedon date'),
    field(
      'dueOn',
      'date',
      'Delivery due',
      '交货日期',
      '要求交货日期 计划交货日期 发货日期 deliverydate requesteddelivery requesteddeliverydate shipdate promiseddate duedate',
    ),
    currency,
    amount('订单金额 合同金额 orderamount ordertotal ordervalue'),
    field(
      'openAmount',
      'amount',
      'Not yet delivered',
      '未交货金额',
      '未发货金额 未交金额 openordervalue undelivered undeliveredamount openamount',
    ),
    field('isPrepaid', 'flag', 'Prepaid', '是否预付', '预付 预付款 prepaid prepayment', {
      description: { en: 'Paid before delivery: carries no risk.', zh: '交货前已付款，不占用信用。' },
    }),
    field('closedOn', 'date', 'Closed on', '关闭日期', '完结日期 结案日期 closeddate closed completedon', {
      description: { en: 'The day on which the order was called off or declared complete.', zh: '订单取消剩余部分或视为完成的日期。' },
    }),
    cancelledOn,
  ],
  statements: [
    customerNumber,
    customerName,
    onDay(
      'periodEnd',
      'Period end',
      '报告期末',
      '报表日期 截止日期 会计期间 期末日期 报告日期 statementdate fiscalyearend yearend periodenddate balancedate asof',
    ),
    field('periodMonths', 'integer', 'Months covered', '报告期月数', '月数 months periodlength'),
    field('receivedOn', 'date', 'Received on', '收到日期', '获取日期 receiveddate datereceived', {
      description: {
        en: 'Without it, today: facts as of earlier days don’t know the statement.',
        zh: '未提供时为今天：更早日期的指标不会使用该报表。',
      },
    }),
    currency,
    field('isAudited', 'flag', 'Audited', '是否审计', '经审计 已审计 审计 audited'),
    ...STATEMENT_ITEMS,
  ],
}
