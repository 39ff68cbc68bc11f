import { graphql } from '../../graphql/index.ts'

export const ConcentrationDocument = graphql(`
  query Concentration($segment: ID) {
    appetite(segment: $segment) {
      asOf
      currency
      outcome
      lines {
        id
        unit
        cap
        before
        after
        state
        title {
          en
          zh
        }
      }
      customer {
        id
        name
      }
      industry {
        en
        zh
      }
      policyVersion {
        version
        policy {
          id
          title {
            en
            zh
          }
        }
      }
    }
    concentration(segment: $segment, names: 10) {
      currency
      total
      customerCount
      expectedLoss
      unconverted
      names {
        grade
        amount
        customer {
          id
          name
          number
        }
      }
      industries {
        code
        amount
        customerCount
        name {
          en
          zh
        }
      }
      grades {
        grade
        amount
        customerCount
        expectedLoss
      }
    }
    ageing(segment: $segment) {
      currency
      asOf
      total
      overdue
      unapplied
      buckets {
        key
        from
        to
        amount
        count
      }
    }
  }
`)
