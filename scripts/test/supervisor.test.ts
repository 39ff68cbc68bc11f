import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Component, createSupervisor, type Supervisor } from '../house/supervisor.ts'
import { isAlive, launch } from '../services/process.ts'

let folder: string
let notes: string[]
let gaveUp: string | undefined
let supervisor: Supervisor

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'surety-supervisor-'))
  notes = []
  gaveUp = undefined
  supervisor = createSupervisor({ note: line => notes.push(line), giveUp: explanation => (gaveUp = explanation) })
})

afterEach(async () => {
  await supervisor.stop()
  rmSync(folder, { recursive: true })
})

function component(name: string, script: string, pids: number[] = []): Component {
  return {
    name,
    stopSignal: 'SIGTERM',
    hurriedSignal: 'SIGKILL',
    graceMs: 2000,
    start() {
      const started = launch({ name, command: 'sh', args: ['-c', script], logFile: join(folder, `${name}.log`) })
      pids.push(started.pid)
      return Promise.resolve(started)
    },
  }
}

test('starts a part again after it was killed', async () => {
  const pids: number[] = []
  await supervisor.start(component('api', 'exec sleep 60', pids))
  process.kill(pids[0]!, 'SIGKILL')
  await expect.poll(() => pids.length, { timeout: 5000 }).toBe(2)
  expect(isAlive(pids[1]!)).toBe(true)
  expect(notes[0]).toContain('api ended by SIGKILL')
})

test('gives up on a part that keeps dying, with its last words', { timeout: 20_000 }, async () => {
  await supervisor.start(component('worker', 'echo the port is gone; exit 3'))
  await expect.poll(() => gaveUp, { timeout: 15_000 }).toBeDefined()
  expect(gaveUp).toContain('worker died 6 times within a minute, the last time with code 3')
  expect(gaveUp).toContain('the port is gone')
})

test('stops the last started first, and nothing comes back afterwards', async () => {
  const pids: number[] = []
  const log = join(folder, 'order')
  await supervisor.start(component('first', `trap 'echo first >> ${log}; exit 0' TERM; while :; do sleep 0.05; done`, pids))
  await supervisor.start(component('second', `trap 'echo second >> ${log}; exit 0' TERM; while :; do sleep 0.05; done`, pids))
  await sleep(200)
  await supervisor.stop()
  expect(readFileSync(log, 'utf8')).toBe('second\nfirst\n')
  expect(pids.some(isAlive)).toBe(false)
  expect(notes).toEqual([])
})

test('starts nothing once it is stopping', async () => {
  await supervisor.stop()
  await expect(supervisor.start(component('late', 'sleep 60'))).rejects.toThrow('not started any more')
})
