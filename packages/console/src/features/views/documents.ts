import { graphql } from '../../graphql/index.ts'

export const SavedViewsDocument = graphql(`
  query SavedViews($list: SavedViewList!) {
    savedViews(list: $list) {
      id
      name
      query
      isShared
      isOwn
      owner
    }
  }
`)

export const SaveViewDocument = graphql(`
  mutation SaveView($input: SaveViewInput!) {
    saveView(input: $input) {
      __typename
      ... on MutationSavedViewSuccess {
        data {
          id
          name
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

export const DeleteViewDocument = graphql(`
  mutation DeleteView($id: ID!) {
    deleteView(id: $id) {
      __typename
      ... on MutationSavedViewSuccess {
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
