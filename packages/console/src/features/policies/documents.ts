import { graphql } from '../../graphql/index.ts'

export const PoliciesDocument = graphql(`
  query Policies {
    policies {
      id
      kind
      title {
        en
        zh
      }
      current {
        version
        effectiveFrom
        publishedAt
        publishedBy {
          id
          name
        }
        document
      }
      versions {
        version
        effectiveFrom
        inForce
      }
      draft {
        id
        changeCount
        updatedAt
        updatedBy {
          id
          name
        }
      }
      changeRequests {
        id
        status
      }
    }
  }
`)

export const PolicyDocument = graphql(`
  query Policy($id: ID!) {
    policy(id: $id) {
      id
      kind
      title {
        en
        zh
      }
      myRight {
        right
        reason {
          en
          zh
        }
      }
      draft {
        id
      }
      versions {
        version
        hash
        document
        status
        effectiveFrom
        publishedAt
        inForce
        publishedBy {
          id
          name
        }
        cases {
          id
          name
          facts
          expected
          decisionId
        }
      }
      changeRequests {
        id
        status
        intent
        submittedAt
        maker {
          id
          name
        }
      }
    }
  }
`)

export const PolicyHistoryDocument = graphql(`
  query PolicyHistory($id: ID!) {
    policy(id: $id) {
      id
      versions {
        version
        hash
        status
        effectiveFrom
        publishedAt
        publishedBy {
          id
          name
        }
        changes {
          kind
          subject
          path
          message {
            en
            zh
          }
        }
        changeRequest {
          id
          intent
          isEmergency
          rollbackOf
          maker {
            id
            name
          }
          votes {
            person
            outcome
            at
          }
        }
      }
    }
  }
`)

export const CreatePolicyDocument = graphql(`
  mutation CreatePolicy($kind: String!, $name: String!, $title: TextInput!, $template: ID) {
    createPolicy(kind: $kind, name: $name, title: $title, template: $template) {
      __typename
      ... on MutationPolicyDraftSuccess {
        data {
          id
          policy {
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

export const PolicyTemplatesDocument = graphql(`
  query PolicyTemplates {
    policyTemplates {
      id
      kind
      title {
        en
        zh
      }
      description {
        en
        zh
      }
    }
  }
`)

export const PinnedPoliciesDocument = graphql(`
  query PinnedPolicies {
    policies {
      id
      kind
      title {
        en
        zh
      }
      current {
        version
      }
      draft {
        id
        changeCount
      }
    }
  }
`)
