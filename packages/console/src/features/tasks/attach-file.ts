import { OWN_HEADERS } from '../../graphql/client.ts'
import type { Text } from '../../i18n/useText.ts'

/** Why a file was not taken, in the server's words where it has some. */
export type AttachProblem = Text | 'offline'

/** Keeps a file with a matter; undefined when it was taken. */
export async function attachFile(approval: string, file: File): Promise<AttachProblem | undefined> {
  try {
    const response = await fetch(`/v1/approvals/${approval}/attachments`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        ...OWN_HEADERS,
        'content-type': file.type || 'application/octet-stream',
        'x-file-name': encodeURIComponent(file.name),
      },
      body: file,
    })
    if (response.ok) return undefined
    const { text } = (await response.json()) as { text?: Text }
    return text ?? 'offline'
  } catch {
    return 'offline'
  }
}
