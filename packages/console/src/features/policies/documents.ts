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
      versions {
        version
        hash
        document
        effectiveFrom
        publishedAt
        inForce
        publishedBy {
          id
          name
        }
      }
    }
  }
`)
