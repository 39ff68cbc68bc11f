import { graphql } from '../../graphql/index.ts'

export const RequestPlaceDocument = graphql(`
  query RequestPlace($id: ID!) {
    customer(id: $id) {
      id
      name
      accounts {
        id
        currency
        status
        grade
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
    }
  }
`)

export const OverdueDocumentsDocument = graphql(`
  query OverdueDocuments($id: ID!) {
    customer(id: $id) {
      id
      documents(state: OVERDUE, type: INVOICE, sort: "dueOn", first: 100) {
        totalCount
        edges {
          node {
            id
            number
            dueOn
            openAmount
            daysPastDue
            disputed
            amount {
              amount
              currency
            }
          }
        }
      }
    }
  }
`)

export const RequestLimitChangeDocument = graphql(`
  mutation RequestLimitChange($input: RequestLimitChangeInput!) {
    requestLimitChange(input: $input) {
      __typename
      ... on MutationApprovalSuccess {
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

export const RequestTemporaryLimitDocument = graphql(`
  mutation RequestTemporaryLimit($input: RequestTemporaryLimitInput!) {
    requestTemporaryLimit(input: $input) {
      __typename
      ... on MutationApprovalSuccess {
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

export const RequestWriteOffDocument = graphql(`
  mutation RequestWriteOff($input: RequestWriteOffInput!) {
    requestWriteOff(input: $input) {
      __typename
      ... on MutationApprovalSuccess {
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

export const WithdrawApprovalDocument = graphql(`
  mutation WithdrawApproval($input: CommentApprovalInput!) {
    withdrawApproval(input: $input) {
      __typename
      ... on MutationApprovalSuccess {
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

export const RecallApprovalDocument = graphql(`
  mutation RecallApproval($input: CommentApprovalInput!) {
    recallApproval(input: $input) {
      __typename
      ... on MutationApprovalSuccess {
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

export const ResubmitApprovalDocument = graphql(`
  mutation ResubmitApproval($input: ReworkApprovalInput!) {
    resubmitApproval(input: $input) {
      __typename
      ... on MutationApprovalSuccess {
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

export const ApprovalDocument = graphql(`
  query Approval($id: ID!) {
    approval(id: $id) {
      id
      title {
        en
        zh
      }
      kind
      status
      round
      purpose
      request
      subjectId
      waitsFor
      blocked
      overrideLevel
      startedAt
      returnedAt
      closedAt
      stoppedHours
      workflowId
      version
      canAmend
      canResubmit
      canWithdraw
      grade
      amount {
        amount
        currency
      }
      granted {
        amount
        currency
      }
      maker {
        id
        name
      }
      customer {
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
      steps {
        level
        authorityLevel
        mode
        needed
        deadlineHours
        isCarried
      }
      tasks {
        id
        canDecide
        round
        level
        levelCount
        authorityLevel
        status
        outcome
        createdAt
        dueAt
        decidedAt
        reminders
        escalations
        nextEscalationAt
        remindHalfAt
        remindLateAt
        needed
        votes {
          person
          onBehalfOf
          outcome
          limit {
            amount
            currency
          }
          termsDays
          overrideReason
          comment
          at
          level
        }
      }
      comments {
        id
        person
        isOpinion
        text
        at
      }
      attachments {
        id
        fileName
        mediaType
        size
        person
        at
        url
      }
      history(first: 50) {
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
      subject {
        __typename
        ... on CreditAccount {
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
        ... on Hold {
          id
          orderNumber
          releaseLevel
          amount {
            amount
            currency
          }
          reasons {
            code
            text {
              en
              zh
            }
            clearedAt
          }
          decision {
            id
          }
        }
      }
    }
  }
`)

export const MyRequestsDocument = graphql(`
  query MyRequests {
    approvals(filter: { mine: true, statuses: [OPEN, RETURNED] }, first: 20) {
      totalCount
      edges {
        node {
          id
          kind
          status
          waitsFor
          startedAt
          title {
            en
            zh
          }
          amount {
            amount
            currency
          }
          customer {
            id
            name
          }
          application {
            id
          }
          tasks {
            id
            status
            level
            dueAt
          }
        }
      }
    }
  }
`)
