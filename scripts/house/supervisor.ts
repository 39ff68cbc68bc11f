import { setTimeout as sleep } from 'node:timers/promises'
import type { ExitReport, ManagedProcess } from '../services/process.ts'

/** A part of the house that has to be up as long as the house is. */
export interface Component {
  readonly name: string
  /** Starts it, or starts it again after it died. */
  start(): Promise<ManagedProcess>
  readonly stopSignal: NodeJS.Signals
  readonly hurriedSignal: NodeJS.Signals
  readonly graceMs: number
}

export interface Supervisor {
  start(component: Component): Promise<void>
  /** Starts a part anew, because what it was told at its start no longer holds. */
  restart(name: string): Promise<void>
  /** Stops everything, the last started first. */
  stop(): Promise<void>
  hurry(): void
}

export interface SupervisorOptions {
  readonly note: (line: string) => void
  /** Called once, when a part keeps dying; the text says which, why, and its last words. */
  readonly giveUp: (explanation: string) => void
}

const MOST_DEATHS = 5
const WITHIN_MS = 60_000

/** Keeps parts running: one that dies is started again, ever later, until it has died too often. */
export function createSupervisor({ note, giveUp }: SupervisorOptions): Supervisor {
  const kept: Kept[] = []
  const arriving = new Set<Promise<ManagedProcess>>()
  let isStopping = false

  async function launchOf(component: Component): Promise<ManagedProcess> {
    if (isStopping) throw new Error(`${component.name} is not started any more: the house is being stopped.`)
    const arrival = component.start()
    arriving.add(arrival)
    try {
      return await arrival
    } finally {
      arriving.delete(arrival)
    }
  }

  async function watch(entry: Kept): Promise<void> {
    const watched = entry.process
    const report = await watched.exited
    if (isStopping || entry.process !== watched || entry.isRestarting) return
    await revive(entry, describe(report), watched.lastLines(15))
  }

  async function revive(entry: Kept, reason: string, lastWords: string): Promise<void> {
    const { name } = entry.component
    const now = Date.now()
    entry.deaths = [...entry.deaths.filter(at => now - at < WITHIN_MS), now]
    if (entry.deaths.length > MOST_DEATHS) {
      giveUp(`${name} died ${entry.deaths.length} times within a minute, the last time ${reason}. Its last words:\n${indent(lastWords)}`)
      return
    }
    const waitMs = 250 * 2 ** (entry.deaths.length - 1)
    note(`! ${name} ended ${reason}; it starts again in ${waitMs / 1000} s (${entry.deaths.length} of ${MOST_DEATHS} within a minute)`)
    await sleep(waitMs)
    if (isStopping) return
    try {
      entry.process = await launchOf(entry.component)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (!isStopping) await revive(entry, 'while starting', message)
      return
    }
    if (isStopping) return
    note(`✓ ${name} is back`)
    void watch(entry)
  }

  return {
    async start(component) {
      const entry: Kept = { component, process: await launchOf(component), deaths: [], isRestarting: false }
      kept.push(entry)
      if (!isStopping) void watch(entry)
    },
    async restart(name) {
      const entry = kept.find(({ component }) => component.name === name)
      if (!entry || isStopping) return
      entry.isRestarting = true
      await stopOne(entry)
      entry.process = await launchOf(entry.component)
      entry.isRestarting = false
      void watch(entry)
    },
    async stop() {
      isStopping = true
      // What is half-way up is let in first, or nobody would ever stop it.
      await Promise.allSettled([...arriving])
      await sleep(0)
      for (const entry of kept.toReversed()) await stopOne(entry)
    },
    hurry() {
      for (const { process: running, component } of kept) void running.stop(component.hurriedSignal, 3000)
    },
  }
}

interface Kept {
  readonly component: Component
  process: ManagedProcess
  deaths: readonly number[]
  isRestarting: boolean
}

function stopOne({ component, process: running }: Kept): Promise<void> {
  return running.stop(component.stopSignal, component.graceMs)
}

function describe({ code, signal }: ExitReport): string {
  return signal ? `by ${signal}` : `with code ${code}`
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n')
}
