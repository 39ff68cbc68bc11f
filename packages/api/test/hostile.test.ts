import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../src/schema/index.ts'
import { populate } from './populate.ts'
import { startTestApi, type TestApi, type TestClient } from './support.ts'

const HOSTILE = [
  '',
  ' ',
  '%',
  '\\',
  "'; drop table customers; --",
  '\0',
  '\ud800',
  '-1',
  '1e5',
  '9'.repeat(18),
  '9'.repeat(40),
  '=1+1',
  '👩‍👩‍👧',
  '<script>',
  'x'.repeat(50_000),
]

describe('whatever text somebody sends', () => {
  let api: TestApi
  let officer: TestClient
  beforeAll(async () => {
    api = await startTestApi()
    await populate(api, api.north, 'HOSTILE')
    await api.addUser('officer', [
      { role: 'risk_officer', segmentId: null, authorityLevel: null },
      { role: 'approver', segmentId: null, authorityLevel: 9 },
    ])
    officer = await api.signIn('officer')
  })
  afterAll(() => api.close())

  const places = [schema.getQueryType()!, schema.getMutationType()!]
    .flatMap(type => Object.values(type.getFields()).map(field => [type.name.toLowerCase(), field] as const))
    .filter(([, { name }]) => name !== 'signOut')
    .flatMap(([operation, field]) =>
      field.args.flatMap(argument =>
        textPlaces(argument.type, [argument.name]).map(path => [`${field.name} ${path.join('.')}`, operation, field, path] as const),
      ),
    )

  it.each(places)('in %s, the answer is expected', async (_what, operation, field, path) => {
    const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')
    const query = `${operation} (${declared}) { ${field.name}(${field.args.map(({ name }) => `${name}: $${name}`).join(', ')}) { __typename } }`
    for (const text of HOSTILE) {
      const { errors, status } = await officer.ask(query, variablesFor(field, path, text))
      const unexpected = errors.filter(({ extensions }) => extensions?.['code'] === 'INTERNAL_ERROR')
      expect([JSON.stringify(text.slice(0, 50)), unexpected, status < 500]).toEqual([JSON.stringify(text.slice(0, 50)), [], true])
    }
  })
})

type Path = readonly string[]

/** Where a text or an id can stand in an input. */
function textPlaces(type: GraphQLInputType, path: Path): Path[] {
  const named = getNamedType(type)
  if (isInputObjectType(named)) return Object.values(named.getFields()).flatMap(field => textPlaces(field.type, [...path, field.name]))
  return ['String', 'ID', 'Decimal', 'Date'].includes(named.name) ? [path] : []
}

/** Required inputs filled with what means nothing, and the text in its place. */
function variablesFor(field: GraphQLField<unknown, unknown>, path: Path, text: string): Record<string, unknown> {
  return Object.fromEntries(field.args.flatMap(({ name, type }) => entryOf(name, type, path, text)))
}

function entryOf(name: string, type: GraphQLInputType, path: Path, text: string): [string, unknown][] {
  const isOnPath = path[0] === name
  if (!isOnPath && !isNonNullType(type)) return []
  return [[name, valueOf(type, isOnPath ? path.slice(1) : undefined, text)]]
}

function valueOf(type: GraphQLInputType, rest: Path | undefined, text: string): unknown {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return rest ? [valueOf(nullable.ofType, rest, text)] : []
  if (isInputObjectType(nullable))
    return Object.fromEntries(Object.values(nullable.getFields()).flatMap(field => entryOf(field.name, field.type, rest ?? [], text)))
  if (rest) return text
  const samples: Readonly<Record<string, unknown>> = {
    ID: '1',
    Int: 1,
    Boolean: false,
    Decimal: '1.00',
    JSON: {},
    String: 'sample text',
    TaskOutcome: 'APPROVE',
    ImportKind: 'INVOICES',
    TaskView: 'TEAM',
    CustomerSortField: 'NAME',
    TaskSortField: 'DUE_AT',
    ApplicationSortField: 'AMOUNT',
  }
  return samples[getNamedType(type).name]
}
