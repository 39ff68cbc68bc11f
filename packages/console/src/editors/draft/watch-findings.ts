import type { Finding, Policy } from '@surety/engine'

const PAUSE_MS = 180

/** Asks a worker what there is to say about a document, once typing pauses; only the newest answer counts. */
export function watchFindings(tell: (findings: readonly Finding[]) => void): { ask(document: Policy): void; close(): void } {
  const worker = new Worker(new URL('./findings.worker.ts', import.meta.url), { type: 'module' })
  let timer: ReturnType<typeof setTimeout> | undefined
  let newest = 0
  worker.addEventListener('message', ({ data }: MessageEvent<{ id: number; findings: readonly Finding[] }>) => {
    if (data.id === newest) tell(data.findings)
  })
  return {
    ask(document) {
      newest += 1
      const id = newest
      clearTimeout(timer)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
      timer = setTimeout(() => worker.postMessage({ id, document }), PAUSE_MS)
    },
    close() {
      clearTimeout(timer)
      worker.terminate()
    },
  }
}
