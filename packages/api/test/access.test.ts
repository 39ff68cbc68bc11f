import { readFileSync } from 'node:fs'
import { compile, type Policy } from '@surety/engine'
import {
  actorOf,
  addDocuments,
  asActor,
  checkOrder,
  createCustomer,
  listAlerts,
  proposeSecurity,
  publishPolicy,
  reviewAlerts,
  ROLES,
  sendMail,
  SYSTEM,
  type Role,
  type SecurityTerms,
  type Segment,
  type Tx,
  type User,
} from '@surety/store'
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fieldsWithoutScope, requireScopes } from '../src/auth/deny-by-default.ts'
import { SCOPES, SCOPES_OF_ROLE, type Scope } from '../src/auth/scopes.ts'
import { schema } from '../src/schema/index.ts'
import { populate, type Populated } from './populate.ts'
import { startTestApi, type Answer, type TestApi, type TestClient } from './support.ts'

describe('deny by default', () => {
  it('every field says who may see it', () => {
    expect(fieldsWithoutScope(schema)).toEqual([])
  })

  it('a schema in which one does not is refused, and the field named', () => {
    expect(() => requireScopes(buildSchema('type Query { open: Int }'))).toThrow('Query.open')
  })
})

describe('roles', () => {
  it('hold these rights and no others', () => {
    const table = SCOPES.map(
      scope =>
        `${scope.padEnd(20)} ${ROLES.map(role => (SCOPES_OF_ROLE[role].includes(scope) ? role : ''))
          .filter(Boolean)
          .join(' ')}`,
    )
    expect(table.join('\n')).toMatchInlineSnapshot(`
      "customer.read        risk_officer approver analyst collector sales auditor admin
      portfolio.read       risk_officer approver analyst collector sales auditor admin
      policy.read          risk_officer approver analyst collector sales auditor admin
      policy.edit          risk_officer analyst collector
      policy.approve       approver
      decision.read        risk_officer approver analyst collector sales auditor admin
      application.read     risk_officer approver analyst collector sales auditor admin
      application.submit   risk_officer sales
      task.read            risk_officer approver analyst collector sales auditor admin
      task.decide          approver
      order.check          risk_officer sales
      hold.read            risk_officer approver analyst collector sales auditor admin
      hold.release         approver
      hold.place           risk_officer approver
      security.propose     risk_officer
      security.accept      approver
      alert.read           risk_officer approver analyst collector sales auditor admin
      alert.handle         risk_officer analyst collector
      import.read          risk_officer analyst auditor admin
      import.write         risk_officer admin
      audit.read           risk_officer auditor admin
      instance.administer  admin"
    `)
  })

  it('never let one person both ask and decide', () => {
    for (const role of ROLES)
      expect(['application.submit', 'task.decide'].filter(scope => SCOPES_OF_ROLE[role].includes(scope as Scope)).length).toBeLessThan(2)
  })
})

const fields = [schema.getQueryType()!, schema.getMutationType()!].flatMap(type =>
  Object.values(type.getFields()).map(field => ({ operation: type.name.toLowerCase(), field })),
)

describe('role × operation', () => {
  let api: TestApi
  const clients = new Map<Role, TestClient>()
  beforeAll(async () => {
    api = await startTestApi()
    // Whom the samples name: the first user loses their roles and their login on the way.
    await api.addUser('first', [{ role: 'sales', segmentId: api.north.id, authorityLevel: null }])
    for (const role of ROLES) {
      await api.addUser(role, [{ role, segmentId: api.north.id, authorityLevel: role === 'approver' ? 2 : null }])
      clients.set(role, await api.signIn(role))
    }
  })
  afterAll(() => api.close())

  // Ends the session of who asks.
  const cases = fields
    .filter(({ field }) => field.name !== 'signOut')
    .map(({ operation, field }) => [`${operation} ${field.name}`, operation, field] as const)

  it.each(cases)('%s is open to the roles that hold its right, and to nobody else', async (_name, operation, field) => {
    const query = `${operation} { ${field.name}${sampleArgs(field)}${smallSelection(field)} }`
    const scopes = scopesOf(field)
    const isRefused = ({ data, errors }: Answer): boolean => {
      const codes = [
        data?.[field.name]?.code,
        ...errors.filter(({ path }) => path?.length === 1).map(({ extensions }) => extensions?.['code']),
      ]
      return codes.some(code => code === 'UNAUTHENTICATED' || code === 'NOT_ALLOWED')
    }
    expect([`nobody ${isRefused(await api.anonymous().ask(query))}`]).toEqual([`nobody ${!scopes.public}`])
    for (const role of ROLES) {
      const isAllowed = scopes.public || scopes.signedIn || (scopes.can !== undefined && SCOPES_OF_ROLE[role].includes(scopes.can))
      const answer = await clients.get(role)!.ask(query)
      expect([role, isRefused(answer), answer.errors.filter(({ extensions }) => extensions?.['code'] === 'INTERNAL_ERROR')]).toEqual([
        role,
        !isAllowed,
        [],
      ])
    }
  })
})

