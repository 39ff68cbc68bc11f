import { graphql } from '../../graphql/index.ts'

export const CustomersDocument = graphql(`
  query Customers($filter: CustomerFilter, $sort: CustomerSort, $first: Int, $after: String, $last: Int, $before: String) {
    customers(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges {
        cursor
        node {
          customer { id number name status customerSince country industry { name { en zh } } }
          account {
            id currency limitKind limit { amount currency } limitValidTo paymentTermsDays grade score
            segment { id name { en zh } }
            exposure { total available utilisation overdue oldestOverdueDays }
          }
        }
      }
    }
  }
`)

export const IndustriesDocument = graphql(`
  query Industries {
    industries { scheme code name { en zh } }
  }
`)
