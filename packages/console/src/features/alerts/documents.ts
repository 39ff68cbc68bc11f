import { graphql } from '../../graphql/index.ts'

export const AlertsDocument = graphql(`
  query Alerts($filter: AlertFilter, $first: Int, $after: String, $last: Int, $before: String) {
    alertCounts {
      warn
      critical
    }
    alerts(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
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
          indicator
          fact
          severity
          status
          value
          threshold
          clearAt
          message {
            en
            zh
          }
          customer {
            id
            name
          }
          decision {
            id
          }
          values {
            day
            value
          }
          openedAt
          seenAt
          handledBy {
            id
            name
          }
          snoozedUntil
          comment
          closedOn
          closedItself
          version
        }
      }
    }
  }
`)

export const HandleAlertDocument = graphql(`
  mutation HandleAlert($input: HandleAlertInput!) {
    handleAlert(input: $input) {
      __typename
      ... on MutationAlertSuccess {
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
