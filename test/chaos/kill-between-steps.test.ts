import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleWorkflows } from '../../packages/workflows/src/create-worker.ts'
import { temporalAddress } from '../support/temporal.ts'
import { createReviewWorld, type Effects } from '../support/review-world.ts'
import { createNamespace } from './namespace.ts'

const LANES = 4
/** Every boundary, which takes minutes: SURETY_TRIALS=long. Otherwise the worst moments and the first of each other kind. */
const IS_LONG = process.env['SURETY_TRIALS'] === 'long'
/** After so long Temporal gives up what a dead worker had begun. */
const START_TO_CLOSE_MS = 10_000
/** How much later the next worker may go on, once it is up. */
const PROGRESS_WITHIN_MS = 5_000

let folder: string
let bundlePath: string
const alive = new Set<ChildProcess>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'surety-chaos-'))
  bundlePath = join(folder, 'workflows.cjs')
  writeFileSync(bundlePath, (await bundleWorkflows()).code)
})
afterAll(() => {
  for (const child of alive) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('a worker killed before or after any step of an application changes nothing in the outcome, and the next goes on in time', async () => {
  const calm = await review()
  expect(calm.effects).toMatchObject({ status: 'approved', limits: 1, limitInForce: '600000', decisions: 3, tasks: 2, votes: 2 })

  const boundaries = calm.steps.flatMap(step => (IS_LONG || step.endsWith(' 1') ? [`${step} before`, `${step} after`] : [`${step} after`]))
  const results = new Map<string, Reviewed>()
  const queue = [...boundaries]
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (let boundary = queue.shift(); boundary !== undefined; boundary = queue.shift()) results.set(boundary, await review(boundary))
    }),
  )

  const wrong = boundaries.filter(boundary => JSON.stringify(results.get(boundary)!.effects) !== JSON.stringify(calm.effects))
  const killed = boundaries.filter(boundary => results.get(boundary)!.wasKilled)
  const delays = boundaries.map(boundary => results.get(boundary)!.delayMs).filter(delay => delay !== undefined)
  console.log(
    `kill between steps: ${calm.steps.length} steps, ${boundaries.length} boundaries, ${killed.length} workers killed, ${wrong.length} outcomes changed; ` +
      `the next worker went on at most ${Math.max(...delays)} ms late`,
  )
  expect(wrong.map(boundary => ({ boundary, ...results.get(boundary)!.effects }))).toEqual([])
  expect(killed).toEqual(boundaries)
  expect(delays.length).toBeGreaterThan(0)
  expect(Math.max(...delays)).toBeLessThan(PROGRESS_WITHIN_MS)
})

interface Reviewed {
  readonly effects: Effects
  readonly steps: readonly string[]
  readonly wasKilled: boolean
  /** How much later the next worker took a step than it could have; nothing if none was left to take. */
  readonly delayMs: number | undefined
}

/** Takes one application through, in a book and a namespace of its own; its worker dies at the boundary and another takes over. */
async function review(crashAt?: string): Promise<Reviewed> {
  const world = await createReviewWorld()
  const namespace = await createNamespace()
  const steps: string[] = []
  let killedAt: number | undefined
  let readyAt: number | undefined
  let delayMs: number | undefined
  let isOver = false
  let worker: Worker
  const keepAlive = async (crash?: string): Promise<void> => {
    worker = startWorker({
      appUrl: world.appUrl,
      namespace,
      crash,
      onReady() {
        if (killedAt !== undefined) readyAt ??= Date.now()
      },
      onStep(step) {
        steps.push(step)
        if (killedAt !== undefined) delayMs ??= Math.max(0, Date.now() - Math.max(killedAt + START_TO_CLOSE_MS, readyAt ?? Date.now()))
      },
    })
    await worker.exited
    if (isOver) return
    killedAt = Date.now()
    await keepAlive()
  }
  const kept = keepAlive(crashAt)
  try {
    const { id } = await world.submit()
    for (const level of [1, 2]) {
      // The vote comes when the workflow has looked and sleeps, so that each run takes the same steps.
      await untilTrue(() => steps.filter(step => step.startsWith('takeApplicationOn')).length >= level, 60_000)
      await world.approve(id, level)
    }
    for (let attempt = 0; (await world.read(id)).status !== 'approved'; attempt += 1) {
      if (attempt > 900)
        throw new Error(`Application not approved within 90 s after a kill at ${crashAt}: ${JSON.stringify(await world.effectsOf(id))}`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    // A crash after the last step comes a moment after the outcome is in the book, and so does what a late retry might double.
    if (crashAt?.endsWith('after')) await untilTrue(() => killedAt !== undefined, 5_000)
    await new Promise(resolve => setTimeout(resolve, 500))
    return { effects: await world.effectsOf(id), steps, wasKilled: killedAt !== undefined, delayMs }
  } finally {
    isOver = true
    worker!.process.kill('SIGKILL')
    await kept
    await world.close()
  }
}

interface Worker {
  readonly process: ChildProcess
  readonly exited: Promise<void>
}

function startWorker(options: {
  appUrl: string
  namespace: string
  crash?: string | undefined
  onReady: () => void
  onStep: (step: string) => void
}): Worker {
  const child = spawn(process.execPath, [fileURLToPath(new URL('crashing-worker.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      SURETY_DATABASE_URL: options.appUrl,
      TEMPORAL_ADDRESS: temporalAddress(),
      TEMPORAL_NAMESPACE: options.namespace,
      WORKFLOW_BUNDLE: JSON.stringify({ codePath: bundlePath }),
      CRASH_AT: options.crash ?? '',
    },
  })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  createInterface({ input: child.stdout }).on('line', line => {
    if (line === 'ready') options.onReady()
    if (line.startsWith('step ')) options.onStep(line.slice('step '.length))
  })
  return { process: child, exited: new Promise(resolve => child.once('exit', () => resolve())) }
}

async function untilTrue(holds: () => boolean, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs
  while (!holds() && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 50))
}
