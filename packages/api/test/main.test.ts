import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'

describe('the program', () => {
  let database: TestDatabase
  const running: ChildProcess[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    await database.drop()
  })

  interface Program {
    readonly url: string
    readonly child: ChildProcess
    readonly output: () => string
  }

  async function start(environment: Record<string, string>): Promise<Program> {
    const port = await freePort()
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
      env: {
        PATH: process.env['PATH'],
        SURETY_DATABASE_URL: database.appUrl,
        SURETY_PORT: String(port),
        SURETY_HOST: '127.0.0.1',
        ...environment,
      },
    })
    running.push(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    return { url: `http://127.0.0.1:${port}`, child, output: () => output }
  }

  async function answers(url: string): Promise<Response> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const response = await fetch(url).catch(() => undefined)
      if (response) return response
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    throw new Error(`${url} does not answer`)
  }

  it('serves while Temporal is down, says so, and stops when told', async () => {
    const { url, child, output } = await start({ TEMPORAL_ADDRESS: '127.0.0.1:1' })
    expect((await answers(`${url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${url}/readyz`)
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 503,
      body: { ready: false, postgres: true, temporal: false, worker: false, migrations: true },
    })
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect(output()).toContain('"msg":"stopped"')
    expect(output()).not.toContain(new URL(database.appUrl).password)
  })

  it('sees Temporal, and that nobody works for it', async () => {
    const { url, child } = await start({ TEMPORAL_ADDRESS: process.env['SURETY_TEST_TEMPORAL']! })
    await answers(`${url}/healthz`)
    // The first look may come before the connection stands.
    await expect
      .poll(async () => (await fetch(`${url}/readyz`)).json(), { timeout: 20_000, interval: 500 })
      .toEqual({ ready: false, postgres: true, temporal: true, worker: false, migrations: true })
    child.kill('SIGINT')
    expect((await once(child, 'exit'))[0]).toBe(0)
  })

  it('serves even before the database can be reached', async () => {
    const { url, child } = await start({
      SURETY_DATABASE_URL: 'postgres://surety_app:x@127.0.0.1:1/surety',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    })
    expect((await answers(`${url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: false, postgres: false })
    child.kill('SIGTERM')
    expect((await once(child, 'exit'))[0]).toBe(0)
  })

  it('ends at once with a word about each variable that is wrong', async () => {
    const { child, output } = await start({ SURETY_DATABASE_URL: 'nonsense', SURETY_PORT: 'http', SURETY_DEMO: 'yes' })
    expect((await once(child, 'exit'))[0]).toBe(2)
    for (const variable of ['SURETY_DATABASE_URL', 'SURETY_PORT', 'SURETY_DEMO']) expect(output()).toContain(variable)
    expect(output()).not.toContain('node_modules')
  })

  it('says which port it can not have', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { child, output } = await start({ SURETY_PORT: String(port), TEMPORAL_ADDRESS: '127.0.0.1:1' })
    expect((await once(child, 'exit'))[0]).toBe(3)
    expect(output()).toContain(`${port}`)
    taken.close()
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
