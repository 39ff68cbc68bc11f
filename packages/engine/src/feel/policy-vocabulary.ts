import type { Frame } from '../frame.ts'
import type { ListDefinition } from '../policy/document.ts'
import type { Name, Scope } from '../scope.ts'
import { parseNumber } from './number.ts'
import type { Vocabulary } from './program.ts'
import { createVocabulary } from './program.ts'
import type { FeelValue } from './values.ts'
import { factReader } from './values.ts'

/** The facts, outputs and lists of a policy as names in FEEL. A missing one is null, and what hangs on it is unknown. */
export function policyVocabulary(scope: Scope, lists: Readonly<Record<string, ListDefinition>>): Vocabulary<Frame> {
  const readers = new Map<string, (frame: Frame) => FeelValue>()
  for (const [name, { values }] of Object.entries(lists)) readers.set(name, () => values)
  for (const name of scope.names) readers.set(name.name, frameReader(name))
  return createVocabulary([...readers.keys()], name => readers.get(name), 'unknown')
}

function frameReader({ slot, isNumeric, definition }: Name): (frame: Frame) => FeelValue {
  if (definition.type === 'money') {
    return frame => {
      const shadow = frame.numbers[slot] as number
      if (shadow !== shadow) return null
      // Up to 15 digits the double names the amount exactly, four decimals included.
      if (shadow < 1e11 && shadow > -1e11) return shadow
      const exact = frame.values[slot]
      return typeof exact === 'string' ? parseNumber(exact) : shadow
    }
  }
  if (isNumeric) {
    return frame => {
      const number = frame.numbers[slot] as number
      return number === number ? number : null
    }
  }
  const read = factReader(definition)
  return frame => read(frame.values[slot])
}
