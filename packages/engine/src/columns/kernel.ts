import type { CompiledPolicy } from '../compile/policy.ts'
import { mayGenerate, generate } from '../compile/generate.ts'
import { compileStep } from '../compile/row-code.ts'
import type { Frame } from '../frame.ts'
import { daysOf } from '../operators/typing.ts'
import { OUTCOMES, type Step } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import type { Name } from '../scope.ts'
import { type Column, type ColumnResult, type ColumnSet, hasBit, setBit, words } from './column.ts'
import { ColumnCode } from './column-code.ts'

/** A policy bound to the columns of one data set. Kernels of one policy can run over parts of the same columns at once. */
export interface ColumnKernel {
  /** What the rows come to; the buffers of the result are filled by `run`. */
  readonly result: ColumnResult
  readonly isGenerated: boolean
  /** Decides rows `from` (a multiple of 32) up to `to`. */
  run(from?: number, to?: number): ColumnResult
}

export interface KernelOptions {
  readonly codegen?: boolean
  /** Where results live; `SharedArrayBuffer` lets threads fill one result. */
  readonly allocate?: (bytes: number) => ArrayBufferLike
}

/** Makes one fused loop of a policy and a data set. */
export function createKernel(policy: CompiledPolicy, set: ColumnSet, options: KernelOptions = {}): ColumnKernel {
  const allocate = options.allocate ?? ((bytes: number) => new ArrayBuffer(bytes))
  const bitmap = (): Uint32Array => new Uint32Array(allocate(words(set.rows) * 4))
  const outcomes = new Uint8Array(allocate(set.rows))
  const unknown = bitmap()
  const stores = policy.plan.scope.names.filter(name => name.role === 'output').map(name => createStore(name, set.rows, allocate))
  const outputs = Object.fromEntries(stores.map(store => [store.name, store.column]))
  const isGenerated = options.codegen ?? mayGenerate()
  const hitPaths: string[] = []
  const hits: Uint32Array[] = []
  const whenUnknown = policy.policy.whenUnknown ?? 'refer'
  const unknownSeverity = whenUnknown === 'ignore' ? 0 : OUTCOMES.indexOf(whenUnknown)
  const loop = (isGenerated ? generateLoop : closureLoop)({ policy, set, stores, unknownSeverity, hitPaths })
  for (const _ of hitPaths) hits.push(bitmap())
  const result: ColumnResult = {
    rows: set.rows,
    outcomes,
    unknown,
    outputs,
    hits: Object.fromEntries(hitPaths.map((path, index) => [path, hits[index]!])),
  }
  return {
    result,
    isGenerated,
    run(from = 0, to = set.rows) {
      if (from % 32 !== 0) throw new RangeError('Rows are decided in blocks: begin at a multiple of 32.')
      loop(from, Math.min(to, set.rows), hits, outcomes, unknown)
      return result
    },
  }
}

interface LoopParts {
  readonly policy: CompiledPolicy
  readonly set: ColumnSet
  readonly stores: readonly OutputStore[]
  readonly unknownSeverity: number
  /** Filled: the JSON pointers of what can be hit. */
  readonly hitPaths: string[]
}

type Loop = (from: number, to: number, hits: readonly Uint32Array[], outcomes: Uint8Array, unknown: Uint32Array) => void

function generateLoop({ policy, set, stores, unknownSeverity, hitPaths }: LoopParts): Loop {
  const { scope, steps, createFrame } = policy.plan
  const frame = createFrame()
  const code = new ColumnCode(scope, set, countHits(steps.map(({ step }) => step)))
  for (const { bound } of steps) code.step(bound, bound.emit ? () => undefined : compileStep(bound, scope, true))
  const used = stores.filter(store => steps.some(({ bound }) => bound.writes.includes(store.name)))
  // Outputs that nothing writes are the same in every row.
  for (const store of stores) if (!used.includes(store)) for (let row = 0; row < set.rows; row++) store.put(row, frame)
  const initial = createFrame()
  const reset = used
    .map(
      ({ slot, isNumeric }) =>
        `W[${slot}] = 0; N[${slot}] = ${code.constant(initial.numbers)}[${slot}];${isNumeric ? '' : ` V[${slot}] = ${code.constant(initial.values[slot])};`}`,
    )
    .join('\n')
  const store = used.map(output => output.inline?.(code.constant(output.buffer)) ?? `${code.constant(output.put)}(i, F);`).join('\n')
  const source = code.loop(reset, store, unknownSeverity)
  const run = generate<
    (
      from: number,
      to: number,
      frame: Frame,
      columns: unknown,
      masks: unknown,
      hits: unknown,
      outcomes: Uint8Array,
      unknown: Uint32Array,
    ) => void
  >(source, code.constants)
  hitPaths.push(...code.hitPaths)
  const { columns, masks } = buffersOf(scope.names, set)
  return (from, to, hits, outcomes, unknown) => {
    frame.reset()
    run(from, to, frame, columns, masks, hits, outcomes, unknown)
  }
}

