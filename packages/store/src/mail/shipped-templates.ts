/**
 * The mails that Surety writes and the words they ship with. A company's own words are in the table `mail_templates`.
 * Placeholders are Mustache's: `{{name}}`, and `{{#items}} … {{/items}}` for each item of a list. Mails are plain text.
 */

export interface MailTemplate {
  readonly subject: string
  readonly body: string
}

export type MailLanguage = 'zh-CN' | 'en'
export const MAIL_LANGUAGES = ['zh-CN', 'en'] as const satisfies readonly MailLanguage[]

export interface TemplateDefinition {
  /** What each placeholder may hold, as an example that the preview uses. */
  readonly example: MailParams
  readonly 'zh-CN': MailTemplate
  readonly en: MailTemplate
}

/** Values of placeholders; `link` is a path of the console, such as `/tasks/12`, and becomes a whole address. */
export interface MailParams {
  readonly [name: string]: string | number | boolean | null | readonly MailParams[]
}

const TASK_EXAMPLE = {
  name: '王芳',
  subject: '授信申请 · 上海晨星电子有限公司',
  customer: '上海晨星电子有限公司',
  amount: 'CNY 2,000,000.00',
  from: '李伟',
  due: '2026-03-06 18:00',
  comment: '最近两个季度回款放缓，请说明。',
  link: '/tasks/12',
}

const LETTER_EXAMPLE = {
  name: '陈经理',
  customer: '上海晨星电子有限公司',
  creditor: 'Surety Demo',
  asOf: '2026-03-05',
  total: '128,400.00',
  currency: 'CNY',
  hasCosts: true,
  fee: '40.00',
  interest: '128.40',
  payBy: '2026-03-12',
  items: [
    { number: 'INV-20260118', dueOn: '2026-02-17', amount: '88,400.00', daysPastDue: 16 },
    { number: 'INV-20260122', dueOn: '2026-02-21', amount: '40,000.00', daysPastDue: 12 },
  ],
}

const OPEN_ZH = '\n\n在控制台中查看：{{link}}\n（打开前需要登录；邮件本身不能做决定。）'
const OPEN_EN = '\n\nOpen it in the console: {{link}}\n(You will be asked to sign in; nothing is decided from the mail itself.)'
const ITEMS_ZH =
  '{{#items}}\n  {{number}}　到期 {{dueOn}}　{{currency}} {{amount}}{{#daysPastDue}}　逾期 {{daysPastDue}} 天{{/daysPastDue}}{{/items}}'
const ITEMS_EN =
  '{{#items}}\n  {{number}}   due {{dueOn}}   {{currency}} {{amount}}{{#daysPastDue}}   {{daysPastDue}} days past due{{/daysPastDue}}{{/items}}'
const COSTS_ZH = '{{#hasCosts}}\n\n另计滞纳费 {{currency}} {{fee}}，利息 {{currency}} {{interest}}。{{/hasCosts}}'
const COSTS_EN = '{{#hasCosts}}\n\nIn addition: fee {{currency}} {{fee}}, interest {{currency}} {{interest}}.{{/hasCosts}}'

