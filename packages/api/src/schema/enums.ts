import { builder } from '../builder.ts'

/** The words of the database as an enum of the schema: `in_approval` and `dueAt` are IN_APPROVAL and DUE_AT. */
export function enumOf<const T extends string>(name: string, values: readonly T[]) {
  return builder.enumType(name, {
    values: Object.fromEntries(values.map(value => [screaming(value), { value }])) as Record<string, { value: T }>,
  })
}

function screaming(word: string): string {
  return word
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase()
}
