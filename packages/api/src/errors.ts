import type { Text } from '@surety/engine'
import type { Result } from '@surety/store'
import { z } from 'zod'

/** What a caller may expect to be told; each is a type of the schema. Anything else is masked. */
abstract class ExpectedError extends Error {
  abstract readonly code: string
  readonly text: Text

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options)
    this.text = text
  }
}

export class NotAllowed extends ExpectedError {
  readonly code: string

  constructor(text: Text = { en: 'Your roles do not allow this.', zh: '您的角色无权执行此操作。' }, code = 'NOT_ALLOWED') {
    super(text)
    this.code = code
  }
}

export class NotSignedIn extends ExpectedError {
  readonly code = 'UNAUTHENTICATED'

  constructor() {
    super({ en: 'Sign in first.', zh: '请先登录。' })
  }
}

export class NotFound extends ExpectedError {
  readonly code: string

  constructor(
    text: Text = { en: 'There is no such thing, or it is not in your segments.', zh: '不存在，或不在您的业务板块内。' },
    code = 'NOT_FOUND',
  ) {
    super(text)
    this.code = code
  }
}

export class Conflict extends ExpectedError {
  readonly code: string
  readonly current: unknown

  constructor(text: Text, code = 'CONFLICT', current: unknown = null) {
    super(text)
    this.code = code
    this.current = current
  }
}

/** Two people changed the same thing in a draft; nothing was saved, and both sides are told. */
export class DraftConflict extends ExpectedError {
  readonly code = 'DRAFT_CONFLICT'
  readonly sides: DraftSides

  constructor(sides: DraftSides) {
    super({
      en: 'Somebody else changed the same place in the meantime; choose what should stay.',
      zh: '期间他人修改了同一处内容，请选择保留哪一方。',
    })
    this.sides = sides
  }
}

interface DraftSides {
  readonly base: unknown
  readonly mine: unknown
  readonly theirs: unknown
  readonly theirRevision: number
  /** Both sides' changes, mine where they contradict; null when what both came from is too old to be known. */
  readonly merged: unknown
  readonly conflicts: readonly {
    readonly path: string
    readonly base?: unknown
    readonly mine?: unknown
    readonly theirs?: unknown
    readonly message: Text
  }[]
}

export interface InputIssue {
  readonly path: readonly string[]
  readonly code: string
  readonly message: Text
}

export class InvalidInput extends ExpectedError {
  readonly code: string
  readonly issues: readonly InputIssue[]

  constructor(issues: readonly InputIssue[], code = 'INVALID_INPUT', text?: Text) {
    super(text ?? issues[0]?.message ?? { en: 'The input is not valid.', zh: '输入无效。' })
    this.code = code
    this.issues = issues
  }

  static at(path: readonly string[], code: string, message: Text): InvalidInput {
    return new InvalidInput([{ path, code, message }])
  }
}

export function isExpected(error: unknown): error is ExpectedError {
  return error instanceof ExpectedError
}

/** The value of an act of the store, or the expected error that it ended in. */
export function valueOf<T>(result: Result<T>): T {
  switch (result.kind) {
    case 'ok':
      return result.value
    case 'conflict':
      throw new Conflict(CHANGED, 'CONFLICT', result.current)
    case 'notAllowed':
      throw new NotAllowed(result.refusal.message, result.refusal.code)
    case 'notFound':
      throw new NotFound()
    case 'invalid':
      throw new InvalidInput(result.issues)
  }
}

const CHANGED: Text = { en: 'Somebody else changed this in the meantime.', zh: '期间已被他人修改。' }

/** Parses input at the door; all that is wrong is told at once, in both languages. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const english = schema.safeParse(input, { error: ENGLISH })
  if (english.success) return english.data
  const chinese = schema.safeParse(input, { error: CHINESE }).error?.issues ?? []
  throw new InvalidInput(
    english.error.issues.map((issue, index) => ({
      path: issue.path.map(String),
      code: issue.code.toUpperCase(),
      message: textOf(issue.message, chinese[index]?.message),
    })),
  )
}

/** A message of one's own for a zod check: both languages travel in one string. */
export function words(en: string, zh: string): string {
  return `${en}${SEPARATOR}${zh}`
}

const SEPARATOR = '\u241e'
const ENGLISH = z.locales.en().localeError
const CHINESE = z.locales.zhCN().localeError

function textOf(english: string, chinese: string = english): Text {
  const [en = english, zh] = english.split(SEPARATOR)
  return { en, zh: zh ?? chinese }
}
