/** json-rules-engine takes what `for … in` shows of the facts, inherited properties included. */
export function isGiven(facts: Readonly<Record<string, unknown>>, name: string): boolean {
  if (Object.hasOwn(facts, name)) return Object.prototype.propertyIsEnumerable.call(facts, name)
  const prototype: unknown = Object.getPrototypeOf(facts)
  return prototype !== null && prototype !== Object.prototype && name in facts && !(name in Object.prototype)
}
