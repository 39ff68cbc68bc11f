import { connect, type Socket } from 'node:net'

/** One connection kept alive that asks one thing at a time: as little of a client as there can be, so that what is measured is the server. */
export interface HttpClient {
  post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<{ status: number; body: string }>
  close(): void
}

export function openClient(port: number): HttpClient {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let waiting: { resolve(answer: { status: number; body: string }): void; reject(error: unknown): void } | undefined
  let said = Buffer.alloc(0)
  socket.on('data', chunk => {
    said = said.length === 0 ? chunk : Buffer.concat([said, chunk])
    const head = said.indexOf('\r\n\r\n')
    if (head < 0) return
    const text = said.toString('latin1', 0, head)
    const length = /\r\ncontent-length: (\d+)/i.exec(text)
    if (!length) return fail(new Error(`An answer without its length: ${text}`))
    const end = head + 4 + Number(length[1])
    if (said.length < end) return
    const answer = { status: Number(text.slice(9, 12)), body: said.toString('utf8', head + 4, end) }
    said = said.subarray(end)
    const { resolve } = waiting!
    waiting = undefined
    resolve(answer)
  })
  const fail = (error: unknown): void => {
    waiting?.reject(error)
    waiting = undefined
    socket.destroy()
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The connection was closed.')))
  return {
    post: (path, headers, body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        )
      }),
    close: () => void socket.destroy(),
  }
}
