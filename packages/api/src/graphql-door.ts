import { randomUUID } from 'node:crypto'
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention'
import type { Request, Response } from 'express'
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import { createYoga, isAsyncIterable, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import type { Logger } from 'pino'
import type { Context } from './context.ts'
import { isExpected } from './errors.ts'
import { queryLimits } from './limits.ts'
import { schema } from './schema/index.ts'

export interface GraphqlDoorOptions {
  readonly logger: Logger
  /** Whether anybody may ask what the schema is. */
  readonly tellsSchema: boolean
  contextOf(request: Request, response: Response): Promise<Context>
}

interface ServerContext {
  readonly req: Request
  readonly res: Response
}

/** `/graphql`: one operation a request, POST and JSON, with a header that another site's form can not send. */
export function createGraphqlDoor({ logger, tellsSchema, contextOf }: GraphqlDoorOptions): YogaServerInstance<ServerContext, OwnContext> {
  return createYoga<ServerContext, OwnContext>({
    schema,
    graphqlEndpoint: '/graphql',
    context: async ({ req, res }) => ({ own: await contextOf(req, res) }),
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    maxRequestBodySize: 1_000_000,
    logging: false,
    maskedErrors: { maskError: error => told(error, logger) },
    plugins: [
      noNul(),
      onOwnContext(),
      useCSRFPrevention({ requestHeaders: ['x-graphql-yoga-csrf'] }),
      ...queryLimits(),
      ...(tellsSchema ? [] : [hiddenSchema()]),
      refusedIsBadRequest(),
    ],
  })
}

interface OwnContext {
  readonly own: Context
}

// Resolvers get the context itself: yoga would hand them a copy, which does not learn who has signed in meanwhile.
function onOwnContext(): Plugin<OwnContext> {
  return {
    onExecute: ({ executeFn, setExecuteFn }) => setExecuteFn(args => executeFn({ ...args, contextValue: args.contextValue.own })),
    onSubscribe: ({ subscribeFn, setSubscribeFn }) => setSubscribeFn(args => subscribeFn({ ...args, contextValue: args.contextValue.own })),
  }
}

// Postgres knows no text with a NUL in it; nobody types one.
function noNul(): Plugin {
  return {
    onParams({ params, setResult }) {
      if (!holdsNul(params.variables) && !/\\u(0000|\{0+\})/.test(params.query ?? '')) return
      setResult({
        errors: [
          new GraphQLError('Text can not hold the character U+0000.', { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } }),
        ],
      })
    },
  }
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  return typeof value === 'object' && value !== null && Object.entries(value).some(([key, inner]) => key.includes('\0') || holdsNul(inner))
}

function hiddenSchema(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule) }
}

/** What was never executed is the caller's mistake, whichever media type they accept. */
function refusedIsBadRequest(): Plugin {
  return {
    onExecutionResult({ result, setResult }) {
      if (!result || isAsyncIterable(result) || 'data' in result || !result.errors?.length) return
      const isOurs = result.errors.some(({ extensions }) => extensions['code'] === INTERNAL)
      setResult({ ...result, extensions: { ...result.extensions, http: { status: isOurs ? 500 : 400 } } })
    },
  }
}

const INTERNAL = 'INTERNAL_ERROR'

/** What a caller is told of an error: what they may expect in full, anything else as a number to look up in the log. */
function told(error: unknown, logger: Logger): Error {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error
  const place =
    error instanceof GraphQLError ? { nodes: error.nodes, source: error.source, positions: error.positions, path: error.path } : {}
  if (isExpected(cause)) return new GraphQLError(cause.message, { ...place, extensions: { code: cause.code, text: cause.text } })
  if (isBadCursor(cause)) return new GraphQLError(cause.message, { ...place, extensions: { code: cause.code } })
  if (cause instanceof GraphQLError) return error as GraphQLError
  const requestId = randomUUID()
  logger.error({ err: cause, requestId, path: place.path?.join('.') }, 'unexpected error')
  return new GraphQLError('Something went wrong on our side.', {
    ...place,
    extensions: { code: INTERNAL, requestId, text: { en: 'Something went wrong on our side.', zh: '系统内部出错。' } },
  })
}

function isBadCursor(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && error.code === 'BAD_CURSOR'
}
