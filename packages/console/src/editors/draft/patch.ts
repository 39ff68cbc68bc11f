import type { Operation, Policy } from '@surety/engine'

/**
 * Changes of a document at a JSON pointer. Nothing is changed in place: what lies on the way is copied, everything else is
 * shared with the document before.
 */

/** Undefined takes the key out of its object. */
export const setAt = (document: Policy, path: string, value: unknown): Policy => replace(document, path, () => value) as Policy

export function insertAt(document: Policy, list: string, index: number, ...items: readonly unknown[]): Policy {
  return replace(document, list, before => ((before ?? []) as readonly unknown[]).toSpliced(index, 0, ...items)) as Policy
}

/** Takes an item out of its list or a key out of its object. */
export function removeAt(document: Policy, path: string): Policy {
  const { parent, key } = splitPath(path)
  return replace(document, parent, before => {
    if (Array.isArray(before)) return before.toSpliced(Number(key), 1)
    const { [key]: _, ...rest } = before as Record<string, unknown>
    return rest
  }) as Policy
}

export function moveItem(document: Policy, list: string, from: number, to: number): Policy {
  return replace(document, list, before => {
    const items = before as readonly unknown[]
    if (from === to || to < 0 || to >= items.length) return items
    return items.toSpliced(from, 1).toSpliced(to, 0, items[from])
  }) as Policy
}

/** A fix that the analysis offers. */
export function applyPatch(document: Policy, patch: readonly Operation[]): Policy {
  return patch.reduce((before, operation) => {
    if (operation.op === 'remove') return removeAt(before, operation.path)
    const { parent, key } = splitPath(operation.path)
    if (operation.op === 'add') {
      let isList = false
      const inserted = replace(before, parent, at => {
        isList = Array.isArray(at)
        return isList ? (at as unknown[]).toSpliced(key === '-' ? (at as unknown[]).length : Number(key), 0, operation.value) : at
      }) as Policy
      if (isList) return inserted
    }
    return setAt(before, operation.path, operation.value)
  }, document)
}

export function splitPath(path: string): { readonly parent: string; readonly key: string } {
  const at = path.lastIndexOf('/')
  return { parent: path.slice(0, at), key: unescape(path.slice(at + 1)) }
}

export const keysOf = (path: string): readonly string[] => path.split('/').slice(1).map(unescape)

/** A name that nothing else here has: `rule`, `rule-2`, … */
export function freshId(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken)
  const base = wanted.replace(/-\d+$/, '')
  if (!names.has(wanted)) return wanted
  for (let number = 2; ; number += 1) if (!names.has(`${base}-${number}`)) return `${base}-${number}`
}

function replace(document: unknown, path: string, change: (before: unknown) => unknown): unknown {
  const keys = keysOf(path)
  return walk(document, 0)

  function walk(value: unknown, depth: number): unknown {
    if (depth === keys.length) return change(value)
    const key = keys[depth]!
    if (Array.isArray(value)) {
      const next = walk(value[Number(key)], depth + 1)
      return Object.is(next, value[Number(key)]) ? value : value.with(Number(key), next)
    }
    const record = (value ?? {}) as Record<string, unknown>
    const before = Object.hasOwn(record, key) ? record[key] : undefined
    const next = walk(before, depth + 1)
    if (Object.is(next, before)) return value
    if (next !== undefined) return { ...record, [key]: next }
    const { [key]: _, ...rest } = record
    return rest
  }
}

const unescape = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')
