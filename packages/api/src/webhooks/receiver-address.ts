import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Text } from '@surety/engine'

/** What is wrong with an address that somebody wants messages sent to; undefined when nothing is. */
export function addressProblem(url: string): Text | undefined {
  if (!URL.canParse(url))
    return {
      en: `${JSON.stringify(url.slice(0, 80))} is no address; write https://erp.example.com/hooks.`,
      zh: `${JSON.stringify(url.slice(0, 80))} 不是网址，应写成 https://erp.example.com/hooks。`,
    }
  const { protocol, username, password, hostname } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:')
    return { en: 'The address must begin with https:// or http://.', zh: '网址须以 https:// 或 http:// 开头。' }
  if (username !== '' || password !== '')
    return { en: 'Leave name and password out of the address; messages are signed.', zh: '网址中请勿包含用户名和密码；消息已签名。' }
  if (isLinkLocal(hostname)) return FORBIDDEN
  return undefined
}

/** Refuses addresses that lead to the machine's own surroundings, such as a cloud's metadata. Receivers in the company's network are what this is for. */
export async function refuseForbidden(url: string): Promise<void> {
  const { hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) ? [{ address: host }] : await lookup(host, { all: true })
  if (addresses.some(({ address }) => isLinkLocal(address))) throw new Error(FORBIDDEN.en)
}

const FORBIDDEN: Text = { en: 'Messages are not sent to link-local addresses.', zh: '不向链路本地地址发送消息。' }

function isLinkLocal(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    address.startsWith('169.254.') ||
    /^fe[89ab][0-9a-f]:/.test(address) ||
    /^::ffff:(169\.254\.|a9fe:)/.test(address) ||
    address === 'fd00:ec2::254'
  )
}
