import { asActor, connect, createSegment, createUser, SYSTEM, type User } from '@surety/store'
import { quantile, round } from './book/figures.ts'
import { openHouse, type House } from './book/house.ts'
import { growTo } from './book/scale.ts'
import type { BenchOptions, Measurement } from './measurement.ts'

const GOALS_MS = { 'task-list': 50, decide: 150, live: 1000 } as const
const CUSTOMERS = 5000
const PASSWORD = 'correct horse battery staple'

/** What approvers feel: the first page of a hundred thousand open tasks with three filters, a decision, and how soon a colleague's browser knows of it. All at the API's door. */
export async function run({ quick = false, log }: BenchOptions): Promise<readonly Measurement[]> {
  const [tasks, times] = quick ? [5_000, 20] : [100_000, 200]
  const house = await openHouse()
  try {
    const { cookie } = await populate(house, tasks)
    log(`${tasks} open tasks`)
    await askTimes(house, cookie, 10)
    const lists = await askTimes(house, cookie, times)
    const watcher = await watch(house, cookie)
    const { decisions, seen } = await decideTimes(house, cookie, watcher, times)
    watcher.close()
    return Object.entries({ 'task-list': lists, decide: decisions, live: seen }).map(([name, ms]) =>
      measured(name as keyof typeof GOALS_MS, ms, log),
    )
  } finally {
    await house.close()
  }
}

function measured(name: keyof typeof GOALS_MS, timesMs: number[], log: (line: string) => void): Measurement {
  timesMs.sort((left, right) => left - right)
  const p95 = quantile(timesMs, 0.95)
  log(`${name}: p50 ${round(quantile(timesMs, 0.5))} ms, p95 ${round(p95)} ms of ${timesMs.length}`)
  return { name: `${name}-p95`, ours: round(p95), peer: GOALS_MS[name], unit: 'ms (goal)', ratio: round(GOALS_MS[name] / p95) }
}

