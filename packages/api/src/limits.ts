import { EnvelopArmor } from '@escape.tech/graphql-armor'
import { complexityFromQuery } from '@pothos/plugin-complexity'
import { GraphQLError, type ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** How large a question may be. What exceeds is refused before anything is read, without saying by how much. */
export function queryLimits(): Plugin[] {
  const armor = new EnvelopArmor({
    maxDepth: { n: 16, flattenFragments: true, ...QUIET },
    maxAliases: { n: 30, ...QUIET },
    maxDirectives: { n: 30, ...QUIET },
    maxTokens: { n: 4000, ...QUIET },
    // The schema's own costs are counted instead.
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: true },
  })
  return [...(armor.protect().plugins as Plugin[]), costLimit()]
}

const QUIET = { exposeLimits: false, errorMessage: 'The query is too large.' }
const MAX_COST = 40_000

function costLimit(): Plugin {
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      if (costOf(args) > MAX_COST) setResultAndStopExecution(refusal())
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => {
      if (costOf(args) > MAX_COST) setResultAndStopExecution(refusal())
    },
  }
}

function costOf({ document, schema, contextValue, variableValues }: ExecutionArgs): number {
  return complexityFromQuery(document, { schema, ctx: contextValue as object, variables: variableValues ?? {} }).complexity
}

function refusal(): { errors: GraphQLError[] } {
  return { errors: [new GraphQLError('The query is too large.', { extensions: { code: 'QUERY_TOO_COSTLY', http: { status: 400 } } })] }
}
