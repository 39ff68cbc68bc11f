import { resolvePointer, type Policy } from '@surety/engine'
import { insertAt, removeAt, setAt, splitPath } from '../draft/patch.ts'
import type { DiffPlace } from './DiffView.vue'

/** The later document with one rule, row or part as the earlier one has it: put back, taken out again, or as it was. */
export function copyBack(before: Policy, after: Policy, { beforePath, afterPath }: DiffPlace): Policy {
  if (beforePath === undefined) return afterPath === undefined ? after : removeAt(after, afterPath)
  const value = resolvePointer(before, beforePath)
  if (afterPath !== undefined) return setAt(after, afterPath, withParts(value, resolvePointer(after, afterPath)))
  const { parent, key } = splitPath(beforePath)
  const list = resolvePointer(after, parent)
  return Array.isArray(list) ? insertAt(after, parent, Math.min(Number(key), list.length), value) : setAt(after, beforePath, value)
}

/** A step taken back as a whole keeps the rules and rows that it has now: they are places of their own. */
function withParts(value: unknown, now: unknown): unknown {
  if (typeof value !== 'object' || value === null || typeof now !== 'object' || now === null || !('kind' in value) || !('kind' in now))
    return value
  if (value.kind !== now.kind) return value
  const parts = Object.entries(now).filter(([key]) => ['rules', 'rows', 'characteristics', 'expressions'].includes(key))
  return { ...value, ...Object.fromEntries(parts) }
}
