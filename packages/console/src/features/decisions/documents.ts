import { graphql } from '../../graphql/index.ts'

export const DecisionDocument = graphql(`
  query Decision($id: ID!) {
    decision(id: $id) {
      id
      kind
      asOf
      outcome
      facts
      result
      decidedAt
      customer {
        id
        name
        number
        account {
          id
          currency
          grade
        }
      }
      policyVersion {
        version
        hash
        document
        inForce
        policy {
          id
          title {
            en
            zh
          }
        }
      }
    }
    factDefinitions {
      key
      label {
        en
        zh
      }
      unit
      source {
        en
        zh
      }
    }
  }
`)
