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
