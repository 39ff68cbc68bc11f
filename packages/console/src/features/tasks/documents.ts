import { graphql } from '../../graphql/index.ts'

export const TasksDocument = graphql(`
  query Tasks($view: TaskView!, $filter: TaskFilter, $sort: TaskSort, $first: Int, $after: String, $last: Int, $before: String) {
    tasks(view: $view, filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
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
          outcome
          level
          levelCount
          createdAt
          dueAt
          decidedAt
          canDecide
          cannotDecideReason {
            en
            zh
          }
          amount {
            amount
            currency
          }
          reason {
            en
            zh
          }
          customer {
            id
            name
          }
          application {
            id
            grade
            requestedBy {
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
  }
`)

export const TaskDocument = graphql(`
  query Task($id: ID!) {
    task(id: $id) {
      id
      status
      outcome
      level
      levelCount
      authorityLevel
      createdAt
      dueAt
      decidedAt
      version
      canDecide
      cannotDecideReason {
        en
        zh
      }
      amount {
        amount
        currency
      }
      reason {
        en
        zh
      }
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
      application {
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
      }
    }
  }
`)

export const DecideTaskDocument = graphql(`
  mutation DecideTask($input: DecideTaskInput!) {
    decideTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          status
          outcome
          version
          application {
            id
            status
          }
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
