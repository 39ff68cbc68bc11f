import {
  checkMailTemplate,
  findMail,
  isMailTemplateKey,
  listMails,
  listMailTemplates,
  listReceivedMails,
  MAIL_LANGUAGES,
  MAIL_STATUSES,
  previewMail,
  resetMailTemplate,
  retryMail,
  saveMailTemplate,
  sendMail,
  type Mail,
  type MailTemplate,
  type MailTemplateInUse,
  type ReceivedMail,
} from '@surety/store'
import { builder } from '../builder.ts'
import { InvalidInput, NotFound, valueOf } from '../errors.ts'
import { enumOf } from './enums.ts'
import { outcomesOf } from './errors.ts'
import { existingId, rowId, withoutNulls } from './inputs.ts'
import { ASKED, connectionOf } from './pages.ts'
import { CustomerType } from './refs.ts'

const ADMINISTER = 'instance.administer'

const MailStatusEnum = enumOf('MailStatus', MAIL_STATUSES)
// GraphQL names can't hold a hyphen, so the language stays text: zh-CN or en.

const MailType = builder.objectRef<Mail>('Mail').implement({
  description: 'A mail to one reader, sent through the mail server of this instance.',
  authScopes: { can: ADMINISTER },
  fields: t => ({
    id: t.exposeID('id'),
    template: t.exposeString('template'),
    language: t.exposeString('language'),
    address: t.exposeString('address'),
    customer: t.field({
      type: CustomerType,
      nullable: true,
      resolve: ({ customerId }, _args, { load }) => (customerId === null ? null : load.customer.load(customerId)),
    }),
    subject: t.exposeString('subject', { nullable: true, description: 'Null until it is first sent.' }),
    body: t.exposeString('body', { nullable: true }),
    status: t.expose('status', { type: MailStatusEnum }),
    attempts: t.exposeInt('attempts'),
    lastError: t.exposeString('lastError', { nullable: true, description: 'What the mail server answered, as a code.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    sentAt: t.expose('sentAt', { type: 'DateTime', nullable: true }),
  }),
})
const MailConnection = builder.connectionObject({ type: MailType, name: 'MailConnection', ...ASKED }, { name: 'MailEdge', ...ASKED })

const ReceivedMailType = builder.objectRef<ReceivedMail>('ReceivedMail').implement({
  description: 'What the mail server of a demo received; nothing leaves the machine.',
  authScopes: { can: ADMINISTER },
  fields: t => ({
    id: t.exposeID('id'),
    recipient: t.exposeString('recipient'),
    subject: t.exposeString('subject'),
    body: t.exposeString('body'),
    copies: t.exposeInt('copies', { description: 'How often the same message came.' }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime' }),
  }),
})
const ReceivedMailConnection = builder.connectionObject(
  { type: ReceivedMailType, name: 'ReceivedMailConnection', ...ASKED },
  { name: 'ReceivedMailEdge', ...ASKED },
)

const MailTemplateType = builder.objectRef<MailTemplateInUse>('MailTemplate').implement({
  description: 'The words of one kind of mail in one language, as they are used now.',
  authScopes: { can: ADMINISTER },
  fields: t => ({
    id: t.id({ resolve: ({ key, language }) => `${key}.${language}` }),
    key: t.exposeString('key'),
    language: t.exposeString('language'),
    subject: t.exposeString('subject'),
    body: t.exposeString('body'),
    placeholders: t.stringList({ resolve: ({ placeholders }) => [...placeholders] }),
    isOwn: t.exposeBoolean('isOwn', { description: 'The company’s own words; otherwise those that ship.' }),
    version: t.exposeInt('version'),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: true }),
  }),
})

const MailPreviewType = builder.objectRef<MailTemplate>('MailPreview').implement({
  description: 'A mail as its reader would see it, with example values.',
  authScopes: { can: ADMINISTER },
  fields: t => ({ subject: t.exposeString('subject'), body: t.exposeString('body') }),
})

const MailFilter = builder.inputType('MailFilter', {
  fields: t => ({ status: t.field({ type: MailStatusEnum }), customerId: t.id(), template: t.string() }),
})
const MailTemplateInput = builder.inputType('MailTemplateInput', {
  fields: t => ({
    key: t.string({ required: true }),
    language: t.string({ required: true, description: 'zh-CN or en.' }),
    subject: t.string({ required: true }),
    body: t.string({ required: true }),
    version: t.int({ description: 'As the client last saw it; 0 or absent while the shipped words are in use.' }),
  }),
})

builder.queryFields(t => ({
  mails: t.connection(
    {
      type: MailType,
      description: 'Newest first.',
      authScopes: { can: ADMINISTER },
      args: { filter: t.arg({ type: MailFilter }) },
      resolve: async (_root, { filter, ...page }, { read }) => {
        const { customerId, ...rest } = withoutNulls(filter ?? {})
        return connectionOf(
          await read(ADMINISTER, tx => listMails(tx, { ...rest, ...(customerId && { customerId: rowId(customerId) ?? '0' }) }, page)),
        )
      },
    },
    MailConnection,
  ),
  mail: t.field({
    type: MailType,
    nullable: true,
    authScopes: { can: ADMINISTER },
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { read }) => (rowId(id) ? read(ADMINISTER, tx => findMail(tx, id)) : null),
  }),
  receivedMails: t.connection(
    {
      type: ReceivedMailType,
      description: 'The inbox of the demo, newest first.',
      authScopes: { can: ADMINISTER },
      args: { query: t.arg.string() },
      resolve: async (_root, { query, ...page }, { read }) =>
        connectionOf(await read(ADMINISTER, tx => listReceivedMails(tx, query ?? undefined, page))),
    },
    ReceivedMailConnection,
  ),
  mailTemplates: t.field({
    type: [MailTemplateType],
    authScopes: { can: ADMINISTER },
    resolve: (_root, _args, { read }) => read(ADMINISTER, listMailTemplates),
  }),
  mailPreview: t.field({
    type: MailPreviewType,
    description: 'How these words would look. Null for a template that does not exist.',
    authScopes: { can: ADMINISTER },
    errors: { types: [InvalidInput], result: { name: 'QueryMailPreviewSuccess' }, union: { name: 'QueryMailPreviewResult' } },
    args: { input: t.arg({ type: MailTemplateInput, required: true }) },
    resolve: (_root, { input: { key, subject, body } }, { config }) => {
      if (!isMailTemplateKey(key)) throw unknownTemplate(key)
      const issues = checkMailTemplate(key, { subject, body })
      if (issues.length > 0) throw new InvalidInput(issues)
      return previewMail(key, { subject, body }, `http://localhost:${config.port}`)
    },
  }),
}))

