import type { CompiledPolicy } from '@surety/engine'

/** The currency that the amounts of a policy are in; undefined where it names none. */
export function currencyOf({ policy }: CompiledPolicy): string | undefined {
  return [...Object.values(policy.facts), ...Object.values(policy.outputs)].find(({ type, currency }) => type === 'money' && currency)
    ?.currency
}
