import { asActor, createApiKey, SYSTEM } from '@surety/store'
import type { TestApi } from './support.ts'

export interface Machine {
  readonly token: string
  /** Sends a body under a key of its own unless one is given; gives back what was answered. */
  post(
    path: string,
    body: unknown,
    options?: PostOptions,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: any }> // oxlint-disable-line no-explicit-any
}

interface PostOptions {
  readonly key?: string
  readonly type?: string
}

let serial = 0

/** A machine with a key of the southern segment. */
export async function machine(api: TestApi, scopes: readonly string[] = ['import.write', 'import.read', 'order.check']): Promise<Machine> {
  const { token } = await asActor(api.sql, SYSTEM, tx => createApiKey(tx, { name: 'ERP', segmentId: api.south.id, scopes }))
  return {
    token,
    async post(path, body, { key = `key-${(serial += 1)}`, type = 'application/json' } = {}) {
      const response = await fetch(`${api.url}/v1${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { authorization: `Bearer ${token}`, 'content-type': type, 'idempotency-key': key },
      })
      const text = await response.text()
      return {
        status: response.status,
        headers: response.headers,
        body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
      }
    },
  }
}
