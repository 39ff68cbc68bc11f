import { graphql } from '../graphql/index.ts'

export const CountersDocument = graphql(`
  query Counters {
    counters {
      tasks
      applications
      imports
      holds
    }
  }
`)

export const SearchDocument = graphql(`
  query Search($query: String!) {
    search(query: $query, first: 12) {
      kind
      id
      title
      subtitle
      grade
    }
  }
`)
