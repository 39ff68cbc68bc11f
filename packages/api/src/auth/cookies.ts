import type { IncomingMessage } from 'node:http'

const SECURE_NAME = '__Host-surety'
// A browser keeps no `__Host-` cookie from a plain http address other than its own machine.
const PLAIN_NAME = 'surety'

export interface Place {
  /** Reached over https. */
  readonly isSecure: boolean
  readonly host: string
}

/** The session token that a browser sent. */
export function readSessionCookie(request: IncomingMessage, place: Place): string | undefined {
  const name = cookieName(place)
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined
  }
  return undefined
}

/** The header that gives a browser its session; an empty token takes it away. */
export function sessionCookie(place: Place, token: string, maxAgeSeconds: number): string {
  const name = cookieName(place)
  const parts = [`${name}=${token}`, 'Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${token ? maxAgeSeconds : 0}`]
  if (name === SECURE_NAME) parts.push('Secure')
  return parts.join('; ')
}

function cookieName({ isSecure, host }: Place): string {
  return isSecure || isOwnMachine(host) ? SECURE_NAME : PLAIN_NAME
}

function isOwnMachine(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name)
}