builder.mutationFields(t => ({
  saveMailTemplate: t.field({
    type: MailTemplateType,
    authScopes: { can: ADMINISTER },
    errors: outcomesOf('MailTemplate'),
    args: { input: t.arg({ type: MailTemplateInput, required: true }) },
    resolve: async (_root, { input: { language, version, ...words } }, { write }) => {
      const change = { ...words, language: languageOf(language), version: version ?? 0 }
      return valueOf(await write(ADMINISTER, tx => saveMailTemplate(tx, change)))
    },
  }),
  resetMailTemplate: t.field({
    type: MailTemplateType,
    description: 'Goes back to the shipped words.',
    authScopes: { can: ADMINISTER },
    errors: outcomesOf('MailTemplate'),
    args: { key: t.arg.string({ required: true }), language: t.arg.string({ required: true }) },
    resolve: async (_root, { key, language }, { write }) => {
      const known = languageOf(language)
      return valueOf(await write(ADMINISTER, tx => resetMailTemplate(tx, key, known)))
    },
  }),
  retryMail: t.field({
    type: MailType,
    description: 'Sends a mail again that was given up.',
    authScopes: { can: ADMINISTER },
    errors: outcomesOf('Mail'),
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { write }) => {
      const known = existingId(id)
      return valueOf(await write(ADMINISTER, tx => retryMail(tx, known)))
    },
  }),
  sendTestMail: t.field({
    type: MailType,
    description: 'A mail to oneself, to see that sending works.',
    authScopes: { can: ADMINISTER },
    errors: outcomesOf('Mail'),
    resolve: async (_root, _args, { write, viewer }) => {
      const { id: userId } = viewer!.user
      return write(ADMINISTER, async tx => {
        const sent = await sendMail(tx, {
          key: `test:${userId}:${tx.now.toISOString()}`,
          template: 'mail.test',
          to: { userId },
          segmentId: null,
          params: {},
        })
        if (sent.kind === 'noAddress')
          throw new NotFound(
            { en: 'Your login has no mail address; add one under Settings, Users.', zh: '您的账号没有邮箱，请先在“设置 · 用户”中填写。' },
            'NO_ADDRESS',
          )
        return (await findMail(tx, sent.id))!
      })
    },
  }),
}))

function languageOf(language: string): (typeof MAIL_LANGUAGES)[number] {
  const known = MAIL_LANGUAGES.find(one => one === language)
  if (known) return known
  throw InvalidInput.at(['language'], 'UNKNOWN_LANGUAGE', {
    en: `Mails are written in zh-CN and en, not in ${JSON.stringify(language.slice(0, 20))}.`,
    zh: `邮件语言只能是 zh-CN 或 en，不能是 ${JSON.stringify(language.slice(0, 20))}。`,
  })
}

function unknownTemplate(key: string): InvalidInput {
  return InvalidInput.at(['key'], 'UNKNOWN_TEMPLATE', {
    en: `There is no mail ${JSON.stringify(key.slice(0, 40))}.`,
    zh: `没有名为 ${JSON.stringify(key.slice(0, 40))} 的邮件。`,
  })
}
