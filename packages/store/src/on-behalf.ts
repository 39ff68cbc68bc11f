import type { Actor, Tx } from './sql.ts'

/** The same transaction, acting as somebody else at another moment. It sees what it saw before. */
export function onBehalf(tx: Tx, actor: Actor, now: Date): Tx {
  const changed: Partial<Record<PropertyKey, unknown>> = { actor, now }
  return new Proxy(tx, { get: (target, key) => (Object.hasOwn(changed, key) ? changed[key] : Reflect.get(target, key)) })
}
