import { graphql } from '../../graphql/index.ts'

export const MyTasksDocument = graphql(`
  query MyTasks {
    tasks(view: MINE, sort: { field: DUE_AT }, first: 50) {
      totalCount
      edges {
        node {
          id
          kind
          grade
          level
          levelCount
          createdAt
          dueAt
          approval {
            id
            title {
              en
              zh
            }
          }
          amount {
            amount
            currency
          }
          reason {
            en
            zh
          }
          customer {
            id
            name
          }
          application {
            id
            account {
              currency
              limitKind
              limit {
                amount
                currency
              }
            }
          }
        }
      }
    }
  }
`)

export const MyApplicationsDocument = graphql(`
  query MyApplications($filter: ApplicationFilter!, $first: Int!) {
    applications(filter: $filter, sort: { field: SUBMITTED_AT, descending: true }, first: $first) {
      totalCount
      edges {
        node {
          id
          status
          submittedAt
          currentLevel
          levels
          grade
          requestedLimit {
            amount
            currency
          }
          approvedLimit {
            amount
            currency
          }
          customer {
            id
            name
          }
          requestedBy {
            id
            name
          }
          account {
            currency
            limitKind
            limit {
              amount
              currency
            }
          }
          tasks {
            id
            status
            level
            dueAt
          }
        }
      }
    }
  }
`)

export const RecentImportsDocument = graphql(`
  query RecentImports {
    imports(first: 5) {
      totalCount
      edges {
        node {
          id
          fileName
          status
          createdAt
          rowsTotal
          rowsDone
          counts {
            rows
            new
            changed
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

export const PortfolioDocument = graphql(`
  query Portfolio {
    portfolio {
      currency
      asOf
      exposure
      openOrders
      deliveries
      receivables
      limits
      customerCount
      ageing {
        total
        overdue
        buckets {
          key
          from
          to
          amount
          count
        }
      }
      dso
      bestPossibleDso
      averageDaysDelinquent
      dsoTrend
      grades {
        grade
        count
        exposure
      }
    }
  }
`)

export const WatchedCustomersDocument = graphql(`
  query WatchedCustomers($filter: CustomerFilter!, $sort: CustomerSort!) {
    customers(filter: $filter, sort: $sort, first: 8) {
      totalCount
      edges {
        node {
          customer {
            id
            name
          }
          account {
            id
            currency
            grade
            exposure {
              total
              utilisation
              overdue
              oldestOverdueDays
            }
          }
        }
      }
    }
  }
`)
