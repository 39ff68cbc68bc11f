import Mustache from 'mustache'
import { appendAudit } from '../audit.ts'
import { NOT_FOUND, ok, type Issue, type Result } from '../result.ts'
import type { Tx } from '../sql.ts'
import {
  MAIL_LANGUAGES,
  MAIL_TEMPLATE_KEYS,
  MAIL_TEMPLATES,
  type MailLanguage,
  type MailParams,
  type MailTemplate,
  type MailTemplateKey,
} from './shipped-templates.ts'

/** The words of one mail in one language, as they are used now. */
export interface MailTemplateInUse extends MailTemplate {
  readonly key: MailTemplateKey
  readonly language: MailLanguage
  /** Placeholders that it may name; those of a list's items are written `items.number`. */
  readonly placeholders: readonly string[]
  readonly isOwn: boolean
  /** 0 while the shipped words are in use. */
  readonly version: number
  readonly updatedAt: Date | null
}

export interface MailTemplateChange extends MailTemplate {
  readonly key: string
  readonly language: MailLanguage
  /** As the client last saw it. */
  readonly version: number
}

/** All of them, in the order they ship, both languages. */
export async function listMailTemplates(tx: Tx): Promise<MailTemplateInUse[]> {
  const own = await tx<OwnRow[]>`select key, language, subject, body, version, updated_at from mail_templates`
  return MAIL_TEMPLATE_KEYS.flatMap(key =>
    MAIL_LANGUAGES.map(language =>
      inUse(
        key,
        language,
        own.find(row => row.key === key && row.language === language),
      ),
    ),
  )
}

export async function findMailTemplate(tx: Tx, key: MailTemplateKey, language: MailLanguage): Promise<MailTemplateInUse> {
  const [row] = await tx<OwnRow[]>`
    select key, language, subject, body, version, updated_at from mail_templates where key = ${key} and language = ${language}`
  return inUse(key, language, row)
}

/** Puts a company's own words in place of those in use; what it says must be what the mail knows. */
export async function saveMailTemplate(tx: Tx, change: MailTemplateChange): Promise<Result<MailTemplateInUse>> {
  if (!isMailTemplateKey(change.key)) return NOT_FOUND
  const issues = checkMailTemplate(change.key, change)
  if (issues.length > 0) return { kind: 'invalid', issues }
  const before = await findMailTemplate(tx, change.key, change.language)
  const [row] = await tx<{ version: number }[]>`
    insert into mail_templates (key, language, subject, body, updated_by, updated_at)
    select ${change.key}, ${change.language}, ${change.subject}, ${change.body}, ${tx.actor.userId ?? null}, ${tx.now} where ${change.version} = 0
    on conflict (key, language) do nothing returning version`
  const [updated] = row
    ? [row]
    : await tx<{ version: number }[]>`
        update mail_templates set subject = ${change.subject}, body = ${change.body}, version = version + 1, updated_by = ${tx.actor.userId ?? null}, updated_at = ${tx.now}
        where key = ${change.key} and language = ${change.language} and version = ${change.version} returning version`
  const after = await findMailTemplate(tx, change.key, change.language)
  if (!updated) return { kind: 'conflict', current: after }
  await record(tx, 'mailTemplate.change', before, after)
  return ok(after)
}

/** Goes back to the shipped words. */
export async function resetMailTemplate(tx: Tx, key: string, language: MailLanguage): Promise<Result<MailTemplateInUse>> {
  if (!isMailTemplateKey(key)) return NOT_FOUND
  const before = await findMailTemplate(tx, key, language)
  await tx`delete from mail_templates where key = ${key} and language = ${language}`
  const after = await findMailTemplate(tx, key, language)
  if (before.isOwn) await record(tx, 'mailTemplate.reset', before, after)
  return ok(after)
}

export function isMailTemplateKey(key: string): key is MailTemplateKey {
  return key in MAIL_TEMPLATES
}

