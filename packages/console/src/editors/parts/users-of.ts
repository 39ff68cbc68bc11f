import type { Policy } from '@surety/engine'

/** JSON pointers of the rules, rows, bins and formulas that speak of a name. */
export function usersOf(policy: Policy, name: string): readonly string[] {
  const users: string[] = []
  const word = new RegExp(`(^|[^\\p{L}\\p{N}_])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}([^\\p{L}\\p{N}_]|$)`, 'u')
  const collect = (value: unknown, path: string, key: string): void => {
    if (typeof value === 'string') {
      if (isNamed(key) ? value === name : isExpression(key) && word.test(value)) users.push(path)
      return
    }
    if (Array.isArray(value)) value.forEach((item, index) => collect(item, `${path}/${index}`, key))
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, item] of Object.entries(value)) {
        if (key === 'set' && inner === name) users.push(`${path}/${inner}`)
        collect(item, `${path}/${inner}`, inner)
      }
    }
  }
  collect(policy.steps, '/steps', '')
  collect(policy.conditions ?? {}, '/conditions', '')
  return users
}

const isNamed = (key: string): boolean => key === 'fact' || key === 'condition' || key === 'list' || key === 'output' || key === 'name'
const isExpression = (key: string): boolean => key === 'expression' || key === 'when' || key === 'then' || key === 'default'
