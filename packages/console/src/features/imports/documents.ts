import { graphql } from '../../graphql/index.ts'

export const ImportsDocument = graphql(`
  query Imports($first: Int, $after: String, $last: Int, $before: String) {
    imports(first: $first, after: $after, last: $last, before: $before) {
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
          fileName
          kind
          status
          createdAt
          appliedAt
          rowsTotal
          rowsDone
          createdBy {
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
          counts {
            rows
            new
            changed
            same
            wrong
          }
          error {
            en
            zh
          }
        }
      }
    }
  }
`)

export const ImportDocument = graphql(`
  query Import($id: ID!) {
    import(id: $id) {
      id
      fileName
      kind
      status
      createdAt
      appliedAt
      version
      rowsTotal
      rowsDone
      columns
      mapping
      sample
      createdBy {
        id
        name
      }
      segment {
        id
        name {
          en
          zh
        }
        currency
      }
      format {
        kind
        encoding
        delimiter
        dateFormat
        decimalSeparator
        sheet
        sheets
        headerRow
      }
      fields {
        key
        label {
          en
          zh
        }
        required
        description {
          en
          zh
        }
      }
      counts {
        rows
        new
        changed
        same
        wrong
        newCustomers
        mergedNames
        totals {
          amount
          currency
        }
      }
      changes {
        kind
        row
        key
        before
        after
      }
      error {
        en
        zh
      }
    }
  }
`)

export const ImportErrorsDocument = graphql(`
  query ImportErrors($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    import(id: $id) {
      id
      errors(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
        edges {
          node {
            row
            column
            code
            message {
              en
              zh
            }
            value
          }
        }
      }
    }
  }
`)

export const ConfigureImportDocument = graphql(`
  mutation ConfigureImport($input: ConfigureImportInput!) {
    configureImport(input: $input) {
      __typename
      ... on MutationImportSuccess {
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

export const ApplyImportDocument = graphql(`
  mutation ApplyImport($id: ID!, $version: Int!) {
    applyImport(id: $id, version: $version) {
      __typename
      ... on MutationImportSuccess {
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

export const CancelImportDocument = graphql(`
  mutation CancelImport($id: ID!) {
    cancelImport(id: $id) {
      __typename
      ... on MutationImportSuccess {
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
