import type { Text } from '@surety/engine'

/** What came of an act that somebody may not be able to do: failures that a caller expects, as values. */
export type Result<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** Somebody was faster; `current` is what is so now. */
  | { readonly kind: 'conflict'; readonly current: T }
  | { readonly kind: 'notAllowed'; readonly refusal: Refusal }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] }

export interface Refusal {
  readonly code: RefusalCode
  readonly message: Text
}

export interface Issue {
  /** Where in the input. */
  readonly path: readonly string[]
  readonly code: string
  readonly message: Text
}

const REFUSALS = {
  TASK_CLOSED: { en: 'This task is already decided or cancelled.', zh: '该任务已处理或已取消。' },
  NOT_APPROVER: { en: 'Only approvers of this segment can decide.', zh: '只有本业务板块的审批人可以处理。' },
  AUTHORITY_TOO_LOW: { en: 'The amount is above your authority level.', zh: '金额超出您的审批权限级别。' },
  OWN_APPLICATION: { en: 'You asked for this limit yourself; somebody else has to decide.', zh: '该额度由您本人申请，须由他人审批。' },
  ALREADY_VOTED: { en: 'You have already decided in this round; another person has to.', zh: '您在本轮中已作出过决定，须由另一人审批。' },
  CLAIMED_BY_ANOTHER: { en: 'A colleague has taken this task; ask them to release it.', zh: '该任务已由同事认领，请其先释放。' },
  ASSIGNED_TO_ANOTHER: { en: 'This task was assigned to somebody else.', zh: '该任务已指派给他人。' },
  WAITS_FOR_OPINION: { en: 'It waits for the opinion of a colleague who was asked for it.', zh: '正在等待受邀同事的意见。' },
  NOT_A_SIGNATORY: { en: 'Only those named can sign here.', zh: '此处仅限指定会签人签署。' },
  OVERRIDE_TOO_HIGH: { en: 'Granting more than recommended needs a higher authority level.', zh: '高于建议额度须更高审批权限。' },
  APPROVAL_PENDING: { en: 'The same matter is already being decided.', zh: '同一事项正在审批中。' },
  APPROVAL_CLOSED: { en: 'This matter is already closed.', zh: '该事项已结束。' },
  NOT_CLAIMABLE: { en: 'Several sign this together, so nobody takes it alone.', zh: '该任务由多人会签，不能单独认领。' },
  NOT_CLAIMED: { en: 'Only who took it, or a higher level, can give it back.', zh: '只有认领人或更高级别可以释放。' },
  NOT_SUITABLE: {
    en: 'This person cannot decide it: authority, segment or own application.',
    zh: '该人员不具备处理资格：权限、板块或系其本人申请。',
  },
  NOT_DELEGATED_TO_YOU: { en: 'Your opinion was not asked for here.', zh: '此处并未征询您的意见。' },
  SUBSTITUTE_AWAY: { en: 'The substitute is away in this time too.', zh: '代理人在此期间也不在岗。' },
  NOT_YOUR_ABSENCE: { en: 'Only the person themselves or an administrator can do this.', zh: '只有本人或管理员可以执行此操作。' },
  APPLICATION_CLOSED: { en: 'This application is closed.', zh: '该申请已结束。' },
  NOT_RETURNED: {
    en: 'Only an application that was returned for rework can be submitted again.',
    zh: '只有被退回修改的申请才能重新提交。',
  },
  RESUBMISSION_TOO_LATE: {
    en: 'More than 180 days have passed since the application was returned; make a new one.',
    zh: '退回已超过 180 天，请新建申请。',
  },
  NOT_YOURS: { en: 'Only the person who asked for it can do this.', zh: '只有申请人本人可以执行此操作。' },
  APPLICATION_PENDING: { en: 'Another application for this account is still open.', zh: '该账户已有一份未结束的申请。' },
  POLICY_RIGHT_TOO_LOW: { en: 'Your roles do not allow this change of the policy.', zh: '您的角色无权对该策略作此修改。' },
  DRAFT_CLOSED: { en: 'This draft was published or discarded.', zh: '该草稿已发布或已放弃。' },
  CHANGE_PENDING: { en: 'A change of this policy is already in review.', zh: '该策略已有一项变更正在审批。' },
  CHANGE_CLOSED: { en: 'This change is no longer in review.', zh: '该变更已不在审批中。' },
  OWN_CHANGE: { en: 'You worked on this change yourself; somebody else has to decide.', zh: '您参与了该变更，须由他人审批。' },
  NOT_HOUSE_APPROVER: {
    en: 'A policy holds in every segment: only approvers of all segments can decide.',
    zh: '策略适用于所有业务板块：只有全板块审批人可以处理。',
  },
  CHANGE_LEVEL_TOO_LOW: { en: 'What is still missing is the agreement of a higher level.', zh: '尚需更高层级的同意。' },
  ALREADY_DECIDED: { en: 'You have already decided; another person has to.', zh: '您已作出决定，须由另一人审批。' },
  NOT_RECALLABLE: { en: 'Only a version that has not taken effect yet can be called back.', zh: '只有尚未生效的版本才能撤回。' },
} as const satisfies Record<string, Text>

export type RefusalCode = keyof typeof REFUSALS

export function refusalOf(code: RefusalCode): Refusal {
  return { code, message: REFUSALS[code] }
}

export function ok<T>(value: T): Result<T> {
  return { kind: 'ok', value }
}

export function notAllowed<T>(code: RefusalCode): Result<T> {
  return { kind: 'notAllowed', refusal: refusalOf(code) }
}

export const NOT_FOUND = { kind: 'notFound' } as const
