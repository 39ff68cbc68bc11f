import { cacheExchange, createClient, fetchExchange, mapExchange, type Client } from '@urql/vue'
import { isSignedOut } from './problem.ts'

export const GRAPHQL_URL = '/graphql'

/** A header that no form can set: the server refuses operations without it. */
export const OWN_HEADERS = { 'x-graphql-yoga-csrf': 'console' }

/** The session travels as a cookie that scripts can't read; `onSignedOut` is called when it has ended. */
export const createGraphqlClient = (onSignedOut: () => void): Client =>
  createClient({
    url: GRAPHQL_URL,
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: { credentials: 'same-origin', headers: OWN_HEADERS },
    exchanges: [mapExchange({ onError: (error) => void (isSignedOut(error) && onSignedOut()) }), cacheExchange, fetchExchange],
  })
