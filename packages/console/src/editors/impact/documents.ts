import { graphql } from '../../graphql/index.ts'

export const RunPolicyImpactDocument = graphql(`
  mutation RunPolicyImpact($draftId: ID!) {
    runPolicyImpact(draftId: $draftId) {
      __typename
      ... on MutationPolicyImpactSuccess {
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

export const PolicyImpactDocument = graphql(`
  query PolicyImpact($id: ID!) {
    policyImpact(id: $id) {
      id
      status
      problem
      draftHash
      baseHash
      baseVersion
      doneCount
      totalCount
      finishedAt
      result {
        over
        asOf
        currency
        total
        moved
        movedShare
        movedExposure
        tightened
        loosened
        unknownBefore
        unknownAfter
        hitsAfter
        tookMs
        matrix {
          before
          after
          count
          exposure
        }
        outputs {
          name
          label {
            en
            zh
          }
          categories {
            value
            before {
              count
              exposure
            }
            after {
              count
              exposure
            }
          }
          bins {
            from
            to
            before
            after
          }
          before {
            mean
            median
            sum
          }
          after {
            mean
            median
            sum
          }
        }
      }
    }
  }
`)

export const ImpactMovesDocument = graphql(`
  query ImpactMoves($id: ID!, $before: Outcome, $after: Outcome) {
    policyImpact(id: $id) {
      id
      moves(before: $before, after: $after) {
        beforeOutcome
        afterOutcome
        exposure
        currency
        customer {
          id
          name
        }
        why {
          path
          isInDraft
          text {
            en
            zh
          }
        }
      }
    }
  }
`)
