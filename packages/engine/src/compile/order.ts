import type { BoundStep } from '../steps.ts'
import type { Step, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'

export interface OrderedStep {
  readonly step: Step
  readonly bound: BoundStep
  readonly path: string
}

/** Puts steps in the order of their dependencies; those that don't depend on each other stay as written. */
export function orderSteps(
  steps: readonly OrderedStep[],
  report: (code: string, path: string, message: Text) => void,
): readonly OrderedStep[] {
  const writers = new Map<string, OrderedStep[]>()
  for (const step of steps) {
    for (const name of new Set(step.bound.writes)) writers.set(name, [...(writers.get(name) ?? []), step])
  }
  const dependencies = new Map(steps.map(step => [step, new Set(step.bound.reads.flatMap(name => writers.get(name) ?? []))]))
  const ordered: OrderedStep[] = []
  const done = new Set<OrderedStep>()
  while (ordered.length < steps.length) {
    const next = steps.find(step => !done.has(step) && [...dependencies.get(step)!].every(dependency => done.has(dependency)))
    if (!next) {
      reportCycle(
        steps.filter(step => !done.has(step)),
        dependencies,
        writers,
        report,
      )
      return steps
    }
    done.add(next)
    ordered.push(next)
  }
  return ordered
}

function reportCycle(
  rest: readonly OrderedStep[],
  dependencies: ReadonlyMap<OrderedStep, ReadonlySet<OrderedStep>>,
  writers: ReadonlyMap<string, readonly OrderedStep[]>,
  report: (code: string, path: string, message: Text) => void,
): void {
  // Following dependencies from any step that is left must come back to a step already seen.
  const seen: OrderedStep[] = []
  let step = rest[0]!
  while (!seen.includes(step)) {
    seen.push(step)
    step = [...dependencies.get(step)!].find(dependency => rest.includes(dependency))!
  }
  const cycle = [...seen.slice(seen.indexOf(step)), step]
  const names = cycle.map(member => member.step.id).join(' → ')
  const shared = cycle[0]!.bound.reads.find(name => writers.get(name)?.includes(cycle[1]!)) ?? ''
  report('STEP_CYCLE', cycle[0]!.path, {
    en: `Steps wait for each other: ${names} (by way of "${shared}"). A step can't read what it writes, nor what depends on it.`,
    zh: `步骤互相等待：${names}（经由“${shared}”）。步骤不能读取自己写入的或依赖于自己的输出。`,
  })
}

/** Two steps that write one output must say how their values become one. */
export function checkWrites(
  steps: readonly OrderedStep[],
  combines: (output: string) => boolean,
  report: (code: string, path: string, message: Text) => void,
): void {
  const writer = new Map<string, OrderedStep>()
  for (const step of steps) {
    for (const name of new Set(step.bound.writes)) {
      const other = writer.get(name)
      if (!other) writer.set(name, step)
      else if (!combines(name)) {
        report('DOUBLE_WRITE', step.path, {
          en: `Output "${name}" is already written by step "${other.step.id}"; say in ${pointer('/outputs', name)}/combine how the two become one.`,
          zh: `输出“${name}”已由步骤“${other.step.id}”写入；请在 ${pointer('/outputs', name)}/combine 中说明如何合并。`,
        })
      }
    }
  }
}
