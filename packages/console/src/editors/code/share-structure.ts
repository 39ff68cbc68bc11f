/** The later value, with every part that is as it was replaced by the earlier one: editors see at once what has stayed. */
export function shareStructure<Value>(before: unknown, after: Value): Value {
  if (Object.is(before, after)) return after
  if (Array.isArray(before) && Array.isArray(after)) {
    const items = after.map((item, index) => shareStructure(before[index], item))
    return (items.length === before.length && items.every((item, index) => Object.is(item, before[index])) ? before : items) as Value
  }
  if (!isPlain(before) || !isPlain(after)) return after
  const keys = Object.keys(after)
  const shared = Object.fromEntries(keys.map(key => [key, shareStructure(before[key], after[key])]))
  const isSame =
    keys.length === Object.keys(before).length &&
    keys.every((key, index) => Object.keys(before)[index] === key && Object.is(shared[key], before[key]))
  return (isSame ? before : shared) as Value
}

const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
