import type { Text } from '../../i18n/useText.ts'

export type UploadResult =
  | { readonly kind: 'ok'; readonly id: string }
  | { readonly kind: 'refused'; readonly text?: Text }
  | { readonly kind: 'cancelled' }

export interface Upload {
  readonly result: Promise<UploadResult>
  cancel(): void
}

/** Sends a file as it is, streaming, and tells how much has gone: `fetch` can't tell, so this is the older request. */
export function upload(file: File, segment: string, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest()
  const { promise, resolve } = Promise.withResolvers<UploadResult>()
  request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
  request.onload = () => {
    const answer = answerOf(request.responseText)
    if (request.status === 201 && answer.id !== undefined) resolve({ kind: 'ok', id: String(answer.id) })
    else resolve({ kind: 'refused', ...(answer.text && { text: answer.text }) })
  }
  request.onerror = () => resolve({ kind: 'refused' })
  request.onabort = () => resolve({ kind: 'cancelled' })
  request.open('POST', `/v1/imports?segment=${encodeURIComponent(segment)}`)
  request.setRequestHeader('x-graphql-yoga-csrf', 'console')
  request.setRequestHeader('x-file-name', encodeURIComponent(file.name))
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.send(file)
  return { result: promise, cancel: () => request.abort() }
}

function answerOf(body: string): { readonly id?: unknown; readonly text?: Text } {
  try {
    return JSON.parse(body) as { readonly id?: unknown; readonly text?: Text }
  } catch {
    return {}
  }
}
