import { JSONPath } from 'jsonpath-plus'

/** Reads what a JSONPath leads to; undefined where it leads nowhere. */
export interface PathReader {
  (json: object): unknown
}

const readers = new Map<string, PathReader>()
const MAX_READERS = 10_000

// Names and indices only: these mean the same as following the properties one by one.
export const PLAIN_PATH = /^\$?(?:\.?[A-Za-z_][A-Za-z0-9_]*|\[\d+\])(?:\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\])*$/

/** json-rules-engine's default: jsonpath-plus, one match unwrapped; filters run in its interpreter, never as code. */
export function jsonPath(path: string): PathReader {
  let reader = readers.get(path)
  if (!reader) {
    reader = PLAIN_PATH.test(path) ? plainReader(path) : json => JSONPath<unknown>({ path, json, wrap: false, eval: 'safe' })
    if (readers.size >= MAX_READERS) readers.clear()
    readers.set(path, reader)
  }
  return reader
}

/** A path on a value that has no inside is ignored, as json-rules-engine does. */
export function readPath(value: unknown, reader: PathReader): unknown {
  return typeof value === 'object' && value !== null ? reader(value) : value
}

/** Two wildcard descents in one path take quadratic time, three cubic. */
export const isCostlyPath = (path: string): boolean => (path.match(/\.\./g)?.length ?? 0) > 1

function plainReader(path: string): PathReader {
  const keys = path
    .replace(/^\$\.?/, '')
    .split(/[.[\]]+/)
    .filter(key => key !== '')
  return json => {
    let value: unknown = json
    for (const key of keys) {
      // As the library: nothing is found inside falsy values.
      if (!value || !Object.hasOwn(value, key)) return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return value
  }
}
