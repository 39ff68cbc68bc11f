import { type Column, type ColumnResult, hasBit } from '../columns/column.ts'
import type { Policy } from '../policy/document.ts'

/** A rule or row that can fire, or an output, in either version. */
export interface DifferenceSource {
  readonly kind: 'rule' | 'row' | 'output'
  /** Id of the step that it is in; of an output, its own name. */
  readonly step: string
  readonly id: string
  /** Where it is in each version; absent where that version has none. */
  readonly basePath?: string
  readonly challengerPath?: string
}

/** For rows that two versions decide differently: what was the first to come out differently, in the order of the document. */
export interface FirstDifferences {
  readonly sources: readonly DifferenceSource[]
  /** Per row the index of its source; −1 where the row is decided alike or nothing visible differs. */
  readonly firstOf: Int32Array
}

/** Rules and rows are told apart by their ids, so that inserting one does not make all that follow it differ. */
export function firstDifferences(
  base: { readonly policy: Policy; readonly result: ColumnResult },
  challenger: { readonly policy: Policy; readonly result: ColumnResult },
): FirstDifferences {
  const { rows } = base.result
  const firstOf = new Int32Array(rows).fill(-1)
  const open = new Uint32Array((rows + 31) >>> 5)
  for (let row = 0; row < rows; row += 1)
    if (base.result.outcomes[row] !== challenger.result.outcomes[row]) open[row >>> 5]! |= 1 << (row & 31)
  const sources = fireable(base, challenger)
  for (const [index, source] of sources.entries()) {
    const left = source.basePath === undefined ? undefined : base.result.hits[source.basePath]
    const right = source.challengerPath === undefined ? undefined : challenger.result.hits[source.challengerPath]
    for (let word = 0; word < open.length; word += 1) {
      if (open[word] === 0) continue
      let differing = open[word]! & ((left?.[word] ?? 0) ^ (right?.[word] ?? 0))
      open[word]! &= ~differing
      while (differing !== 0) {
        const bit = 31 - Math.clz32(differing & -differing)
        firstOf[(word << 5) + bit] = index
        differing &= differing - 1
      }
    }
  }
  // What no rule explains came through a figure: a score, a grade, a limit.
  const outputs: DifferenceSource[] = []
  for (const name of Object.keys(challenger.result.outputs)) {
    const left = base.result.outputs[name]
    const right = challenger.result.outputs[name]!
    outputs.push({ kind: 'output', step: name, id: name, basePath: `/outputs/${name}`, challengerPath: `/outputs/${name}` })
    const index = sources.length + outputs.length - 1
    for (let word = 0; word < open.length; word += 1) {
      for (let rest = open[word]!; rest !== 0; rest &= rest - 1) {
        const row = (word << 5) + 31 - Math.clz32(rest & -rest)
        if (left && sameValue(left, right, row)) continue
        firstOf[row] = index
        open[word]! &= ~(1 << (row & 31))
      }
    }
  }
  return { sources: [...sources, ...outputs], firstOf }
}

interface Fireable {
  readonly policy: Policy
  readonly result: ColumnResult
}

/** What can fire in either version, in the order of the challenger; what only the base has stands behind what preceded it there. */
function fireable(base: Fireable, challenger: Fireable): DifferenceSource[] {
  const before = namesOf(base)
  const after = namesOf(challenger)
  const keys = [...after.keys()]
  let place = 0
  for (const key of before.keys()) {
    const found = keys.indexOf(key)
    if (found >= 0) place = found + 1
    else keys.splice(place++, 0, key)
  }
  return keys.map(key => {
    const old = before.get(key)
    const now = after.get(key)
    const { kind, step, id } = (now ?? old)!
    return { kind, step, id, ...(old && { basePath: old.path }), ...(now && { challengerPath: now.path }) }
  })
}

interface Named {
  readonly kind: 'rule' | 'row'
  readonly step: string
  readonly id: string
  readonly path: string
}

function namesOf({ policy, result }: Fireable): Map<string, Named> {
  const names = new Map<string, Named>()
  for (const path of Object.keys(result.hits)) {
    const [, , stepIndex, list, index] = path.split('/')
    const step = policy.steps[Number(stepIndex)]
    if (!step) continue
    const own =
      list === 'rules' && step.kind === 'rules'
        ? step.rules[Number(index)]
        : list === 'rows' && step.kind === 'table'
          ? step.rows[Number(index)]
          : undefined
    const id = own?.id ?? String(index)
    names.set(`${step.id}\n${list}\n${id}`, { kind: list === 'rules' ? 'rule' : 'row', step: step.id, id, path })
  }
  return names
}

function sameValue(left: Column, right: Column, row: number): boolean {
  return Object.is(valueAt(left, row), valueAt(right, row))
}

/** The value of a row as text or number; undefined when missing. */
export function valueAt(column: Column, row: number): string | number | boolean | undefined {
  if ('valid' in column && column.valid && !hasBit(column.valid, row)) return undefined
  switch (column.kind) {
    case 'number': {
      const value = column.values[row]!
      return value === value ? value : undefined
    }
    case 'boolean':
      return hasBit(column.bits, row)
    case 'code':
      return column.dictionary[column.codes[row]!]
    case 'value': {
      const value = column.values[row]
      return value === undefined || value === null ? undefined : JSON.stringify(value)
    }
  }
}
