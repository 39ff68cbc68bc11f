import { builder } from '../builder.ts'
import { Conflict, InvalidInput, NotAllowed, NotFound, type InputIssue } from '../errors.ts'
import { TextType } from './values.ts'

export const ErrorInterface = builder.interfaceRef<{ code: string; text: { en: string; zh: string } }>('Error').implement({
  authScopes: { public: true },
  fields: t => ({ code: t.exposeString('code'), message: t.expose('text', { type: TextType }) }),
})

builder.objectType(NotAllowed, { name: 'NotAllowedError', interfaces: [ErrorInterface], authScopes: { public: true } })

builder.objectType(NotFound, { name: 'NotFoundError', interfaces: [ErrorInterface], authScopes: { public: true } })

builder.objectType(Conflict, {
  name: 'ConflictError',
  description: 'Somebody was faster; `current` tells what is so now.',
  interfaces: [ErrorInterface],
  authScopes: { public: true },
  fields: t => ({ current: t.expose('current', { type: 'JSON', nullable: true }) }),
})

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  authScopes: { public: true },
  fields: t => ({
    path: t.field({ type: ['String'], resolve: issue => [...issue.path] }),
    code: t.exposeString('code'),
    message: t.expose('message', { type: TextType }),
  }),
})

builder.objectType(InvalidInput, {
  name: 'InvalidInputError',
  interfaces: [ErrorInterface],
  authScopes: { public: true },
  fields: t => ({ issues: t.field({ type: [InputIssueType], resolve: error => [...error.issues] }) }),
})

/** What an act on something that others work on too may end in, under one name for several mutations. */
export function outcomesOf(name: string): {
  types: [typeof InvalidInput, typeof NotAllowed, typeof NotFound, typeof Conflict]
  result: { name: string }
  union: { name: string }
} {
  return {
    types: [InvalidInput, NotAllowed, NotFound, Conflict],
    result: { name: `Mutation${name}Success` },
    union: { name: `Mutation${name}Result` },
  }
}
