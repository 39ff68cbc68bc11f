import type { Condition, FactDefinition, Policy, Rule } from '../policy/document.ts'
import type { Finding } from '../policy/finding.ts'

/** A bare array of json-rules-engine rules as a policy: facts get the types of what they are compared with. */
export function importRules(rules: readonly unknown[], name: string): { readonly policy: unknown; readonly findings: readonly Finding[] } {
  const facts = new Map<string, FactDefinition>()
  const findings: Finding[] = []
  const ids = new Set<string>()
  const made = rules.map((rule, index) => {
    const { name: own, conditions, event, priority } = rule as Readonly<Record<string, unknown>>
    let id = typeof own === 'string' && own !== '' ? own : `rule-${index + 1}`
    while (ids.has(id)) id += '-'
    ids.add(id)
    see(conditions as Condition, `/${index}/conditions`)
    return { id, ...(typeof own === 'string' && { name: own }), ...(priority !== undefined && { priority }), conditions, event } as Rule
  })
  const policy = {
    id: name,
    title: { en: name, zh: name },
    facts: Object.fromEntries([...facts].map(([fact, definition]) => [fact, definition])),
    outputs: {},
    steps: [{ id: 'rules', kind: 'rules', rules: made }],
  } satisfies Policy
  return { policy, findings }

  function see(condition: Condition | undefined, path: string): void {
    if (condition === null || typeof condition !== 'object') return
    const { any, all, not, fact, operator, value } = condition as unknown as Readonly<Record<string, unknown>>
    for (const list of [any, all]) if (Array.isArray(list)) for (const child of list) see(child as Condition, path)
    if (not !== undefined) see(not as Condition, path)
    if (typeof fact !== 'string') return
    if ((condition as { path?: unknown }).path !== undefined) {
      findings.push({
        code: 'PATH_INTO_FACT',
        severity: 'warning',
        path,
        message: {
          en: `Rules look inside "${fact}"; facts of a policy have no inside, so give each value a fact of its own.`,
          zh: `规则读取了“${fact}”的内部；策略中的事实没有内部结构，请为每个值单独设置事实。`,
        },
      })
    }
    const found = definitionOf(String(operator), value)
    const known = facts.get(fact)
    if (!known || (found && known.type === 'string' && found.type !== 'string' && isGuess(known))) facts.set(fact, found ?? GUESS)
    if (value !== null && typeof value === 'object' && 'fact' in value && typeof value.fact === 'string' && !facts.has(value.fact))
      facts.set(value.fact, facts.get(fact) ?? GUESS)
  }
}

const GUESS: FactDefinition = { type: 'string' }
const isGuess = (definition: FactDefinition): boolean => definition === GUESS

function definitionOf(operator: string, value: unknown): FactDefinition | undefined {
  const isAboutList = /(^|:)(contains|doesNotContain)$/.test(operator) || /(some|every)Fact:/.test(operator)
  const type = typeOf(Array.isArray(value) ? value[0] : value) ?? (/^(less|greater)Than/.test(operator) ? 'number' : undefined)
  if (isAboutList) return { type: 'list', of: type ?? 'string' }
  return type && { type }
}

function typeOf(value: unknown): 'number' | 'boolean' | 'string' | undefined {
  const type = typeof value
  return type === 'number' || type === 'boolean' || type === 'string' ? type : undefined
}
