import { createI18n } from 'vue-i18n'
import { parse } from 'vue/compiler-sfc'
import { describe, expect, it } from 'vitest'
import { messagesOf, sourceFiles } from './source.ts'

const chinese = messagesOf('zh-CN')
const english = messagesOf('en')
const code = [...sourceFiles('src/**/*.vue'), ...sourceFiles('src/**/*.ts')]

describe('messages', () => {
  it('exist in both languages', () => {
    expect([...chinese.keys()].filter(key => !english.has(key))).toEqual([])
    expect([...english.keys()].filter(key => !chinese.has(key))).toEqual([])
  })

  it('ask for the same values in both languages', () => {
    const names = (text = ''): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].toSorted()
    expect([...chinese.keys()].filter(key => names(chinese.get(key)).join() !== names(english.get(key)).join())).toEqual([])
  })

  it('are in the language that they claim to be', () => {
    const allowed = /^language\.|^palette\.language$/
    const han = /\p{Script=Han}/u
    expect([...english].filter(([key, text]) => !allowed.test(key) && han.test(text)).map(([key]) => key)).toEqual([])
  })

  it('can all be put into words', () => {
    for (const messages of [chinese, english]) {
      const { global } = createI18n({ legacy: false, locale: 'x', messages: { x: Object.fromEntries(messages) as Record<string, string> } })
      for (const key of messages.keys()) expect(() => global.t(key, {}, 2), key).not.toThrow()
    }
  })

  it('exist for every key that the code names', () => {
    const used = code.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*'([\w-]+(?:\.[\w-]+)+)'/g)].map(([, key]) => ({ path, key: key! })),
    )
    expect(used.length).toBeGreaterThan(200)
    expect(used.filter(({ key }) => !chinese.has(key))).toEqual([])
  })

  it('are all used, by their key or by a key that is put together', () => {
    const text = code.map(file => file.text).join('\n')
    const families = [...text.matchAll(/`([\w-]+\.[\w.-]*)\$\{/g)].map(([, start]) => start!)
    const literals = new Set([...text.matchAll(/'([\w-]+(?:\.[\w-]+)+)'/g)].map(([, key]) => key!))
    expect([...chinese.keys()].filter(key => !literals.has(key) && !families.some(family => key.startsWith(family)))).toEqual([])
  })
})

it('no template holds words of its own', () => {
  // Names of products and signs are the same in every language.
  const allowed = /^(?:Surety|DSO|[\s\d·→—–↑↓▲▼=+×/:：,.()!“”-]*)$/
  const raw: string[] = []
  const walk = (node: TemplateNode, path: string): void => {
    if (node.type === TEXT && !allowed.test(String(node.content).trim())) raw.push(`${path}: ${String(node.content).trim()}`)
    for (const { type, name, value } of node.props ?? []) {
      if (type === ATTRIBUTE && READ_ALOUD.has(name) && value && !allowed.test(value.content))
        raw.push(`${path}: ${name}="${value.content}"`)
    }
    for (const child of node.children ?? []) walk(child, path)
  }
  for (const { path, text } of sourceFiles('src/**/*.vue')) {
    const tree = parse(text).descriptor.template?.ast
    if (tree) walk(tree as unknown as TemplateNode, path)
  }
  expect(raw).toEqual([])
})

// As much of the compiler's tree as is looked at; its own types come with a package of their own.
interface TemplateNode {
  readonly type: number
  readonly content?: unknown
  readonly props?: readonly { readonly type: number; readonly name: string; readonly value?: { readonly content: string } }[]
  readonly children?: readonly TemplateNode[]
}
const TEXT = 2
const ATTRIBUTE = 6
const READ_ALOUD = new Set(['title', 'placeholder', 'aria-label', 'alt', 'label', 'text'])
