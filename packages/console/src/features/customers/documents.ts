import { graphql } from '../../graphql/index.ts'

export const CustomersDocument = graphql(`
  query Customers($filter: CustomerFilter, $sort: CustomerSort, $first: Int, $after: String, $last: Int, $before: String) {
    customers(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          customer {
            id
            number
            name
            status
            customerSince
            country
            industry {
              name {
                en
                zh
              }
            }
          }
          account {
            id
            currency
            limitKind
            limit {
              amount
              currency
            }
            limitValidTo
            paymentTermsDays
            grade
            score
            segment {
              id
              name {
                en
                zh
              }
            }
            exposure {
              total
              available
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

export const IndustriesDocument = graphql(`
  query Industries {
    industries {
      scheme
      code
      name {
        en
        zh
      }
    }
  }
`)

export const CustomerDocument = graphql(`
  query Customer($id: ID!, $segment: ID) {
    customer(id: $id) {
      id
      number
      name
      otherNames
      registrationNumber
      country
      customerSince
      status
      industry {
        code
        name {
          en
          zh
        }
        risk
      }
      contacts {
        name
        title
        email
        phone
      }
      accounts {
        id
        segment {
          id
          name {
            en
            zh
          }
        }
        currency
      }
      account(segment: $segment) {
        id
        currency
        limitKind
        limit {
          amount
          currency
        }
        limitValidTo
        paymentTermsDays
        grade
        score
        nextReviewOn
        status
        segment {
          id
          name {
            en
            zh
          }
        }
        exposure {
          limitKind
          limit
          temporaryUntil
          openOrders
          deliveries
          receivables
          bills
          unappliedCash
          total
          raisedBy
          reducedBy
          available
          utilisation
          overdue
          oldestOverdueDays
        }
        limitHistory {
          id
          kind
          amount {
            amount
            currency
          }
          paymentTermsDays
          validFrom
          validTo
          temporaryUntil
          reason
          createdAt
          application {
            id
          }
          decidedBy {
            id
            name
          }
        }
      }
      ageing {
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
      open: documents(type: INVOICE, state: OPEN, first: 1) {
        totalCount
      }
      overdue: documents(type: INVOICE, state: OVERDUE, sort: "dueOn", first: 6) {
        totalCount
        edges {
          node {
            id
            number
            issuedOn
            dueOn
            amount {
              amount
              currency
            }
            openAmount
            daysPastDue
            disputed
          }
        }
      }
    }
  }
`)

export const CustomerActivityDocument = graphql(`
  query CustomerActivity($id: ID!) {
    customer(id: $id) {
      id
      applications(first: 4) {
        totalCount
        edges {
          node {
            id
            status
            submittedAt
            currentLevel
            requestedLimit {
              amount
              currency
            }
            approvedLimit {
              amount
              currency
            }
            requestedBy {
              id
              name
            }
          }
        }
      }
      decisions(first: 24) {
        totalCount
        edges {
          node {
            id
            kind
            outcome
            asOf
            decidedAt
            result
          }
        }
      }
      timeline(first: 12) {
        totalCount
        edges {
          node {
            id
            at
            actor {
              id
              name
            }
            actorKind
            action
            entity
            entityId
            reason
            before
            after
          }
        }
      }
    }
  }
`)

export const CustomerFactsDocument = graphql(`
  query CustomerFacts($id: ID!) {
    customer(id: $id) {
      id
      facts {
        key
        label {
          en
          zh
        }
        family
        type
        unit
        currency
        value
        missing {
          en
          zh
        }
        source {
          en
          zh
        }
        evidenceOn
      }
    }
  }
`)

export const CustomerBookDocument = graphql(`
  query CustomerBook(
    $id: ID!
    $type: DocumentType
    $state: DocumentState
    $sort: String
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    customer(id: $id) {
      id
      documents(type: $type, state: $state, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
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
            type
            number
            issuedOn
            dueOn
            amount {
              amount
              currency
            }
            openAmount
            daysPastDue
            disputed
          }
        }
      }
    }
  }
`)

export const CustomerPaymentsDocument = graphql(`
  query CustomerPayments($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    customer(id: $id) {
      id
      payments(first: $first, after: $after, last: $last, before: $before) {
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
            number
            receivedOn
            amount {
              amount
              currency
            }
            unappliedAmount
          }
        }
      }
    }
  }
`)

export const CustomerApplicationsDocument = graphql(`
  query CustomerApplications($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    customer(id: $id) {
      id
      applications(first: $first, after: $after, last: $last, before: $before) {
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
            status
            submittedAt
            closedAt
            grade
            score
            requestedTermsDays
            approvedTermsDays
            requestedLimit {
              amount
              currency
            }
            approvedLimit {
              amount
              currency
            }
            requestedBy {
              id
              name
            }
          }
        }
      }
    }
  }
`)

export const CustomerDecisionsDocument = graphql(`
  query CustomerDecisions($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    customer(id: $id) {
      id
      decisions(first: $first, after: $after, last: $last, before: $before) {
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
            kind
            outcome
            asOf
            decidedAt
            result
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
        }
      }
    }
  }
`)

export const CustomerTimelineDocument = graphql(`
  query CustomerTimeline($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    customer(id: $id) {
      id
      timeline(first: $first, after: $after, last: $last, before: $before) {
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
            at
            actor {
              id
              name
            }
            actorKind
            action
            entity
            entityId
            reason
            before
            after
          }
        }
      }
    }
  }
`)
