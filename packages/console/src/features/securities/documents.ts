import { graphql } from '../../graphql/index.ts'

export const AccountSearchDocument = graphql(`
  query AccountSearch($query: String!) {
    customers(filter: { query: $query }, first: 8) {
      edges {
        node {
          customer {
            id
            name
            number
          }
          account {
            id
            currency
            segment {
              id
              name {
                en
                zh
              }
            }
          }
        }
      }
    }
  }
`)

export const SecuritiesDocument = graphql(`
  query Securities($filter: SecurityFilter, $sort: SecuritySort, $first: Int, $after: String, $last: Int, $before: String) {
    securities(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
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
          type
          effect
          percentage
          effectiveFrom
          expiresOn
          provider
          policyNumber
          state
          value {
            amount
            currency
          }
          worth {
            amount
            currency
          }
          parts {
            amount
            customer {
              id
              name
            }
          }
        }
      }
    }
  }
`)

export const SecurityDocument = graphql(`
  query Security($id: ID!) {
    security(id: $id) {
      id
      type
      effect
      percentage
      effectiveFrom
      expiresOn
      provider
      policyNumber
      note
      isImported
      state
      replaces
      decidedAt
      decisionComment
      withdrawnOn
      withdrawalReason
      createdAt
      version
      segment {
        id
        name {
          en
          zh
        }
      }
      value {
        amount
        currency
      }
      cap {
        amount
        currency
      }
      worth {
        amount
        currency
      }
      proposedBy {
        id
        name
      }
      decidedBy {
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
      parts {
        amount
        account {
          id
          currency
          limitKind
          limit {
            amount
            currency
          }
          exposure {
            raisedBy
            reducedBy
            available
          }
          segment {
            id
            name {
              en
              zh
            }
          }
        }
        customer {
          id
          name
          number
        }
      }
      documents {
        id
        name
        size
        href
        createdAt
        addedBy {
          id
          name
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

export const ProposeSecurityDocument = graphql(`
  mutation ProposeSecurity($input: SecurityInput!, $replaces: ID) {
    proposeSecurity(input: $input, replaces: $replaces) {
      __typename
      ... on MutationSecuritySuccess {
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

export const ChangeSecurityDocument = graphql(`
  mutation ChangeSecurity($id: ID!, $version: Int!, $input: SecurityInput!) {
    changeSecurity(id: $id, version: $version, input: $input) {
      __typename
      ... on MutationSecuritySuccess {
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

export const DecideSecurityDocument = graphql(`
  mutation DecideSecurity($id: ID!, $version: Int!, $accept: Boolean!, $comment: String) {
    decideSecurity(id: $id, version: $version, accept: $accept, comment: $comment) {
      __typename
      ... on MutationSecuritySuccess {
        data {
          id
          state
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

export const WithdrawSecurityDocument = graphql(`
  mutation WithdrawSecurity($id: ID!, $version: Int!, $reason: String!) {
    withdrawSecurity(id: $id, version: $version, reason: $reason) {
      __typename
      ... on MutationSecuritySuccess {
        data {
          id
          state
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