/** The same without generated code: rows go through the frame, and the events of the rules tell the hits. */
function closureLoop({ policy, set, stores, unknownSeverity, hitPaths }: LoopParts): Loop {
  const { scope, steps, createFrame } = policy.plan
  const frame = createFrame()
  const compiled = steps.map(({ bound }) => compileStep(bound, scope, false))
  const places = new Map<string, number>()
  for (const { step, path } of steps) {
    if (step.kind !== 'rules') continue
    for (const [index, rule] of step.rules.entries()) places.set(`${step.id}\n${rule.id}`, hitPaths.push(pointer(path, 'rules', index)) - 1)
  }
  const loads = scope.names
    .filter(name => name.role === 'fact')
    .flatMap(name => (set.columns[name.name] ? [rowLoader(name, set.columns[name.name]!)] : []))
  return (from, to, hits, outcomes, unknown) => {
    for (let row = from; row < to; row++) {
      frame.reset()
      for (const load of loads) load(row, frame)
      for (const step of compiled) step(frame)
      for (const event of frame.events) {
        const place = places.get(`${event.step}\n${event.rule}`)
        if (place !== undefined) setBit(hits[place]!, row)
      }
      if (frame.isUnknown) setBit(unknown, row)
      outcomes[row] = frame.isUnknown ? Math.max(frame.severity, unknownSeverity) : frame.severity
      for (const store of stores) store.put(row, frame)
    }
  }
}

const countHits = (steps: readonly Step[]): number =>
  steps.reduce((sum, step) => sum + (step.kind === 'rules' ? step.rules.length : step.kind === 'table' ? step.rows.length : 0), 0)

function buffersOf(names: readonly Name[], set: ColumnSet): { readonly columns: unknown[]; readonly masks: unknown[] } {
  const columns: unknown[] = []
  const masks: unknown[] = []
  for (const { name, slot, role } of names) {
    const column = role === 'fact' ? set.columns[name] : undefined
    columns[slot] = column && (column.kind === 'code' ? column.codes : column.kind === 'boolean' ? column.bits : column.values)
    masks[slot] = column && 'valid' in column ? column.valid : undefined
  }
  return { columns, masks }
}

function rowLoader({ slot, definition }: Name, column: Column): (row: number, frame: Frame) => void {
  switch (column.kind) {
    case 'number':
      return (row, frame) => {
        if (column.valid && !hasBit(column.valid, row)) return
        const number = column.values[row]!
        frame.numbers[slot] = number
        if (definition.type === 'date' && !Number.isNaN(number))
          frame.values[slot] = new Date(number * 86_400_000).toISOString().slice(0, 10)
      }
    case 'boolean':
      return (row, frame) => {
        if (column.valid && !hasBit(column.valid, row)) return
        frame.values[slot] = hasBit(column.bits, row)
        frame.numbers[slot] = Number(hasBit(column.bits, row))
      }
    case 'code':
      return (row, frame) => {
        if (column.valid && !hasBit(column.valid, row)) return
        frame.values[slot] = column.dictionary[column.codes[row]!]
      }
    case 'value':
      return (row, frame) => {
        frame.values[slot] = (column.values[row] ?? undefined) as never
      }
  }
}

interface OutputStore {
  readonly name: string
  readonly slot: number
  readonly isNumeric: boolean
  readonly column: Column
  readonly buffer: unknown
  /** The statement that stores row i, where one will do. */
  readonly inline?: (buffer: string) => string
  put(row: number, frame: Frame): void
}

function createStore({ name, slot, definition, isNumeric }: Name, rows: number, allocate: (bytes: number) => ArrayBufferLike): OutputStore {
  if (isNumeric || definition.type === 'date') {
    const values = new Float64Array(allocate(rows * 8))
    const put = (row: number, frame: Frame): void => {
      const value = frame.values[slot]
      values[row] = isNumeric ? frame.numbers[slot]! : typeof value === 'string' ? daysOf(value) : Number.NaN
    }
    return {
      name,
      slot,
      isNumeric,
      column: { kind: 'number', values },
      buffer: values,
      put,
      ...(isNumeric ? { inline: (buffer: string) => `${buffer}[i] = N[${slot}];` } : {}),
    }
  }
  if (definition.type === 'boolean') {
    const bits = new Uint32Array(allocate(words(rows) * 4))
    const valid = new Uint32Array(allocate(words(rows) * 4))
    const put = (row: number, frame: Frame): void => {
      const value = frame.values[slot]
      if (typeof value !== 'boolean') return
      setBit(valid, row)
      if (value) setBit(bits, row)
    }
    return { name, slot, isNumeric, column: { kind: 'boolean', bits, valid }, buffer: bits, put }
  }
  if (definition.type === 'list') {
    const values: unknown[] = Array.from({ length: rows })
    return {
      name,
      slot,
      isNumeric,
      column: { kind: 'value', values },
      buffer: values,
      put: (row, frame) => void (values[row] = frame.values[slot]),
    }
  }
  // Known values first, so that all threads give them the same codes.
  const dictionary = (definition.values ?? []).map(value => (typeof value === 'string' ? value : value.value))
  const places = new Map(dictionary.map((text, code) => [text, code]))
  const codes = new Int32Array(allocate(rows * 4))
  const put = (row: number, frame: Frame): void => {
    const value = frame.values[slot]
    if (typeof value !== 'string') {
      codes[row] = -1
      return
    }
    let code = places.get(value)
    if (code === undefined) places.set(value, (code = dictionary.push(value) - 1))
    codes[row] = code
  }
  return { name, slot, isNumeric, column: { kind: 'code', codes, dictionary }, buffer: codes, put }
}