describe('segments', () => {
  const risks = new Map<Populated, Risks>()
  let api: TestApi
  let north: Populated
  let south: Populated
  let everywhere: TestClient
  let foreigner: TestClient
  beforeAll(async () => {
    api = await startTestApi()
    north = await populate(api, api.north, 'NORTHMARK')
    south = await populate(api, api.south, 'SOUTHMARK')
    for (const [one, segment] of [
      [north, api.north],
      [south, api.south],
    ] as const)
      risks.set(one, await addRisks(api, one, segment))
    const all: Parameters<TestApi['addUser']>[1] = ROLES.map(role => ({
      role,
      segmentId: null,
      authorityLevel: role === 'approver' ? 9 : null,
    }))
    await api.addUser('everywhere', all)
    await api.addUser(
      'foreigner',
      all.map(grant => ({ ...grant, segmentId: api.south.id })),
    )
    everywhere = await api.signIn('everywhere')
    foreigner = await api.signIn('foreigner')
  })
  afterAll(() => api.close())

  const queries = Object.values(schema.getQueryType()!.getFields())
    .filter(({ name }) => !['instance', 'viewer', 'demoUsers'].includes(name))
    .map(field => [field.name, field] as const)

  it.each(queries)('%s tells a foreigner nothing of another segment, however deep they ask', async (name, field) => {
    const ids: Readonly<Record<string, (one: Populated) => string>> = {
      customer: one => one.customerId,
      application: one => one.applicationId,
      task: one => one.taskId,
      approval: one => one.approvalId,
      decision: one => one.decisionId,
      import: one => one.importId,
      hold: one => risks.get(one)!.holdId,
      alert: one => risks.get(one)!.alertId,
      mail: one => risks.get(one)!.mailId,
      security: one => risks.get(one)!.securityId,
      webhook: one => one.webhookId,
      reconciliation: one => one.reconciliationId,
    }
    const query = (one: Populated): string =>
      `{ ${name}${name === 'replayDecision' ? `(decisionId: "${risks.get(one)!.alertDecisionId}")` : deepArgs(field, ids[name]?.(one), one.mark)}${deepSelection(field, DEPTHS[name] ?? 4)} }`
    const seen = await everywhere.ask(query(north))
    expect(seen.errors).toEqual([])
    if (!IMPERSONAL.has(name)) expect(JSON.stringify(seen.data)).toContain('NORTHMARK')
    const own = await foreigner.ask(query(south))
    expect(own.errors).toEqual([])
    const foreign = await foreigner.ask(query(north))
    expect(JSON.stringify([own.data, foreign.data])).not.toContain('NORTHMARK')
    if (ids[name]) {
      expect(seen.data[name].id).toBe(ids[name](north))
      expect(foreign.data[name]).toBeNull()
      expect(own.data[name].id).toBe(ids[name](south))
    }
  })

  it('show of a customer whom both serve only what is one’s own', async () => {
    await asActor(api.sql, SYSTEM, async tx => {
      const { customer } = await createCustomer(tx, { number: 'BOTH-1', name: 'Both Ltd' }, { segmentId: api.north.id, currency: 'CNY' })
      await createCustomer(tx, { number: 'BOTH-1', name: 'Both Ltd' }, { segmentId: api.south.id, currency: 'EUR' })
      const document = {
        customerId: customer.id,
        type: 'invoice',
        source: 'file',
        issuedOn: '2026-02-01',
        dueOn: '2026-02-15',
        amount: '10.00',
      } as const
      await addDocuments(tx, [
        { ...document, segmentId: api.north.id, number: 'N', currency: 'CNY' },
        { ...document, segmentId: api.south.id, number: 'S', currency: 'EUR' },
      ])
    })
    const query =
      '{ customers(filter: { query: "BOTH-1" }) { totalCount edges { node { account { segment { code } } customer { accounts { segment { code } } ageing { currency total } documents(first: 5) { totalCount edges { node { number } } } } } } } }'
    const { customers } = (await foreigner.ask(query)).data
    expect(customers).toEqual({
      totalCount: 1,
      edges: [
        {
          node: {
            account: { segment: { code: 'SOUTH' } },
            customer: {
              accounts: [{ segment: { code: 'SOUTH' } }],
              ageing: [{ currency: 'EUR', total: '10.00' }],
              documents: { totalCount: 1, edges: [{ node: { number: 'S' } }] },
            },
          },
        },
      ],
    })
    expect((await everywhere.ask(query)).data.customers.totalCount).toBe(2)
  })

  const acts: readonly (readonly [what: string, mutation: (one: Populated) => string])[] = [
    [
      'submitApplication',
      ({ customerId }) => `submitApplication(input: { key: "foreign-key", customer: "${customerId}", segment: "1", requestedLimit: "10" })`,
    ],
    [
      'submitApplication in one’s own segment for a customer who is not there',
      ({ customerId }) => `submitApplication(input: { key: "foreign-key", customer: "${customerId}", segment: "2", requestedLimit: "10" })`,
    ],
    [
      'resubmitApplication',
      ({ applicationId }) => `resubmitApplication(input: { id: "${applicationId}", version: 1, requestedLimit: "10", comment: "x" })`,
    ],
    ['withdrawApplication', ({ applicationId }) => `withdrawApplication(input: { id: "${applicationId}", version: 1, reason: "x" })`],
    ['decideTask', ({ taskId }) => `decideTask(input: { id: "${taskId}", version: 1, outcome: APPROVE })`],
    [
      'configureImport',
      ({ importId }) => `configureImport(input: { id: "${importId}", version: 1, kind: INVOICES, segment: "2", mapping: {} })`,
    ],
    [
      'configureImport into another segment',
      ({ importId }) => `configureImport(input: { id: "${importId}", version: 1, kind: INVOICES, segment: "1", mapping: {} })`,
    ],
    ['releaseHold', one => `releaseHold(input: { id: "${risks.get(one)!.holdId}", version: 1, reason: "x" })`],
    ['handleAlert', one => `handleAlert(input: { id: "${risks.get(one)!.alertId}", version: 1, act: ACKNOWLEDGE })`],
    ['decideSecurity', one => `decideSecurity(id: "${risks.get(one)!.securityId}", version: 1, accept: true)`],
    ['withdrawSecurity', one => `withdrawSecurity(id: "${risks.get(one)!.securityId}", version: 1, reason: "x")`],
    ['retryMail', one => `retryMail(id: "${risks.get(one)!.mailId}")`],
    ['setRoles', ({ maker }) => `setRoles(input: { id: "${maker.id}", roles: [], reason: "x" })`],
    ['setUserActive', ({ maker }) => `setUserActive(input: { id: "${maker.id}", isActive: false, reason: "x" })`],
    ['renewInvitation', ({ maker }) => `renewInvitation(id: "${maker.id}")`],
    [
      'inviteUser into all segments',
      () => `inviteUser(input: { name: "x", login: "further", email: "further@example.com", language: "en", roles: [{ role: ADMIN }] })`,
    ],
    ['applyImport', ({ importId }) => `applyImport(id: "${importId}", version: 1)`],
    ['cancelImport', ({ importId }) => `cancelImport(id: "${importId}")`],
  ]
  it.each(acts)('%s on something of another segment changes nothing', async (_what, mutation) => {
    const count = async (): Promise<unknown> =>
      api.sql.begin(async sql => {
        await sql`select set_config('surety.segments', '*', true)`
        return sql`select (select count(*) from audit_entries) as audit, (select count(*) from outbox) as outbox`
      })
    const before = await count()
    const { data, errors } = await foreigner.ask(`mutation { act: ${mutation(north)} { __typename ... on Error { code } } }`)
    expect(errors).toEqual([])
    expect(['NotFoundError', 'NotAllowedError']).toContain(data.act.__typename)
    expect(await count()).toEqual(before)
  })

  it('a right in one segment opens nothing in another', async () => {
    const mixed: User = await api.addUser('mixed', [
      { role: 'auditor', segmentId: api.north.id, authorityLevel: null },
      { role: 'sales', segmentId: api.south.id, authorityLevel: null },
    ])
    const client = await api.signIn(mixed.login)
    const { data } = await client.ask(
      '{ customers { totalCount } auditEntries(first: 200) { edges { node { after } } } imports { edges { node { fileName } } } }',
    )
    expect(data.customers.totalCount).toBeGreaterThanOrEqual(2)
    expect(JSON.stringify([data.auditEntries, data.imports])).toContain('NORTHMARK')
    expect(JSON.stringify([data.auditEntries, data.imports])).not.toContain('SOUTHMARK')
    const submit = (customerId: string, segmentId: number): string =>
      `mutation { submitApplication(input: { key: "mixed-key-${segmentId}", customer: "${customerId}", segment: "${segmentId}", requestedLimit: "10" }) { __typename ... on Error { code } } }`
    expect((await client.ask(submit(north.customerId, api.north.id))).data.submitApplication).toEqual({
      __typename: 'NotAllowedError',
      code: 'NOT_ALLOWED',
    })
    expect((await client.ask(submit(south.customerId, api.south.id))).data.submitApplication.code).toBe('APPLICATION_PENDING')
  })
})

