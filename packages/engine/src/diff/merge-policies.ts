import type { Policy, Text } from '../policy/document.ts'
import { pointer } from '../policy/pointer.ts'
import { type Identified, isKeyed, isPlain, isSame, type Plain } from './keyed.ts'

export interface MergedPolicy {
  /** Both sides' changes; where they contradict, mine. */
  readonly merged: Policy
  readonly conflicts: readonly MergeConflict[]
}

/** Both sides changed the same thing to something else. */
export interface MergeConflict {
  /** In the merged document. */
  readonly path: string
  readonly base?: unknown
  readonly mine?: unknown
  readonly theirs?: unknown
  readonly message: Text
}

/** Merges two versions that come from one: things that have ids by their ids, cells by row and column. */
export function mergePolicies(base: Policy, mine: Policy, theirs: Policy): MergedPolicy {
  const conflicts: MergeConflict[] = []
  const merged = withCellsInPlace(merge(withNamedCells(base), withNamedCells(mine), withNamedCells(theirs), '')) as Policy
  return { merged, conflicts: conflicts.map(one => ({ ...one, path: placeIn(merged, one.path) })) }

  function merge(before: unknown, a: unknown, b: unknown, path: string): unknown {
    if (isSame(a, b) || isSame(before, b)) return a
    if (isSame(before, a)) return b
    if (isPlain(a) && isPlain(b) && isOfOneKind(a, b) && (before === undefined || isPlain(before)))
      return mergeFields(before ?? {}, a, b, path)
    if (isKeyed(a) && isKeyed(b) && (before === undefined || isKeyed(before))) return mergeItems(before ?? [], a, b, path)
    if (Array.isArray(before) && Array.isArray(a) && Array.isArray(b) && a.length === before.length && b.length === before.length) {
      return a.map((item, index) => merge(before[index], item, b[index], pointer(path, index)))
    }
    conflict(path, before, a, b)
    // What one side removed and the other went on with is kept.
    return a === undefined ? b : a
  }

  function mergeFields(before: Plain, a: Plain, b: Plain, path: string): Plain {
    const merged: Record<string, unknown> = {}
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const value = merge(own(before, key), own(a, key), own(b, key), pointer(path, key))
      if (value !== undefined) merged[key] = value
    }
    return merged
  }

  function mergeItems(before: readonly Identified[], a: readonly Identified[], b: readonly Identified[], path: string): readonly unknown[] {
    const [olds, ours, others] = [before, a, b].map(items => new Map(items.map(item => [item.id, item]))) as [
      Map<string, Identified>,
      Map<string, Identified>,
      Map<string, Identified>,
    ]
    const common = before.map(({ id }) => id).filter(id => ours.has(id) && others.has(id))
    const orderOf = (items: readonly Identified[]): readonly string[] =>
      items.map(({ id }) => id).filter(id => olds.has(id) && ours.has(id) && others.has(id))
    const isMineMoved = !isSame(orderOf(a), common)
    const isTheirsMoved = !isSame(orderOf(b), common)
    if (isMineMoved && isTheirsMoved && !isSame(orderOf(a), orderOf(b))) conflict(path, common, orderOf(a), orderOf(b))
    const [leading, following] = isTheirsMoved && !isMineMoved ? [b, a] : [a, b]
    const order = interleave(
      leading.map(({ id }) => id),
      following.map(({ id }) => id),
    )
    return order.flatMap(id => {
      const index = pointer(path, id)
      const value = merge(olds.get(id), ours.get(id), others.get(id), index)
      return value === undefined ? [] : [value]
    })
  }

  function conflict(path: string, before: unknown, a: unknown, b: unknown): void {
    const words = (value: unknown): string => (value === undefined ? '∅' : shortened(JSON.stringify(value)))
    conflicts.push({
      path,
      ...(before === undefined ? {} : { base: before }),
      ...(a === undefined ? {} : { mine: a }),
      ...(b === undefined ? {} : { theirs: b }),
      message: {
        en: `${path}: you have ${words(a)}, the other version has ${words(b)}; before, it was ${words(before)}.`,
        zh: `${path}：您的版本为 ${words(a)}，另一版本为 ${words(b)}；此前为 ${words(before)}。`,
      },
    })
  }
}

/** The order of the first; what only the second has comes after its neighbour there. */
function interleave(first: readonly string[], second: readonly string[]): readonly string[] {
  const order = [...first]
  for (const [at, id] of second.entries()) {
    if (order.includes(id)) continue
    const neighbour = second.slice(0, at).findLast(before => order.includes(before))
    order.splice(neighbour === undefined ? 0 : order.indexOf(neighbour) + 1, 0, id)
  }
  return order
}

/** A step that became another kind of step, or an `all` that became an `any`, is another thing; its parts don't mix. */
function isOfOneKind(a: Plain, b: Plain): boolean {
  return (
    ['kind', 'type'].every(key => isSame(own(a, key), own(b, key))) &&
    ['any', 'all', 'not', 'fact', 'condition'].every(key => Object.hasOwn(a, key) === Object.hasOwn(b, key))
  )
}

/** A path that names items by id, as a pointer by places. */
function placeIn(merged: unknown, path: string): string {
  let value = merged
  let step: Plain | undefined
  let place = ''
  for (const part of path.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (isPlain(value) && typeof value['kind'] === 'string') step = value
    const columns = place.endsWith('/when') ? step?.['inputs'] : place.endsWith('/then') ? step?.['outputs'] : value
    const index = Array.isArray(value) && isKeyed(columns) ? columns.findIndex(({ id }) => id === key) : -1
    const at = index >= 0 ? String(index) : key
    place = pointer(place, at)
    value = value !== null && typeof value === 'object' && Object.hasOwn(value, at) ? (value as Record<string, unknown>)[at] : undefined
  }
  return place
}

const own = (value: Plain, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined)

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)

const SIDES = [
  ['when', 'inputs', '-'],
  ['then', 'outputs', ''],
] as const

/** Cells under the ids of their columns, so that a column may come or go on one side. */
function withNamedCells(policy: Policy): Plain {
  return mapTables(policy as unknown as Plain, (row, ids) => {
    const named: Record<string, unknown> = { ...row }
    for (const [side, columns, any] of SIDES) {
      const cells = row[side]
      // A cell that says nothing is as good as none: a new column changes no row by that.
      if (Array.isArray(cells))
        named[side] = Object.fromEntries(cells.flatMap((cell, at) => (cell === any ? [] : [[ids[columns][at] ?? `#${at}`, cell]])))
    }
    return named
  })
}

function withCellsInPlace(policy: unknown): unknown {
  return mapTables(policy as Plain, (row, ids) => {
    const placed: Record<string, unknown> = { ...row }
    for (const [side, columns, any] of SIDES) {
      const cells = row[side]
      if (isPlain(cells)) placed[side] = ids[columns].map(id => own(cells, id) ?? any)
    }
    return placed
  })
}

function mapTables(policy: Plain, map: (row: Plain, ids: Readonly<Record<'inputs' | 'outputs', readonly string[]>>) => Plain): Plain {
  const steps = policy['steps']
  if (!Array.isArray(steps)) return policy
  return {
    ...policy,
    steps: steps.map((step: Plain) => {
      const { kind, inputs, outputs, rows } = step
      if (kind !== 'table' || !isKeyed(inputs) || !isKeyed(outputs) || !Array.isArray(rows)) return step
      const ids = { inputs: inputs.map(({ id }) => id), outputs: outputs.map(({ id }) => id) }
      return { ...step, rows: rows.map((row: Plain) => map(row, ids)) }
    }),
  }
}
