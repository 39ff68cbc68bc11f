import { readdirSync, readFileSync } from 'node:fs'
import { readCases, type PolicyCase } from '@surety/credit'
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

/** Their examples, by policy. */
export function readShippedCases(policies: readonly Policy[]): ReadonlyMap<string, readonly PolicyCase[]> {
  return new Map(
    policies.map(policy => {
      const { cases } = readCases(policy, readFileSync(new URL(`${policy.id}/cases.csv`, RULES), 'utf8'))
      return [policy.id, cases.map(({ line: _, ...one }) => one)]
    }),
  )
}

const RULES = new URL('../../../rules/', import.meta.url)
