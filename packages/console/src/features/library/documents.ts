import { graphql } from '../../graphql/index.ts'

export const LibraryDocument = graphql(`
  query Library($kind: LibraryKind!) {
    library(kind: $kind) {
      id
      kind
      name
      version
      savedAt
      title {
        en
        zh
      }
      uses {
        in
        isCurrent
        policy {
          id
        }
      }
    }
  }
`)

export const LibraryItemDocument = graphql(`
  query LibraryItem($kind: LibraryKind!, $name: String!) {
    libraryItem(kind: $kind, name: $name) {
      id
      kind
      name
      version
      content
      comment
      savedAt
      title {
        en
        zh
      }
      savedBy {
        id
        name
      }
      uses {
        in
        isCurrent
        path
        version
        policy {
          id
          title {
            en
            zh
          }
        }
      }
      versions {
        id
        version
        savedAt
        comment
        savedBy {
          id
          name
        }
      }
    }
  }
`)

export const LibraryEffectDocument = graphql(`
  query LibraryEffect($kind: LibraryKind!, $name: String!, $content: JSON!) {
    libraryEffect(kind: $kind, name: $name, content: $content) {
      policy {
        id
        title {
          en
          zh
        }
      }
      changes {
        kind
        path
        message {
          en
          zh
        }
      }
    }
  }
`)

export const SaveLibraryItemDocument = graphql(`
  mutation SaveLibraryItem($kind: LibraryKind!, $name: String!, $title: TextInput!, $content: JSON!, $comment: String, $baseVersion: Int) {
    saveLibraryItem(kind: $kind, name: $name, title: $title, content: $content, comment: $comment, baseVersion: $baseVersion) {
      __typename
      ... on MutationLibraryItemSuccess {
        data {
          id
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

export const ApplyLibraryItemDocument = graphql(`
  mutation ApplyLibraryItem($kind: LibraryKind!, $name: String!, $policyIds: [ID!]!) {
    applyLibraryItem(kind: $kind, name: $name, policyIds: $policyIds) {
      __typename
      ... on MutationPolicyDraftsSuccess {
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
    }
  }
`)
