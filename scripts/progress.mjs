// Runs on Node 20 too: it reports the steps before Node 24 is there.

/**
 * @typedef {{ say(detail: string): void }} Step
 * @typedef {{ run<T>(name: string, act: (step: Step) => Promise<T> | T): Promise<T>; note(line: string): void; mute(): void }} Progress
 */

const HEARTBEAT_MS = 10_000

/**
 * Shows steps as they are done, each with its time and what it found. Steps may run side by side.
 * @param {NodeJS.WriteStream} stream
 * @returns {Progress}
 */
export function createProgress(stream) {
  /** @type {Map<string, number>} */
  const running = new Map()
  const isLive = stream.isTTY && !process.env['CI']
  let lastBeat = Date.now()
  let isMuted = false
  /** @type {NodeJS.Timeout | undefined} */
  let timer

  const describeRunning = () => [...running].map(([name, since]) => `${name} ${seconds(since)}`).join(', ')
  const clear = () => isLive && stream.write('\r\u001b[K')
  const beat = () => {
    if (isMuted) return
    if (isLive) stream.write(`\r\u001b[K… ${describeRunning()}`)
    else if (Date.now() - lastBeat > HEARTBEAT_MS) {
      lastBeat = Date.now()
      stream.write(`… ${describeRunning()}\n`)
    }
  }
  /** @param {string} text */
  const line = text => {
    clear()
    stream.write(`${text}\n`)
    lastBeat = Date.now()
    if (running.size > 0 && isLive) beat()
  }
  /** @param {string} mark @param {string} name @param {number} since @param {string} detail */
  const finish = (mark, name, since, detail) => {
    running.delete(name)
    if (!isMuted) line(`${mark} ${name.padEnd(13)}${seconds(since).padStart(8)}   ${detail}`.trimEnd())
    if (running.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    note: line,
    mute: () => (isMuted = true),
    async run(name, act) {
      const since = Date.now()
      let detail = ''
      running.set(name, since)
      timer ??= setInterval(beat, 250).unref()
      try {
        const result = await act({ say: text => (detail = text) })
        finish('✓', name, since, detail)
        return result
      } catch (error) {
        finish('✗', name, since, detail)
        throw error
      }
    },
  }
}

/** @param {number} since */
function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
