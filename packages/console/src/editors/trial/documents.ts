import { graphql } from '../../graphql/index.ts'

export const TrialCustomersDocument = graphql(`
  query TrialCustomers($query: String!) {
    customers(filter: { query: $query }, sort: { field: EXPOSURE, descending: true }, first: 12) {
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
          }
        }
      }
    }
  }
`)

export const TrialFactsDocument = graphql(`
  query TrialFacts($id: ID!) {
    customer(id: $id) {
      id
      name
      facts {
        key
        value
        source {
          en
          zh
        }
      }
      decisions(first: 12) {
        edges {
          node {
            id
            kind
            outcome
            decidedAt
          }
        }
      }
    }
  }
`)

export const TrialDecisionDocument = graphql(`
  query TrialDecision($id: ID!) {
    decision(id: $id) {
      id
      decidedAt
      facts
      customer {
        id
        name
      }
    }
  }
`)
