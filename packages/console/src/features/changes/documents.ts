import { graphql } from '../../graphql/index.ts'

export const ReadinessDocument = graphql(`
  query Readiness($id: ID!, $acknowledgements: [AcknowledgementInput!], $isEmergency: Boolean) {
    policyDraft(id: $id) {
      id
      revision
      contentHash
      changes {
        kind
        subject
        path
        message {
          en
          zh
        }
      }
      readiness(acknowledgements: $acknowledgements, isEmergency: $isEmergency) {
        issues {
          code
          path
          message {
            en
            zh
          }
        }
        findings {
          code
          severity
          path
          message {
            en
            zh
          }
        }
        caseResults {
          id
          name
          isMet
        }
        impact {
          id
          status
          draftHash
          result {
            moved
            movedShare
            total
          }
        }
      }
    }
  }
`)

export const SubmitPolicyChangeDocument = graphql(`
  mutation SubmitPolicyChange($input: SubmitPolicyChangeInput!) {
    submitPolicyChange(input: $input) {
      __typename
      ... on MutationChangeRequestSuccess {
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

export const ChangesDocument = graphql(`
  query Changes($view: ChangeView!, $policyId: ID, $first: Int, $after: String) {
    changes(view: $view, filter: { policyId: $policyId }, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          intent
          status
          stage
          submittedAt
          effectiveFrom
          isEmergency
          rollbackOf
          canDecide
          maker {
            id
            name
          }
          policy {
            id
            title {
              en
              zh
            }
          }
          baseVersion
          impact {
            id
            result {
              movedShare
              moved
              movedExposure
              currency
            }
          }
        }
      }
    }
  }
`)

export const ChangeDocument = graphql(`
  query Change($id: ID!) {
    change(id: $id) {
      id
      version
      intent
      status
      stage
      submittedAt
      effectiveFrom
      closedAt
      dueAt
      isEmergency
      rollbackOf
      contentHash
      baseVersion
      canDecide
      canWithdraw
      cannotDecideReason {
        en
        zh
      }
      draftId
      document
      maker {
        id
        name
      }
      policy {
        id
        kind
        title {
          en
          zh
        }
      }
      base {
        version
        document
      }
      published {
        version
      }
      diff {
        kind
        subject
        path
        beforePath
        message {
          en
          zh
        }
      }
      findings {
        code
        severity
        path
        message {
          en
          zh
        }
      }
      acknowledgements {
        code
        path
        text
      }
      caseResults {
        id
        name
        isMet
        differences {
          column
          expected
          actual
        }
      }
      approvals {
        level
        stage
        givenBy
        label {
          en
          zh
        }
      }
      votes {
        person
        outcome
        stage
        at
        comment
        contentHash
      }
      comments {
        id
        at
        body
        path
        author {
          id
          name
        }
      }
      impact {
        id
      }
    }
  }
`)

export const CommentPolicyChangeDocument = graphql(`
  mutation CommentPolicyChange($id: ID!, $body: String!) {
    commentPolicyChange(id: $id, body: $body) {
      __typename
      ... on MutationChangeRequestSuccess {
        data {
          id
          comments {
            id
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

export const WithdrawPolicyChangeDocument = graphql(`
  mutation WithdrawPolicyChange($id: ID!, $reason: String) {
    withdrawPolicyChange(id: $id, reason: $reason) {
      __typename
      ... on MutationChangeRequestSuccess {
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

export const ApprovePolicyChangeDocument = graphql(`
  mutation ApprovePolicyChange($input: DecidePolicyChangeInput!) {
    approvePolicyChange(input: $input) {
      __typename
      ... on MutationChangeRequestSuccess {
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

export const RejectPolicyChangeDocument = graphql(`
  mutation RejectPolicyChange($input: DecidePolicyChangeInput!) {
    rejectPolicyChange(input: $input) {
      __typename
      ... on MutationChangeRequestSuccess {
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

export const RequestPolicyChangesDocument = graphql(`
  mutation RequestPolicyChanges($input: DecidePolicyChangeInput!) {
    requestPolicyChanges(input: $input) {
      __typename
      ... on MutationChangeRequestSuccess {
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