/** Ids of what risk there is about what was populated. */
interface Risks {
  readonly holdId: string
  readonly alertId: string
  /** Decided by the engine, so that it can be replayed. */
  readonly alertDecisionId: string
  readonly mailId: string
  readonly securityId: string
}

async function addRisks(api: TestApi, { mark, maker, customerId, accountId }: Populated, { id, currency }: Segment): Promise<Risks> {
  const asSystem = <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => asActor(api.sql, SYSTEM, fn)
  const warning = shipped('early-warning')
  const alert = await asSystem(async tx => {
    const { policyId, version, hash } = await publishPolicy(tx, warning)
    await publishPolicy(tx, shipped('appetite'))
    await reviewAlerts(tx, { customerId, segmentId: id }, { id: policyId, version, hash, compiled: compile(warning) })
    return (await listAlerts(tx, { customerId }, { first: 1 })).edges[0]!.node
  })
  const mail = await asSystem(tx =>
    sendMail(tx, {
      key: mark,
      template: 'task.assigned',
      to: { customerId },
      segmentId: id,
      params: { subject: mark, amount: '1', from: mark, due: '2026-03-06', link: '/tasks/1' },
    }),
  )
  const terms: SecurityTerms = {
    type: 'guarantee',
    effect: 'raises-limit',
    value: '100',
    currency,
    percentage: 80,
    effectiveFrom: '2026-03-01',
    provider: `${mark} Bank`,
    parts: [{ accountId, amount: '100' }],
  }
  const security = await asActor(api.sql, actorOf(maker), tx => proposeSecurity(tx, terms))
  const order = await asSystem(async tx => {
    await publishPolicy(tx, shipped('order-check'))
    return checkOrder(tx, {
      key: mark,
      segmentId: id,
      customerNumber: `${mark}-1`,
      source: 'file',
      orderNumber: `${mark}-ORD-2`,
      amount: '90000',
      currency,
      checkpoint: 'entered',
    })
  })
  if (order.kind !== 'checked' || mail.kind !== 'queued' || security.kind !== 'ok')
    throw new Error(`${order.kind}, ${mail.kind}, ${security.kind}`)
  return {
    holdId: order.answer.holdId!,
    alertId: alert.id,
    alertDecisionId: alert.decisionId,
    mailId: mail.id,
    securityId: security.value.id,
  }
}

