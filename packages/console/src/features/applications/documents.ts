import { graphql } from '../../graphql/index.ts'

export const ApplicationsDocument = graphql(`
  query Applications($filter: ApplicationFilter, $sort: ApplicationSort, $first: Int, $after: String, $last: Int, $before: String) {
    applications(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
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
          status
          submittedAt
          grade
          score
          levels
          currentLevel
          requestedLimit {
            amount
            currency
          }
          requestedTermsDays
          recommendedLimit {
            amount
            currency
          }
          approvedLimit {
            amount
            currency
          }
          approvedTermsDays
          requestedBy {
            id
            name
          }
          segment {
            id
            name {
              en
              zh
            }
          }
          customer {
            id
            name
          }
          account {
            id
            currency
            limit {
              amount
              currency
            }
          }
        }
      }
    }
  }
`)

export const ApplicationDocument = graphql(`
  query Application($id: ID!) {
    application(id: $id) {
      id
      status
      round
      version
      purpose
      submittedAt
      closedAt
      requestedLimit {
        amount
        currency
      }
      requestedTermsDays
      recommendedLimit {
        amount
        currency
      }
      recommendedTermsDays
      approvedLimit {
        amount
        currency
      }
      approvedTermsDays
      grade
      score
      levels
      currentLevel
      requestedBy {
        id
        name
      }
      account {
        id
        currency
        status
        grade
        score
        limitKind
        limit {
          amount
          currency
        }
        limitValidTo
        nextReviewOn
        paymentTermsDays
        exposure {
          currency
          total
          available
          utilisation
          openOrders
          deliveries
          receivables
          bills
          unappliedCash
          raisedBy
          reducedBy
          overdue
          oldestOverdueDays
        }
      }
      assessment {
        id
        outcome
        asOf
        decidedAt
        facts
        result
        policyVersion {
          version
          hash
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
      recommendation {
        id
        outcome
        asOf
        decidedAt
        facts
        result
        policyVersion {
          version
          hash
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
      authority {
        id
        policyVersion {
          version
          policy {
            id
            title {
              en
              zh
            }
          }
        }
      }
      tasks {
        id
        level
        levelCount
        authorityLevel
        status
        outcome
        createdAt
        dueAt
        decidedAt
        canDecide
        votes {
          person
          outcome
          limit {
            amount
            currency
          }
          termsDays
          comment
          at
          level
        }
      }
      timeline(first: 50) {
        totalCount
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
          }
        }
      }
      canWithdraw
      canResubmit
      segment {
        id
        name {
          en
          zh
        }
      }
      customer {
        id
        name
        number
        status
        customerSince
        industry {
          code
          name {
            en
            zh
          }
        }
      }
    }
  }
`)

export const ApplicantDocument = graphql(`
  query Applicant($id: ID!) {
    customer(id: $id) {
      id
      name
      number
      status
      accounts {
        id
        currency
        status
        grade
        score
        limitKind
        limit {
          amount
          currency
        }
        limitValidTo
        paymentTermsDays
        segment {
          id
          name {
            en
            zh
          }
          currency
        }
        exposure {
          currency
          total
          available
          utilisation
          openOrders
          deliveries
          receivables
          bills
          unappliedCash
          raisedBy
          reducedBy
          overdue
          oldestOverdueDays
        }
      }
      applications(first: 5) {
        edges {
          node {
            id
            status
            submittedAt
            segment {
              id
            }
            requestedLimit {
              amount
              currency
            }
          }
        }
      }
    }
  }
`)

export const ApplicantSearchDocument = graphql(`
  query ApplicantSearch($query: String!, $first: Int!) {
    customers(filter: { query: $query }, sort: { field: EXPOSURE, descending: true }, first: $first) {
      totalCount
      edges {
        node {
          customer {
            id
            name
            number
          }
          account {
            id
            grade
            currency
            limit {
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
          }
        }
      }
    }
  }
`)

export const SubmitApplicationDocument = graphql(`
  mutation SubmitApplication($input: SubmitApplicationInput!) {
    submitApplication(input: $input) {
      __typename
      ... on MutationApplicationSuccess {
        data {
          id
          status
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

export const ResubmitApplicationDocument = graphql(`
  mutation ResubmitApplication($input: ResubmitApplicationInput!) {
    resubmitApplication(input: $input) {
      __typename
      ... on MutationApplicationSuccess {
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

export const WithdrawApplicationDocument = graphql(`
  mutation WithdrawApplication($input: WithdrawApplicationInput!) {
    withdrawApplication(input: $input) {
      __typename
      ... on MutationApplicationSuccess {
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

export const SimilarCasesDocument = graphql(`
  query SimilarCases($id: ID!) {
    application(id: $id) {
      id
      similarCases {
        applicationId
        customer {
          id
          name
        }
        outcome
        amount {
          amount
          currency
        }
        grade
        gradeNow
        closedAt
        worstDaysLate
      }
    }
  }
`)

export const ApplicationAppetiteDocument = graphql(`
  query ApplicationAppetite($id: ID!, $limit: Decimal) {
    application(id: $id) {
      id
      appetite(limit: $limit) {
        currency
        outcome
        lines {
          id
          title {
            en
            zh
          }
          unit
          cap
          before
          after
          state
        }
        reasons {
          code
          text {
            en
            zh
          }
        }
      }
    }
  }
`)