export const MAIL_TEMPLATES = {
  'task.assigned': {
    example: TASK_EXAMPLE,
    'zh-CN': {
      subject: '待您审批：{{subject}}',
      body: `{{name}}，您好：\n\n{{subject}}（{{amount}}）由 {{from}} 提交，等待您处理。\n期限：{{due}}${OPEN_ZH}`,
    },
    en: {
      subject: 'For you to decide: {{subject}}',
      body: `Hello {{name}},\n\n{{subject}} ({{amount}}) was submitted by {{from}} and waits for you.\nDue: {{due}}${OPEN_EN}`,
    },
  },
  'task.reminder': {
    example: TASK_EXAMPLE,
    'zh-CN': {
      subject: '提醒：{{subject}} 将于 {{due}} 到期',
      body: `{{name}}，您好：\n\n{{subject}}（{{amount}}）仍在等待您处理。\n期限：{{due}}${OPEN_ZH}`,
    },
    en: {
      subject: 'Reminder: {{subject}} is due {{due}}',
      body: `Hello {{name}},\n\n{{subject}} ({{amount}}) still waits for you.\nDue: {{due}}${OPEN_EN}`,
    },
  },
  'task.escalated': {
    example: TASK_EXAMPLE,
    'zh-CN': {
      subject: '已升级：{{subject}} 逾期未决',
      body: `{{name}}，您好：\n\n{{subject}}（{{amount}}）到 {{due}} 仍未处理，现升级给您。沉默不等于同意。${OPEN_ZH}`,
    },
    en: {
      subject: 'Escalated: {{subject}} was not decided in time',
      body: `Hello {{name}},\n\n{{subject}} ({{amount}}) was due {{due}} and nobody decided it; it now comes to you. Silence is never approval.${OPEN_EN}`,
    },
  },
  'task.decided': {
    example: { ...TASK_EXAMPLE, outcome: '批准' },
    'zh-CN': {
      subject: '{{subject}}：{{outcome}}',
      body: `{{name}}，您好：\n\n{{subject}}（{{amount}}）的结果是：{{outcome}}。{{#comment}}\n说明：{{comment}}{{/comment}}${OPEN_ZH}`,
    },
    en: {
      subject: '{{subject}}: {{outcome}}',
      body: `Hello {{name}},\n\n{{subject}} ({{amount}}) ended: {{outcome}}.{{#comment}}\nComment: {{comment}}{{/comment}}${OPEN_EN}`,
    },
  },
  'task.returned': {
    example: TASK_EXAMPLE,
    'zh-CN': {
      subject: '请补充：{{subject}}',
      body: `{{name}}，您好：\n\n{{from}} 退回了 {{subject}}，请补充后重新提交。\n说明：{{comment}}${OPEN_ZH}`,
    },
    en: {
      subject: 'Please rework: {{subject}}',
      body: `Hello {{name}},\n\n{{from}} returned {{subject}} to you.\nComment: {{comment}}${OPEN_EN}`,
    },
  },
  'task.comment': {
    example: TASK_EXAMPLE,
    'zh-CN': { subject: '{{from}} 提问：{{subject}}', body: `{{name}}，您好：\n\n{{from}} 就 {{subject}} 写道：\n{{comment}}${OPEN_ZH}` },
    en: { subject: '{{from}} asks about {{subject}}', body: `Hello {{name}},\n\n{{from}} wrote about {{subject}}:\n{{comment}}${OPEN_EN}` },
  },
  'alert.raised': {
    example: {
      name: '王芳',
      customer: '上海晨星电子有限公司',
      indicator: '最长逾期天数',
      text: '最长逾期 46 天，预警线 30 天',
      link: '/alerts/8',
    },
    'zh-CN': { subject: '预警：{{customer}} · {{indicator}}', body: `{{name}}，您好：\n\n{{customer}}：{{text}}。${OPEN_ZH}` },
    en: { subject: 'Alert: {{customer}} · {{indicator}}', body: `Hello {{name}},\n\n{{customer}}: {{text}}.${OPEN_EN}` },
  },
  'dunning.courtesy': {
    example: LETTER_EXAMPLE,
    'zh-CN': {
      subject: '付款提示：款项即将到期',
      body: `{{name}}，您好：\n\n感谢贵司一直以来的支持。以下款项即将到期，谨此提示：\n${ITEMS_ZH}\n\n合计：{{currency}} {{total}}\n\n如已安排付款，请忽略本函。\n\n{{creditor}}`,
    },
    en: {
      subject: 'A friendly note: payment due soon',
      body: `Dear {{name}},\n\nThank you for your business. The following items will soon be due:\n${ITEMS_EN}\n\nTotal: {{currency}} {{total}}\n\nIf payment is under way, please disregard this note.\n\n{{creditor}}`,
    },
  },
  'dunning.first': {
    example: LETTER_EXAMPLE,
    'zh-CN': {
      subject: '付款提醒：{{currency}} {{total}} 已到期',
      body: `{{name}}，您好：\n\n截至 {{asOf}}，以下款项已到期而我司尚未收到：\n${ITEMS_ZH}\n\n合计：{{currency}} {{total}}${COSTS_ZH}\n\n请于 {{payBy}} 前付款；如有异议，请及时告知。\n\n{{creditor}}`,
    },
    en: {
      subject: 'Payment reminder: {{currency}} {{total}} past due',
      body: `Dear {{name}},\n\nAs of {{asOf}} we have not received payment for:\n${ITEMS_EN}\n\nTotal: {{currency}} {{total}}${COSTS_EN}\n\nPlease pay by {{payBy}}, or tell us what is in dispute.\n\n{{creditor}}`,
    },
  },
  'dunning.second': {
    example: LETTER_EXAMPLE,
    'zh-CN': {
      subject: '第二次催款：{{currency}} {{total}} 逾期',
      body: `{{name}}，您好：\n\n我司此前已提醒，截至 {{asOf}} 以下款项仍未收到：\n${ITEMS_ZH}\n\n合计：{{currency}} {{total}}${COSTS_ZH}\n\n请务必于 {{payBy}} 前付清，否则我司将暂停赊销发货。\n\n{{creditor}}`,
    },
    en: {
      subject: 'Second reminder: {{currency}} {{total}} past due',
      body: `Dear {{name}},\n\nDespite our reminder these items are unpaid as of {{asOf}}:\n${ITEMS_EN}\n\nTotal: {{currency}} {{total}}${COSTS_EN}\n\nPlease settle them by {{payBy}}; otherwise deliveries on credit will stop.\n\n{{creditor}}`,
    },
  },
  'dunning.final': {
    example: LETTER_EXAMPLE,
    'zh-CN': {
      subject: '最后通知：{{currency}} {{total}} 逾期',
      body: `{{name}}，您好：\n\n截至 {{asOf}}，以下款项经多次催收仍未支付：\n${ITEMS_ZH}\n\n合计：{{currency}} {{total}}${COSTS_ZH}\n\n这是最后一次通知。若 {{payBy}} 前仍未付清，我司将委托专业机构或通过法律途径追收，由此产生的费用由贵司承担。\n\n{{creditor}}`,
    },
    en: {
      subject: 'Final notice: {{currency}} {{total}} past due',
      body: `Dear {{name}},\n\nAfter several reminders these items are still unpaid as of {{asOf}}:\n${ITEMS_EN}\n\nTotal: {{currency}} {{total}}${COSTS_EN}\n\nThis is the final notice. If they are not settled by {{payBy}}, the claim goes to collection or legal action at your cost.\n\n{{creditor}}`,
    },
  },
  'mail.test': {
    example: { name: '管理员' },
    'zh-CN': { subject: 'Surety 测试邮件', body: '{{name}}，您好：\n\n收到这封邮件，说明发信设置可用。' },
    en: { subject: 'A test mail from Surety', body: 'Hello {{name}},\n\nThis mail has arrived, so sending works.' },
  },
} as const satisfies Record<string, TemplateDefinition>

export type MailTemplateKey = keyof typeof MAIL_TEMPLATES
export const MAIL_TEMPLATE_KEYS = Object.keys(MAIL_TEMPLATES) as readonly MailTemplateKey[]