function shipped(kind: string): Policy {
  return JSON.parse(readFileSync(new URL(`../../../rules/${kind}/standard/policy.json`, import.meta.url), 'utf8')) as Policy
}

// Figures and words that are nobody's in particular.
const IMPERSONAL: ReadonlySet<string> = new Set([
  'calendars',
  'people',
  'substitutions',
  'taskCounts',
  'segments',
  'counters',
  'portfolio',
  'ageing',
  'industries',
  'factDefinitions',
  'policies',
  'policy',
  'auditChain',
  'webhookEvents',
  'exchangeRate',
  'exchangeRates',
  'alertCounts',
  'appetite',
  'change',
  'changes',
  'checkPolicyDocument',
  'holdReasons',
  'invitedPerson',
  'library',
  'libraryEffect',
  'libraryItem',
  'mailPreview',
  'mailTemplates',
  'myChangeCount',
  'policyAsOf',
  'policyDiff',
  'policyDraft',
  'policyImpact',
  'policyTemplates',
  'receivedMails',
  'replayDecision',
  'savedViews',
])

const ARGS: Readonly<Record<string, string>> = {
  change: '(id: "1")',
  checkPolicyDocument: '(document: {})',
  invitedPerson: '(token: "x")',
  libraryEffect: '(kind: LIST, name: "countries", content: [])',
  libraryItem: '(kind: LIST, name: "countries")',
  mailPreview: '(input: { key: "task.assigned", language: "en", subject: "{{subject}}", body: "{{name}}" })',
  policy: '(id: "assessment/trade-credit")',
  policyAsOf: '(policyId: "assessment/trade-credit", at: "2026-03-02T09:00:00Z")',
  policyDiff: '(policyId: "assessment/trade-credit", from: 1, to: 1)',
  policyDraft: '(id: "1")',
  policyImpact: '(id: "1")',
  savedViews: '(list: CUSTOMERS)',
  exchangeRate: '(from: "EUR", to: "CNY")',
  auditEntries: '(first: 100)',
  tasks: '(view: TEAM, first: 2)',
}

