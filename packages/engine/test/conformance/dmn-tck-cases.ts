import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseNumber } from '../../src/feel/number.ts'
import { parseDate, parseDateTime, parseDuration, parseTime } from '../../src/feel/temporal.ts'
import type { FeelValue } from '../../src/feel/values.ts'

export interface TckCase {
  readonly id: string
  readonly inputs: Readonly<Record<string, FeelValue>>
  readonly results: readonly { readonly decision: string; readonly expected: FeelValue }[]
}

export interface TckFolder {
  readonly name: string
  /** The model first, then what it imports. */
  readonly models: readonly string[]
  readonly cases: readonly TckCase[]
}

/** The folders of one compliance level of the DMN TCK. */
export function readTckFolders(root: string, level: string): readonly TckFolder[] {
  return readdirSync(join(root, level))
    .filter(name => statSync(join(root, level, name)).isDirectory())
    .toSorted()
    .flatMap(name => {
      const folder = join(root, level, name)
      const files = readdirSync(folder)
      const tests = files.filter(file => file.endsWith('.xml')).map(file => parseXml(readFileSync(join(folder, file), 'utf8')))
      const main = tests.map(test => textOf(child(test, 'modelName'))).find(model => model !== '') ?? `${name}.dmn`
      const models = files.filter(file => file.endsWith('.dmn')).toSorted((a, b) => Number(b === main) - Number(a === main))
      if (models.length === 0) return []
      return [
        {
          name,
          models: models.map(file => readFileSync(join(folder, file), 'utf8')),
          cases: tests.flatMap(test => children(test, 'testCase').map(readCase)),
        },
      ]
    })
}

function readCase(node: XmlNode): TckCase {
  return {
    id: node.attributes['id'] ?? '',
    inputs: Object.fromEntries(children(node, 'inputNode').map(input => [input.attributes['name'] ?? '', readValue(input)])),
    results: children(node, 'resultNode').map(result => ({
      decision: result.attributes['name'] ?? '',
      expected: readValue(child(result, 'expected')),
    })),
  }
}

function readValue(node: XmlNode | undefined): FeelValue {
  if (!node || node.attributes['nil'] === 'true') return null
  const components = children(node, 'component')
  if (components.length > 0)
    return Object.fromEntries(components.map(component => [component.attributes['name'] ?? '', readValue(component)]))
  const list = child(node, 'list')
  if (list) return list.attributes['nil'] === 'true' ? null : children(list, 'item').map(readValue)
  const value = child(node, 'value')
  if (!value || value.attributes['nil'] === 'true') return null
  const text = textOf(value)
  switch ((value.attributes['type'] ?? 'string').replace(/^.*:/, '')) {
    case 'decimal':
    case 'double':
    case 'integer':
    case 'int':
    case 'float':
    case 'long':
      return parseNumber(text)
    case 'boolean':
      return text.trim() === 'true'
    case 'date':
      return parseDate(text)
    case 'time':
      return parseTime(text)
    case 'dateTime':
      return parseDateTime(text)
    case 'duration':
      return parseDuration(text)
    default:
      return text
  }
}

interface XmlNode {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly content: (XmlNode | string)[]
}

/** As much XML as test cases use: elements, attributes, text; prefixes are dropped. */
function parseXml(xml: string): XmlNode {
  const root: XmlNode = { name: '', attributes: {}, content: [] }
  const open = [root]
  const source = xml.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, '')
  for (const [, cdata, closing, name, attributes = '', empty, text] of source.matchAll(
    /<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g,
  )) {
    const parent = open.at(-1) as XmlNode
    if (cdata !== undefined) parent.content.push(cdata)
    else if (text !== undefined) parent.content.push(unescape(text))
    else if (closing) open.pop()
    else {
      const node: XmlNode = {
        name: local(name ?? ''),
        attributes: Object.fromEntries(
          [...attributes.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key = '', a, b]) => [
            local(key),
            unescape(a ?? b ?? ''),
          ]),
        ),
        content: [],
      }
      parent.content.push(node)
      if (!empty) open.push(node)
    }
  }
  return root.content.find(node => typeof node === 'object') as XmlNode
}

function children(node: XmlNode, name: string): readonly XmlNode[] {
  return node.content.filter((item): item is XmlNode => typeof item === 'object' && item.name === name)
}

function child(node: XmlNode, name: string): XmlNode | undefined {
  return children(node, name)[0]
}

function textOf(node: XmlNode | undefined): string {
  return node?.content.filter(item => typeof item === 'string').join('') ?? ''
}

function local(name: string): string {
  return name.replace(/^.*:/, '')
}

function unescape(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);/gi, (_, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16))
    if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)))
    return { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[entity] ?? ''
  })
}
