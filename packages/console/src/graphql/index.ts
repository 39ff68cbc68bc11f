import { gql } from '@urql/core'
import type { graphql as typed } from './generated/gql.ts'

/**
 * Marks a GraphQL document and gives it its types. `npm run codegen` checks it against `api/schema.graphql`.
 *
 * The generated lookup table is used for its types alone: at run time a document is its own text, so that each page
 * carries only its own documents.
 */
export const graphql = ((source: string) => gql(source)) as unknown as typeof typed
