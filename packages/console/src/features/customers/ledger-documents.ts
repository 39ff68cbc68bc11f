import { graphql } from '../../graphql/index.ts'

export const CustomerLedgerDocument = graphql(`
  query CustomerLedger(
    $id: ID!
    $segment: ID
    $category: ExposureCategory
    $withSettled: Boolean
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    customer(id: $id) {
      id
      account(segment: $segment) {
        id
        balances {
          category
          amount {
            amount
            currency
          }
        }
        exposureSources(category: $category, withSettled: $withSettled, first: $first, after: $after, last: $last, before: $before) {
          totalCount
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
          edges {
            node {
              id
              kind
              number
              category
              moveCount
              firstAt
              lastAt
              amount {
                amount
                currency
              }
            }
          }
        }
      }
    }
  }
`)

export const LedgerMovesDocument = graphql(`
  query LedgerMoves($id: ID!, $segment: ID, $source: ID!) {
    customer(id: $id) {
      id
      account(segment: $segment) {
        id
        exposureMoves(source: $source) {
          id
          at
          category
          balance
          amount {
            amount
            currency
          }
        }
      }
    }
  }
`)
