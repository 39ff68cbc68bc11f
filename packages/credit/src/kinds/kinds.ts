import type { FactFamily } from '../facts/fact.ts'
import { GRADES } from '../grades.ts'
import type { KindOutput, PolicyKind } from './policy-kind.ts'

/** Known of every customer at any time. */
const CUSTOMER: readonly FactFamily[] = ['ageing', 'payment', 'trade', 'account', 'statement', 'company']

const required = (output: Omit<KindOutput, 'isRequired'>): KindOutput => ({ ...output, isRequired: true })
const optional = (output: Omit<KindOutput, 'isRequired'>): KindOutput => ({ ...output, isRequired: false })

/** How those of a level sign together. */
const SIGNING = {
  mode: required({ type: 'enum', values: ['any', 'all', 'quorum', 'percent'], label: { en: 'Votes within a level', zh: '同级表决' } }),
  quorum: optional({ type: 'integer', label: { en: 'Votes needed per level', zh: '每级所需票数' } }),
  signingShare: optional({ type: 'percent', label: { en: 'Share of a level that has to sign', zh: '每级须签署比例' } }),
  rejections: optional({ type: 'integer', label: { en: 'Votes against that reject', zh: '否决所需反对票数' } }),
}

export const POLICY_KINDS = {
  assessment: {
    title: { en: 'Assessment', zh: '信用评估' },
    description: { en: 'Scores and grades a customer.', zh: '对客户评分定级。' },
    families: [...CUSTOMER, 'request'],
    mustRead: [],
    outputs: {
      score: required({ type: 'integer', label: { en: 'Score', zh: '评分' } }),
      grade: required({ type: 'enum', values: GRADES, label: { en: 'Grade', zh: '等级' } }),
      reviewMonths: optional({ type: 'integer', label: { en: 'Review every, months', zh: '复评周期（月）' } }),
    },
    outcome: {
      en: 'approve: the grade stands; refer: a person looks; decline: no credit.',
      zh: 'approve：等级成立；refer：转人工；decline：不授信。',
    },
  },
  'limit-and-terms': {
    title: { en: 'Limit and terms', zh: '额度与账期' },
    description: { en: 'Recommends a limit and payment terms for a grade.', zh: '按等级建议额度与账期。' },
    families: [...CUSTOMER, 'request'],
    mustRead: ['grade'],
    outputs: {
      limitKind: required({ type: 'enum', values: ['none', 'amount', 'unlimited'], label: { en: 'Kind of limit', zh: '额度类型' } }),
      limit: required({ type: 'money', label: { en: 'Limit, when its kind is amount', zh: '额度（类型为金额时）' } }),
      termsDays: required({ type: 'integer', label: { en: 'Payment terms', zh: '账期' } }),
      securedShareRequired: optional({ type: 'percent', label: { en: 'To be secured', zh: '要求担保比例' } }),
      validMonths: optional({ type: 'integer', label: { en: 'Valid for, months', zh: '有效期（月）' } }),
      reviewMonths: optional({ type: 'integer', label: { en: 'Review every, months', zh: '复评周期（月）' } }),
    },
    outcome: {
      en: 'approve: as recommended; refer: a person decides; decline: no credit.',
      zh: 'approve：按建议；refer：转人工；decline：不授信。',
    },
  },
  authority: {
    title: { en: 'Approval authority', zh: '审批权限' },
    description: { en: 'Says who must agree, in which order.', zh: '确定由谁、按何顺序审批。' },
    families: [...CUSTOMER, 'request'],
    mustRead: ['proposedLimit'],
    outputs: {
      levels: required({ type: 'list', of: 'string', label: { en: 'Levels, in order', zh: '审批层级（按顺序）' } }),
      ...SIGNING,
      deadlineHours: optional({ type: 'integer', label: { en: 'Deadline, business hours', zh: '时限（工作小时）' } }),
      sampleShare: optional({
        type: 'percent',
        label: { en: 'Share of what passes straight through that a person looks at', zh: '自动通过的抽检比例' },
      }),
      overrideLevel: optional({ type: 'integer', label: { en: 'Level that may grant more than recommended', zh: '可突破建议额度的级别' } }),
    },
    outcome: {
      en: 'approve: straight through; refer: the levels decide; decline: not to be asked for.',
      zh: 'approve：自动通过；refer：按层级审批；decline：不得申请。',
    },
  },
  'order-check': {
    title: { en: 'Order check', zh: '订单信用检查' },
    description: { en: 'Releases or holds an order.', zh: '放行或拦截订单。' },
    families: [...CUSTOMER, 'order'],
    mustRead: ['orderAmount', 'limitKind'],
    outputs: {
      action: required({ type: 'enum', values: ['release', 'warn', 'hold'], label: { en: 'Action', zh: '动作' } }),
      blocks: required({ type: 'list', of: 'string', label: { en: 'Rules that hold it', zh: '拦截规则' } }),
      warnings: optional({ type: 'list', of: 'string', label: { en: 'Rules that warn', zh: '提醒规则' } }),
      releaseLevel: optional({ type: 'integer', label: { en: 'Level that can release', zh: '放行所需级别' } }),
      releaseRole: required({ type: 'string', label: { en: 'Who can release', zh: '放行角色' } }),
    },
    outcome: {
      en: 'approve: released; refer: held until somebody releases it; decline: held, not to be released.',
      zh: 'approve：放行；refer：拦截待放行；decline：拦截且不得放行。',
    },
  },
  'early-warning': {
    title: { en: 'Early warning', zh: '风险预警' },
    description: { en: 'Raises alerts when indicators reach their thresholds.', zh: '指标达到阈值时预警。' },
    families: [...CUSTOMER, 'collection'],
    mustRead: [],
    outputs: {
      severity: required({ type: 'enum', values: ['none', 'warn', 'critical'], label: { en: 'Severity', zh: '严重程度' } }),
      warnings: required({ type: 'list', of: 'string', label: { en: 'Warnings', zh: '提醒指标' } }),
      criticals: required({ type: 'list', of: 'string', label: { en: 'Critical', zh: '严重指标' } }),
    },
    outcome: { en: 'refer: somebody should act; otherwise the alerts speak for themselves.', zh: 'refer：需要处理；其余以预警为准。' },
  },
  dunning: {
    title: { en: 'Dunning', zh: '催收' },
    description: { en: 'Says what to send for an open item today.', zh: '确定今天对未清单据的催收动作。' },
    families: [...CUSTOMER, 'item', 'collection'],
    mustRead: ['itemDaysPastDue', 'itemDunningLevel', 'isItemDisputed', 'isItemPromised'],
    outputs: {
      action: required({ type: 'enum', values: ['none', 'wait', 'courtesy', 'remind', 'final'], label: { en: 'Action', zh: '动作' } }),
      nextLevel: required({ type: 'integer', label: { en: 'Next level', zh: '下一级别' } }),
      channel: required({ type: 'enum', values: ['email', 'letter', 'phone', 'sms'], label: { en: 'Channel', zh: '渠道' } }),
      feeAmount: optional({ type: 'money', label: { en: 'Fee', zh: '手续费' } }),
      interestRate: optional({ type: 'percent', label: { en: 'Late interest, yearly', zh: '年逾期利率' } }),
      blocksCredit: optional({ type: 'boolean', label: { en: 'Stops credit', zh: '停止授信' } }),
    },
    outcome: { en: 'refer: a person decides about this item.', zh: 'refer：由人工决定。' },
  },
  adjustment: {
    title: { en: 'Limit adjustment', zh: '额度调整' },
    description: { en: 'Proposes to raise or lower a limit as the risk changes.', zh: '随风险变化建议调升或调降额度。' },
    families: [...CUSTOMER, 'collection'],
    mustRead: ['grade'],
    outputs: {
      action: required({ type: 'enum', values: ['keep', 'raise', 'lower', 'suspend'], label: { en: 'Action', zh: '建议' } }),
      limitFactor: required({ type: 'number', label: { en: 'Limit times', zh: '额度倍数' } }),
      termsChangeDays: required({ type: 'integer', label: { en: 'Change of terms', zh: '账期变动' } }),
      newLimit: optional({ type: 'money', label: { en: 'New limit', zh: '新额度' } }),
      newTermsDays: optional({ type: 'integer', label: { en: 'New terms', zh: '新账期' } }),
      reviewMonths: optional({ type: 'integer', label: { en: 'Next review in, months', zh: '下次复评（月）' } }),
    },
    outcome: { en: 'approve: nothing to do; refer: the proposal goes to approval.', zh: 'approve：无需调整；refer：建议进入审批。' },
  },
  appetite: {
    title: { en: 'Risk appetite', zh: '风险偏好' },
    description: { en: 'Looks at the portfolio before a decision is approved.', zh: '审批前检查组合上限。' },
    families: [...CUSTOMER, 'request', 'portfolio'],
    mustRead: ['portfolioExposureAfter'],
    outputs: {
      breaches: required({ type: 'list', of: 'string', label: { en: 'Caps exceeded', zh: '超出的上限' } }),
      nearCaps: optional({ type: 'list', of: 'string', label: { en: 'Caps nearly reached', zh: '接近的上限' } }),
    },
    outcome: { en: 'approve: within the caps; refer: a cap is exceeded.', zh: 'approve：在上限内；refer：超出上限。' },
  },
  provision: {
    title: { en: 'Provision', zh: '坏账准备' },
    description: { en: 'Expected credit loss of a customer’s receivables.', zh: '客户应收款的预期信用损失。' },
    families: CUSTOMER,
    mustRead: [],
    outputs: {
      provision: required({ type: 'money', label: { en: 'Provision', zh: '坏账准备' } }),
      provisionRate: optional({ type: 'percent', label: { en: 'Share of receivables', zh: '计提比例' } }),
      method: optional({ type: 'enum', values: ['matrix', 'specific'], label: { en: 'Method', zh: '方法' } }),
    },
    outcome: { en: 'refer: figures are missing.', zh: 'refer：数据缺失。' },
  },
  'collections-ranking': {
    title: { en: 'Collections ranking', zh: '催收排序' },
    description: { en: 'Orders the collectors’ worklist.', zh: '为催收清单排序。' },
    families: [...CUSTOMER, 'collection'],
    mustRead: ['overdueDays'],
    outputs: {
      points: required({ type: 'integer', label: { en: 'Points', zh: '分值' } }),
      isListed: required({ type: 'boolean', label: { en: 'On the worklist', zh: '进入清单' } }),
      nextStep: optional({ type: 'enum', label: { en: 'Next step', zh: '下一步' } }),
    },
    outcome: { en: 'Not used.', zh: '不使用。' },
  },
  approval: {
    title: { en: 'Approval of other matters', zh: '其他事项审批' },
    description: { en: 'Says who must agree to a release, a security or a write-off.', zh: '确定放行、担保接受与核销须由谁审批。' },
    families: [...CUSTOMER, 'approval'],
    mustRead: ['approvalKind', 'approvalAmount'],
    outputs: {
      levels: required({ type: 'list', of: 'string', label: { en: 'Levels, in order', zh: '审批层级（按顺序）' } }),
      ...SIGNING,
      deadlineHours: optional({ type: 'integer', label: { en: 'Deadline, business hours', zh: '时限（工作小时）' } }),
    },
    outcome: {
      en: 'refer: the levels decide; decline: not to be asked for.',
      zh: 'refer：按层级审批；decline：不得申请。',
    },
  },
  'policy-approval': {
    title: { en: 'Approval of policy changes', zh: '策略变更审批' },
    description: { en: 'Says who must agree to a change of a policy.', zh: '确定策略变更须由谁审批。' },
    families: ['change'],
    mustRead: ['changedKind', 'movedShare'],
    outputs: {
      levels: required({ type: 'list', of: 'string', label: { en: 'Levels that have to agree', zh: '须同意的层级' } }),
      deadlineHours: optional({ type: 'integer', label: { en: 'Deadline, business hours', zh: '时限（工作小时）' } }),
    },
    outcome: { en: 'refer: the levels decide; decline: not to be asked for.', zh: 'refer：按层级审批；decline：不得申请。' },
  },
} as const satisfies Readonly<Record<string, PolicyKind>>

export type PolicyKindName = keyof typeof POLICY_KINDS

export const POLICY_KIND_NAMES = Object.keys(POLICY_KINDS) as readonly PolicyKindName[]

export function isPolicyKind(name: unknown): name is PolicyKindName {
  return typeof name === 'string' && Object.hasOwn(POLICY_KINDS, name)
}
