import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import {
  deliverDue,
  enqueue,
  findBlob,
  listenChanges,
  listenOutbox,
  once,
  outboxBacklog,
  publishChange,
  putBlob,
  readBlob,
  receiveOnce,
  type Change,
} from '../src/index.ts'
import { useWorld } from './support.ts'

const world = useWorld()
const message = (key: string) =>
  ({ topic: 'workflow', key, payload: { kind: 'applicationChanged', applicationId: key, segmentId: 1 } }) as const

describe('the outbox', () => {
  it('delivers a message of one key once, whatever many deliverers do at once', async () => {
    await world.asSystem(async tx => {
      for (let number = 0; number < 50; number++) await enqueue(tx, message(`many-${number % 40}`))
    })
    const seen: string[] = []
    const results = await Promise.all(
      Array.from({ length: 8 }, () => deliverDue(world.sql, 'workflow', async ({ key }) => void seen.push(key), { batch: 10 })),
    )
    expect(seen.toSorted()).toEqual(Array.from({ length: 40 }, (_, number) => `many-${number}`).toSorted())
    expect(results.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(40)
    expect(await outboxBacklog(world.sql)).toEqual({ waiting: 0, oldest: null })
  })

  it('sends nothing when the transaction fails', async () => {
    await expect(
      world.asSystem(async tx => {
        await enqueue(tx, message('lost'))
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await deliverDue(world.sql, 'workflow', async () => {})).toEqual({ delivered: 0, failed: 0 })
  })

  it('puts a message off that could not be delivered, longer each time, and keeps the others going', async () => {
    await world.asSystem(async tx => {
      await enqueue(tx, message('stubborn'))
      await enqueue(tx, message('easy'))
    })
    const deliver = async ({ key }: { key: string }): Promise<void> => {
      if (key === 'stubborn') throw new Error('Temporal is down')
    }
    expect(await deliverDue(world.sql, 'workflow', deliver)).toEqual({ delivered: 1, failed: 1 })
    expect(await deliverDue(world.sql, 'workflow', deliver)).toEqual({ delivered: 0, failed: 0 })
    const [row] = await world.asSystem(tx => tx`select attempts, last_error, next_attempt_at from outbox where key = 'stubborn'`)
    expect(row).toEqual({ attempts: 1, last_error: 'Temporal is down', next_attempt_at: new Date(world.now.getTime() + 500) })
    world.now = new Date(world.now.getTime() + 500)
    expect(await deliverDue(world.sql, 'workflow', deliver)).toEqual({ delivered: 0, failed: 1 })
    world.now = new Date(world.now.getTime() + 1000)
    expect(await deliverDue(world.sql, 'workflow', async () => {})).toEqual({ delivered: 1, failed: 0 })
  })

  it('wakes who listens when a transaction with a message commits', async () => {
    let woken = 0
    const listening = await listenOutbox(world.sql, () => void (woken += 1))
    const before = woken
    await world.asSystem(tx => enqueue(tx, message('wake')))
    await vi.waitFor(() => expect(woken).toBeGreaterThan(before))
    await listening.stop()
    await deliverDue(world.sql, 'workflow', async () => {})
  })
})

describe('the inbox', () => {
  const request = { source: 'api:1', key: 'a', segmentId: 0, body: '{"n":1}' }

  it('runs a request once and gives the same answer again', async () => {
    let runs = 0
    const receive = (body = request.body) =>
      world.asSystem(tx => receiveOnce(tx, { ...request, segmentId: world.industrial.id, body }, async () => ({ run: (runs += 1) })))
    const answers = await Promise.all(Array.from({ length: 10 }, () => receive()))
    expect(runs).toBe(1)
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['first', ...Array.from({ length: 9 }, () => 'repeated')])
    expect(answers.every(answer => answer.kind !== 'mismatch' && answer.response.run === 1)).toBe(true)
    expect(await receive('{"n":2}')).toEqual({ kind: 'mismatch' })
  })
})

describe('effects', () => {
  it('happen once under a key, and again only when the first try failed', async () => {
    let runs = 0
    const act = (fail: boolean) =>
      world.asSystem(tx =>
        once(tx, 'workflow/1', async () => {
          runs += 1
          if (fail) throw new Error('crashed')
          return { run: runs }
        }),
      )
    await expect(act(true)).rejects.toThrow('crashed')
    expect(await Promise.all(Array.from({ length: 10 }, () => act(false)))).toEqual(Array.from({ length: 10 }, () => ({ run: 2 })))
  })
})

describe('live changes', () => {
  it('reach listeners after the commit and never before', async () => {
    const heard: Change[] = []
    const listening = await listenChanges(world.sql, change => heard.push(change))
    await world.asSystem(async tx => {
      await publishChange(tx, { entity: 'Task', id: '1', customerId: '2', segmentId: 1 })
      await sleep(50)
      expect(heard).toEqual([])
    })
    await vi.waitFor(() => expect(heard).toEqual([{ entity: 'Task', id: '1', customerId: '2', segmentId: 1, at: world.now.toISOString() }]))
    await listening.stop()
  })
})

describe('blobs', () => {
  async function* stream(...parts: (string | Buffer)[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield Buffer.from(part)
  }
  const read = (sha256: string) =>
    world.asSystem(async tx => {
      const parts: Uint8Array[] = []
      for await (const part of readBlob(tx, sha256)) parts.push(part)
      return Buffer.concat(parts)
    })

  it('come back as they went in, in pieces of a mebibyte', async () => {
    const content = Buffer.alloc(3_500_000, 'surety')
    const blob = await world.asSystem(tx =>
      putBlob(tx, stream(content.subarray(0, 10), content.subarray(10, 2_000_000), content.subarray(2_000_000))),
    )
    expect(blob.size).toBe(3_500_000)
    expect((await read(blob.sha256)).equals(content)).toBe(true)
    const rows = await world.asSystem(
      tx => tx`select length(content) as size from blob_chunks where sha256 = decode(${blob.sha256}, 'hex') order by number`,
    )
    expect(rows.map(({ size }) => size)).toEqual([1_048_576, 1_048_576, 1_048_576, 354_272])
  })

  it('are stored once, the empty one too', async () => {
    const first = await world.asSystem(tx => putBlob(tx, stream('same')))
    expect(await world.asSystem(tx => putBlob(tx, stream('sa', 'me')))).toEqual(first)
    const empty = await world.asSystem(tx => putBlob(tx, stream()))
    expect(await world.asSystem(tx => findBlob(tx, empty.sha256))).toEqual({ sha256: empty.sha256, size: 0 })
    expect(await read(empty.sha256)).toHaveLength(0)
  })

  it('are refused when too large, and damage is noticed', async () => {
    await expect(world.asSystem(tx => putBlob(tx, stream('12345'), { maxBytes: 4 }))).rejects.toMatchObject({ code: 'BLOB_TOO_LARGE' })
    const { sha256 } = await world.asSystem(tx => putBlob(tx, stream('precious')))
    await world.asSystem(tx => tx`update blob_chunks set content = 'gone' where sha256 = decode(${sha256}, 'hex')`)
    await expect(read(sha256)).rejects.toMatchObject({ code: 'BLOB_DAMAGED' })
  })
})