async function populate(house: House, tasks: number): Promise<{ cookie: string }> {
  const { segmentId, maker } = await asActor(house.sql, SYSTEM, async tx => {
    const segment = await createSegment(tx, { code: 'bench', name: { en: 'Bench', zh: '基准' }, currency: 'CNY' })
    const person = (login: string, role: 'sales' | 'approver', authorityLevel: number | null): Promise<User> =>
      createUser(tx, { name: login, login, password: PASSWORD, grants: [{ role, segmentId: segment.id, authorityLevel }] })
    await person('approver', 'approver', 2)
    return { segmentId: segment.id, maker: await person('maker', 'sales', null) }
  })
  await growTo(house, segmentId, CUSTOMERS)
  const sql = connect(house.ownerUrl, { max: 1 })
  try {
    await sql.begin(async tx => {
      await tx`select set_config('surety.segments', '*', true)`
      await tx`
        insert into approvals (segment_id, kind, subject_id, customer_id, title, amount, currency, grade, maker_person_id, maker_user_id, chain, reason, started_at)
        select ${segmentId}, (array['limit_change', 'temporary_limit', 'write_off'])[1 + n % 3], n::text, c.id, '{"en": "x", "zh": "x"}', 1000 + (n * 7919) % 5000000, 'CNY', (array['A', 'B', 'C', 'D'])[1 + n % 4],
          ${maker.personId}, ${maker.id}, '[{"authorityLevel": 1, "mode": "any", "needed": 1, "rejections": 1, "deadlineHours": 16}]', '{"en": "amount", "zh": "金额"}', now()
        from generate_series(1, ${tasks}::int) n join customers c on c.number = 'C' || (1 + n % ${CUSTOMERS}::int)`
      await tx`
        insert into tasks (segment_id, kind, approval_id, customer_id, maker_person_id, round, level, level_count, authority_level, amount, currency, grade, reason, created_at, due_at)
        select segment_id, kind, id, customer_id, maker_person_id, 1, 1, 1, 1 + (id % 2)::int, amount, currency, grade, reason, now(), now() + (id % 4000 - 400) * interval '1 minute' from approvals`
    })
    await sql`vacuum analyze tasks`
    await sql`analyze`
  } finally {
    await sql.end()
  }
  const answer = await fetch(`http://127.0.0.1:${house.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }',
      variables: { input: { login: 'approver', password: PASSWORD } },
    }),
  })
  return {
    cookie: answer.headers
      .getSetCookie()
      .map(header => header.split(';')[0])
      .join('; '),
  }
}

async function ask<T>({ port }: House, cookie: string, query: string, variables: object = {}): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data: T; errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

interface Listed {
  readonly tasks: {
    readonly totalCount: number
    readonly edges: readonly { readonly node: { readonly id: string; readonly version: number } }[]
  }
}

async function askTimes(house: House, cookie: string, times: number): Promise<number[]> {
  const taken: number[] = []
  for (let time = 0; time < times; time += 1) {
    const filter = {
      kinds: ['LIMIT_CHANGE', 'WRITE_OFF'],
      grades: [['A', 'B', 'C', 'D'][time % 4]],
      amountFrom: String(1000 * (1 + (time % 50))),
    }
    const started = performance.now()
    const { tasks } = await ask<Listed>(house, cookie, LIST, { filter })
    taken.push(performance.now() - started)
    if (tasks.edges.length === 0) throw new Error('An empty page measures nothing.')
  }
  return taken
}

interface Watcher {
  /** When the change of a task was seen. */
  seen(taskId: string): Promise<number>
  close(): void
}

/** Another browser, with the list open. */
async function watch({ port }: House, cookie: string): Promise<Watcher> {
  const closing = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', cookie },
    body: JSON.stringify({ query: 'subscription { changes { entity id } }' }),
    signal: closing.signal,
  })
  const waiting = new Map<string, (at: number) => void>()
  void (async () => {
    let said = ''
    const decoder = new TextDecoder()
    for await (const piece of answer.body!) {
      said += decoder.decode(piece as Uint8Array, { stream: true })
      for (let end = said.indexOf('\n\n'); end >= 0; end = said.indexOf('\n\n')) {
        const event = /"entity":"Task","id":"(\d+)"/.exec(said.slice(0, end))
        said = said.slice(end + 2)
        if (event) waiting.get(event[1]!)?.(performance.now())
      }
    }
  })().catch(() => {})
  return {
    seen: taskId => new Promise(resolve => waiting.set(taskId, resolve)),
    close: () => closing.abort(),
  }
}

async function decideTimes(
  house: House,
  cookie: string,
  watcher: Watcher,
  times: number,
): Promise<{ decisions: number[]; seen: number[] }> {
  const { tasks } = await ask<Listed>(house, cookie, `{ tasks(view: MINE, first: ${times}) { totalCount edges { node { id version } } } }`)
  const decisions: number[] = []
  const seen: number[] = []
  for (const { node } of tasks.edges) {
    const noticed = watcher.seen(node.id)
    const started = performance.now()
    const { decideTask } = await ask<{ decideTask: { __typename: string } }>(house, cookie, DECIDE, {
      input: { ...node, outcome: 'APPROVE' },
    })
    decisions.push(performance.now() - started)
    if (decideTask.__typename !== 'MutationTaskSuccess') throw new Error(`It was refused: ${decideTask.__typename}`)
    seen.push((await noticed) - started)
  }
  return { decisions, seen }
}

const LIST = `query ($filter: TaskFilter) { tasks(view: MINE, filter: $filter, first: 50) { totalCount pageInfo { hasNextPage endCursor }
  edges { node { id version kind amount { amount currency } grade dueAt priority status canDecide reason { en zh } customer { id name } maker { name } } } } }`
const DECIDE = 'mutation ($input: DecideTaskInput!) { decideTask(input: $input) { __typename } }'
