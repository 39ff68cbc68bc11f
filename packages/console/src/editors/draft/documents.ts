import { graphql } from '../../graphql/index.ts'

export const OpenPolicyDraftDocument = graphql(`
  mutation OpenPolicyDraft($policyId: ID!) {
    openPolicyDraft(policyId: $policyId) {
      __typename
      ... on MutationPolicyDraftSuccess {
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

export const PolicyDraftDocument = graphql(`
  query PolicyDraft($id: ID!) {
    policyDraft(id: $id) {
      id
      revision
      status
      document
      contentHash
      baseVersion
      newestVersion
      updatedAt
      base {
        version
        document
        inForce
      }
      cases {
        id
        name
        facts
        expected
        decisionId
      }
      myRight {
        right
        reason {
          en
          zh
        }
      }
      restorePoints {
        name
        revision
        savedAt
        savedBy {
          id
          name
        }
      }
    }
  }
`)

export const SavePolicyDraftDocument = graphql(`
  mutation SavePolicyDraft($input: SavePolicyDraftInput!) {
    savePolicyDraft(input: $input) {
      __typename
      ... on MutationSavedPolicyDraftSuccess {
        data {
          merged
          draft {
            id
            revision
            document
            contentHash
            updatedAt
            cases {
              id
              name
              facts
              expected
              decisionId
            }
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
      ... on DraftConflictError {
        mine
        theirs
        merged
        theirRevision
        conflicts {
          path
          base
          mine
          theirs
          message {
            en
            zh
          }
        }
      }
    }
  }
`)

export const RebasePolicyDraftDocument = graphql(`
  mutation RebasePolicyDraft($id: ID!, $baseRevision: Int!) {
    rebasePolicyDraft(id: $id, baseRevision: $baseRevision) {
      __typename
      ... on MutationSavedPolicyDraftSuccess {
        data {
          merged
          draft {
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
      ... on DraftConflictError {
        mine
        theirs
        merged
        theirRevision
        conflicts {
          path
          base
          mine
          theirs
          message {
            en
            zh
          }
        }
      }
    }
  }
`)

export const SettlePolicyRebaseDocument = graphql(`
  mutation SettlePolicyRebase($input: SavePolicyDraftInput!) {
    settlePolicyRebase(input: $input) {
      __typename
      ... on MutationPolicyDraftSuccess {
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
    }
  }
`)

export const SeePolicyDraftDocument = graphql(`
  mutation SeePolicyDraft($id: ID!) {
    seePolicyDraft(id: $id) {
      __typename
      ... on MutationPolicyDraftSuccess {
        data {
          id
          revision
          editors {
            seenAt
            editedAt
            user {
              id
              name
            }
          }
        }
      }
    }
  }
`)

export const DiscardPolicyDraftDocument = graphql(`
  mutation DiscardPolicyDraft($id: ID!, $baseRevision: Int!) {
    discardPolicyDraft(id: $id, baseRevision: $baseRevision) {
      __typename
      ... on MutationPolicyDraftSuccess {
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
    }
  }
`)

export const FillPolicyDraftDocument = graphql(`
  mutation FillPolicyDraft($id: ID!, $baseRevision: Int!, $version: Int!) {
    fillPolicyDraft(id: $id, baseRevision: $baseRevision, version: $version) {
      __typename
      ... on MutationPolicyDraftSuccess {
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
    }
  }
`)

export const AddRestorePointDocument = graphql(`
  mutation AddRestorePoint($id: ID!, $name: String!) {
    addRestorePoint(id: $id, name: $name) {
      __typename
      ... on MutationPolicyDraftSuccess {
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
    }
  }
`)

export const RestorePolicyDraftDocument = graphql(`
  mutation RestorePolicyDraft($id: ID!, $baseRevision: Int!, $revision: Int!) {
    restorePolicyDraft(id: $id, baseRevision: $baseRevision, revision: $revision) {
      __typename
      ... on MutationPolicyDraftSuccess {
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
    }
  }
`)
