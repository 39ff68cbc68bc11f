import { setTimeout as sleep } from 'node:timers/promises'

const ATTEMPTS = 4

/** Runs a transaction again that the database ended because it and another waited for each other; nothing of it remained. */
export async function retryDeadlocks<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction()
    } catch (error) {
      const { code } = (error ?? {}) as { code?: unknown }
      if ((code !== '40P01' && code !== '40001') || attempt === ATTEMPTS) throw error
      await sleep(20 * attempt + Math.random() * 50)
    }
  }
}