/** What is wrong with the words of a mail; empty when they can be used. */
export function checkMailTemplate(key: MailTemplateKey, template: MailTemplate): Issue[] {
  const { example } = MAIL_TEMPLATES[key]
  const known = placeholdersOf(example).join(', ')
  return (['subject', 'body'] as const).flatMap(part => {
    const text = template[part]
    if (text.trim() === '') return [issue(part, 'EMPTY', 'Write something; an empty mail is not sent.', '请填写内容；空白邮件不会发送。')]
    if (text.length > LONGEST[part])
      return [issue(part, 'TOO_LONG', `At most ${LONGEST[part]} characters.`, `最多 ${LONGEST[part]} 个字符。`)]
    let unknown: string[]
    try {
      unknown = unknownIn(Mustache.parse(text) as Token[], [example])
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return [
        issue(
          part,
          'MALFORMED_PLACEHOLDER',
          `A placeholder is not closed or not opened (${why}). Write {{name}}, or {{#items}} … {{/items}} for each item.`,
          `占位符未正确开始或结束（${why}）。应写作 {{name}}，列表写作 {{#items}} … {{/items}}。`,
        ),
      ]
    }
    return [...new Set(unknown)].map(name =>
      issue(
        part,
        'UNKNOWN_PLACEHOLDER',
        `{{${name}}} is not known to this mail. It knows: ${known}.`,
        `此邮件没有占位符 {{${name}}}。可用：${known}。`,
      ),
    )
  })
}

/** The mail as its reader sees it. `baseUrl` completes the path in `link`. */
export function renderMail(template: MailTemplate, params: MailParams, baseUrl: string): MailTemplate {
  const view = typeof params['link'] === 'string' ? { ...params, link: new URL(params['link'], baseUrl).href } : params
  // Plain text needs no escaping; a subject is one line.
  const render = (text: string): string => Mustache.render(text, view, {}, { escape: String })
  return { subject: render(template.subject).replaceAll(/\s+/g, ' ').trim(), body: `${render(template.body).trim()}\n` }
}

/** How it would look with the example's values. */
export function previewMail(key: MailTemplateKey, template: MailTemplate, baseUrl: string): MailTemplate {
  return renderMail(template, MAIL_TEMPLATES[key].example, baseUrl)
}

const LONGEST = { subject: 300, body: 20_000 } as const

interface OwnRow extends MailTemplate {
  readonly key: string
  readonly language: string
  readonly version: number
  readonly updated_at: Date
}

function inUse(key: MailTemplateKey, language: MailLanguage, own: OwnRow | undefined): MailTemplateInUse {
  const { subject, body } = own ?? MAIL_TEMPLATES[key][language]
  return {
    key,
    language,
    subject,
    body,
    placeholders: placeholdersOf(MAIL_TEMPLATES[key].example),
    isOwn: own !== undefined,
    version: own?.version ?? 0,
    updatedAt: own?.updated_at ?? null,
  }
}

function placeholdersOf(example: MailParams, prefix = ''): string[] {
  return Object.entries(example).flatMap(([name, value]) =>
    Array.isArray(value) ? [`${prefix}${name}`, ...placeholdersOf(value[0] as MailParams, `${prefix}${name}.`)] : [`${prefix}${name}`],
  )
}

type Token = [kind: string, name: string, start: number, end: number, inner?: Token[]]

/** Names that neither the mail nor the list around them knows. */
function unknownIn(tokens: readonly Token[], around: readonly MailParams[]): string[] {
  const find = (name: string): MailParams[string] | undefined => around.findLast(params => name in params)?.[name]
  return tokens.flatMap(([kind, name, , , inner]) => {
    if (kind === 'text') return []
    const value = find(name)
    const own = value === undefined ? [name] : []
    if (kind !== '#' && kind !== '^') return own
    return [...own, ...unknownIn(inner ?? [], Array.isArray(value) ? [...around, value[0] as MailParams] : around)]
  })
}

function issue(part: 'subject' | 'body', code: string, en: string, zh: string): Issue {
  return { path: [part], code, message: { en, zh } }
}

function record(tx: Tx, action: string, before: MailTemplateInUse, after: MailTemplateInUse): Promise<void> {
  const words = ({ subject, body }: MailTemplate): MailTemplate => ({ subject, body })
  return appendAudit(tx, {
    action,
    entity: 'MailTemplate',
    entityId: `${after.key}.${after.language}`,
    before: words(before),
    after: words(after),
  })
}