// Wide ones are asked less deep, or the question is too large.
const DEPTHS: Readonly<Record<string, number>> = { application: 3, library: 1, libraryItem: 2, policies: 1, policy: 2 }

interface FieldScopes {
  readonly public?: boolean
  readonly signedIn?: boolean
  readonly can?: Scope
}

type AnyField = GraphQLField<unknown, unknown>

function scopesOf(field: AnyField): FieldScopes {
  return (field.extensions['pothosOptions'] as { authScopes: FieldScopes }).authScopes
}

/** The required arguments with values that are well formed and mean nothing. */
function sampleArgs(field: AnyField): string {
  const args = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined)
  return args.length === 0 ? '' : `(${args.map(({ name, type }) => `${name}: ${sampleValue(type)}`).join(', ')})`
}

function sampleValue(type: GraphQLInputType): string {
  if (isNonNullType(type)) return sampleValue(type.ofType)
  if (isListType(type)) return '[]'
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(field => isNonNullType(field.type) && field.defaultValue === undefined)
    return `{ ${required.map(field => `${field.name}: ${sampleValue(field.type)}`).join(', ')} }`
  }
  const samples: Readonly<Record<string, string>> = {
    ID: '"1"',
    Int: '1',
    Float: '1',
    Boolean: 'true',
    Decimal: '"1.00"',
    Date: '"2026-01-01"',
    DateTime: '"2026-01-01T00:00:00Z"',
    JSON: '{}',
  }
  return samples[type.name] ?? '"sample text"'
}

function smallSelection(field: AnyField): string {
  const type = getNamedType(field.type)
  if (isUnionType(type)) return ' { __typename ... on Error { code } }'
  return isObjectType(type) ? ' { __typename }' : ''
}

function deepArgs(field: AnyField, id: string | undefined, mark: string): string {
  if (id !== undefined) return `(id: "${id}")`
  if (field.name === 'search') return `(query: "${mark}")`
  return ARGS[field.name] ?? pageArgs(field)
}

function pageArgs(field: AnyField): string {
  return field.args.some(({ name }) => name === 'first') ? '(first: 2)' : ''
}

/** Everything that can be asked without further arguments, so deep; each type once on the way down. */
function deepSelection(field: AnyField, depth: number, above: readonly GraphQLNamedType[] = []): string {
  const type = getNamedType(field.type)
  if (isUnionType(type))
    return ` { __typename ${type
      .getTypes()
      .map(member => `... on ${member.name} { ${'id' in member.getFields() ? 'id' : '__typename'} }`)
      .join(' ')} }`
  if (!isObjectType(type)) return ''
  const inner = Object.values(type.getFields())
    .filter(child => child.args.every(({ type: argument }) => !isNonNullType(argument)))
    .filter(child => !isObjectType(getNamedType(child.type)) || (depth > 0 && !above.includes(getNamedType(child.type))))
    .map(child => `${child.name}${pageArgs(child)}${deepSelection(child, depth - 1, [...above, type])}`)
  return inner.length === 0 ? ' { __typename }' : ` { ${inner.join(' ')} }`
}
