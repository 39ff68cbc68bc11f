import { OWN_HEADERS } from '../../graphql/client.ts'
import type { Problem } from '../../graphql/problem.ts'

export type Uploaded = { readonly kind: 'taken'; readonly id: string } | { readonly kind: 'refused'; readonly problem: Problem }

export interface UploadRequest {
  readonly file: File
  readonly segment: string
  /** From 0 to 1. */
  onProgress(share: number): void
  readonly signal: AbortSignal
}

/** Sends a file as it lies on disk; the server reads it as it streams in. Throws when the signal stops it. */
export function uploadFile({ file, segment, onProgress, signal }: UploadRequest): Promise<Uploaded> {
  const { promise, resolve, reject } = Promise.withResolvers<Uploaded>()
  // fetch can't tell how much of a body has left.
  const request = new XMLHttpRequest()
  request.open('POST', `/v1/imports?segment=${encodeURIComponent(segment)}`)
  request.setRequestHeader('Content-Type', 'application/octet-stream')
  request.setRequestHeader('X-File-Name', encodeURIComponent(file.name))
  for (const [name, value] of Object.entries(OWN_HEADERS)) request.setRequestHeader(name, value)
  request.responseType = 'json'
  request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0))
  request.addEventListener('load', () => resolve(outcomeOf(request.status, request.response)))
  request.addEventListener('error', () => resolve({ kind: 'refused', problem: { kind: 'offline', code: 'OFFLINE', issues: [] } }))
  request.addEventListener('abort', () => reject(signal.reason))
  signal.addEventListener('abort', () => request.abort(), { once: true })
  request.send(file)
  return promise
}

function outcomeOf(status: number, answer: unknown): Uploaded {
  const said = (answer ?? {}) as { readonly id?: string; readonly code?: string; readonly text?: { en: string; zh: string } }
  if (status === 201 && said.id !== undefined) return { kind: 'taken', id: said.id }
  return {
    kind: 'refused',
    problem: {
      kind: KIND_OF_STATUS[status] ?? (status >= 400 && status < 500 ? 'invalid-input' : 'internal'),
      code: said.code ?? String(status),
      issues: [],
      ...(said.text && { message: said.text }),
    },
  }
}

const KIND_OF_STATUS: Readonly<Record<number, Problem['kind']>> = { 401: 'signed-out', 403: 'not-allowed', 404: 'not-found' }
