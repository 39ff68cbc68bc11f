import { graphql } from '../../graphql/index.ts'

export const HoldsDocument = graphql(`
  query Holds($filter: HoldFilter, $sort: HoldSort, $first: Int, $after: String, $last: Int, $before: String) {
    holds(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          id
          orderNumber
          checkpoint
          status
          isForced
          releaseLevel
          releasedItself
          releasedAt
          createdAt
          version
          amount {
            amount
            currency
          }
          customer {
            id
            name
            number
          }
          segment {
            id
            name {
              en
              zh
            }
          }
          releasedBy {
            id
            name
          }
          refusal {
            code
            message {
              en
              zh
            }
          }
          reasons {
            code
            rule
            clearedAt
            text {
              en
              zh
            }
          }
        }
      }
    }
  }
`)

export const HoldReasonsDocument = graphql(`
  query HoldReasons {
    holdReasons {
      code
      count
      title {
        en
        zh
      }
    }
  }
`)

export const HoldDocument = graphql(`
  query Hold($id: ID!) {
    hold(id: $id) {
      id
      orderNumber
      source
      checkpoint
      status
      isForced
      releaseLevel
      releaseReason
      releasedAt
      releasedItself
      releasedWithStep
      createdAt
      version
      amount {
        amount
        currency
      }
      segment {
        id
        name {
          en
          zh
        }
      }
      forcedBy {
        id
        name
      }
      releasedBy {
        id
        name
      }
      refusal {
        code
        message {
          en
          zh
        }
      }
      releasers {
        level
        user {
          id
          name
        }
      }
      reasons {
        code
        rule
        clearedAt
        clearComment
        createdAt
        text {
          en
          zh
        }
        clearedBy {
          id
          name
        }
      }
      decision {
        id
        facts
        policyVersion {
          version
          document
          policy {
            id
            title {
              en
              zh
            }
          }
        }
      }
      customer {
        id
        name
        number
      }
      account {
        id
        currency
        grade
        limitKind
        limit {
          amount
          currency
        }
        exposure {
          limitKind
          limit
          temporaryUntil
          openOrders
          deliveries
          receivables
          bills
          unappliedCash
          total
          raisedBy
          reducedBy
          available
          utilisation
          overdue
          oldestOverdueDays
        }
      }
      history {
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
      }
    }
  }
`)

export const ReleaseHoldDocument = graphql(`
  mutation ReleaseHold($input: ReleaseHoldInput!) {
    releaseHold(input: $input) {
      __typename
      ... on MutationHoldSuccess {
        data {
          id
          status
          version
        }
      }
      ... on Error {
        code
        message {
          en
          zh
        }
      }
      ... on InvalidInputError {
        issues {
          path
          code
          message {
            en
            zh
          }
        }
      }
    }
  }
`)

export const RecheckHoldDocument = graphql(`
  mutation RecheckHold($id: ID!) {
    recheckHold(id: $id) {
      __typename
      ... on MutationHoldSuccess {
        data {
          id
          status
          version
        }
      }
      ... on Error {
        code
        message {
          en
          zh
        }
      }
      ... on InvalidInputError {
        issues {
          path
          code
          message {
            en
            zh
          }
        }
      }
    }
  }
`)

export const ForceHoldDocument = graphql(`
  mutation ForceHold($input: ForceHoldInput!) {
    forceHold(input: $input) {
      __typename
      ... on MutationHoldSuccess {
        data {
          id
        }
      }
      ... on Error {
        code
        message {
          en
          zh
        }
      }
      ... on InvalidInputError {
        issues {
          path
          code
          message {
            en
            zh
          }
        }
      }
    }
  }
`)
