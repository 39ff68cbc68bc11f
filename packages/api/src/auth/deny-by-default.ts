import { isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql'

/** Every field that nobody has said for whom it is: neither itself nor the type that it belongs to has a scope. */
export function fieldsWithoutScope(schema: GraphQLSchema): string[] {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
  return (
    Object.values(schema.getTypeMap())
      .filter(type => isObjectType(type))
      .filter(type => !type.name.startsWith('__'))
      // What a root field is for is its own to say.
      .filter(type => roots.has(type) || !hasScopes(type))
      .flatMap(type =>
        Object.values(type.getFields())
          .filter(field => !hasScopes(field))
          .map(field => `${type.name}.${field.name}`),
      )
  )
}

/** The schema, unless a field of it lacks a scope. */
export function requireScopes(schema: GraphQLSchema): GraphQLSchema {
  const open = fieldsWithoutScope(schema)
  if (open.length === 0) return schema
  throw new Error(`Nobody has said who may see ${open.join(', ')}: give each, or its type, authScopes.`)
}

interface Described {
  readonly extensions: Readonly<Record<string, unknown>>
}

function hasScopes({ extensions }: GraphQLObjectType | Described): boolean {
  const options = extensions['pothosOptions'] as { authScopes?: unknown } | undefined
  return options?.authScopes !== undefined
}
