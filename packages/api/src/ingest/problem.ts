import type { Response } from 'express'
import type { Text } from '@surety/engine'

/** What a machine is told when it asked for something that can't be: RFC 9457, with words in both languages. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly text: Text
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string; readonly message: Text }[]
}

export class Refused extends Error {
  readonly problem: Problem

  constructor(status: number, code: string, text: Text, issues?: Problem['issues']) {
    super(text.en)
    this.problem = { status, code, text, ...(issues && { issues }) }
  }
}

export function sendProblem(response: Response, { status, code, text, issues }: Problem): void {
  response
    .status(status)
    .type('application/problem+json')
    .json({ type: 'about:blank', status, code, title: text.en, text, ...(issues && { issues }) })
}

export const PROBLEMS = {
  signIn: () =>
    new Refused(401, 'UNAUTHENTICATED', {
      en: 'Sign in, or send an API key: Authorization: Bearer surety_….',
      zh: '请登录，或提供 API 密钥：Authorization: Bearer surety_…。',
    }),
  notAllowed: () =>
    new Refused(403, 'NOT_ALLOWED', { en: 'This is not among your rights in this segment.', zh: '您在该业务板块没有此权限。' }),
  notFound: () =>
    new Refused(404, 'NOT_FOUND', { en: 'There is no such thing, or it is not in your segments.', zh: '不存在，或不在您的业务板块内。' }),
} as const
