import { readdirSync, readFileSync } from 'node:fs'
import { parsePolicy, type Policy } from '@surety/engine'

/** The policies that come with the product. */
export function readShippedPolicies(): Policy[] {
  return readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('policy.json'))
    .toSorted()
    .map(file => {
      const parsed = parsePolicy(JSON.parse(readFileSync(new URL(file.replaceAll('\\', '/'), RULES), 'utf8')))
      if (parsed.policy) return parsed.policy
      throw new Error(`rules/${file} is no policy: ${parsed.findings.map(({ path, message }) => `${path} ${message.en}`).join('; ')}`)
    })
}

const RULES = new URL('../../../rules/', import.meta.url)
