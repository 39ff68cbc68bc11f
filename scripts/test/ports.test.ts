import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort, isPortFree } from '../services/ports.ts'

test('prefers the port it is asked for, and takes another where that one is in use', async () => {
  const port = await freePort()
  expect(await freePort(port)).toBe(port)
  const server = createServer()
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  expect(await isPortFree(port)).toBe(false)
  expect(await freePort(port)).not.toBe(port)
  await new Promise(resolve => server.close(resolve))
})
