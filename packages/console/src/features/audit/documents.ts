import { graphql } from '../../graphql/index.ts'

export const AuditDocument = graphql(`
  query Audit($filter: AuditFilter, $first: Int, $after: String, $last: Int, $before: String) {
    auditEntries(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
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
          at
          actor {
            id
            name
          }
          actorKind
          action
          entity
          entityId
          reason
          before
          after
          hash
        }
      }
    }
  }
`)

export const AuditChainDocument = graphql(`
  query AuditChain {
    auditChain {
      sealed
      unsealed
      head
      verifiedAt
      ok
      problem {
        en
        zh
      }
    }
  }
`)
