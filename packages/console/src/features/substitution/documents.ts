import { graphql } from '../../graphql/index.ts'

export const SubstitutionsDocument = graphql(`
  query Substitutions($mine: Boolean) {
    substitutions(mine: $mine) {
      id
      person {
        id
        name
      }
      substitute {
        id
        name
      }
      from
      to
      timeZone
      kinds
      note
      endedAt
      isInForce
    }
    people {
      id
      name
      authorityLevel
      substitute
    }
  }
`)

export const StartSubstitutionDocument = graphql(`
  mutation StartSubstitution($input: SubstituteInput!) {
    startSubstitution(input: $input) {
      __typename
      ... on MutationSubstitutionSuccess {
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

export const EndSubstitutionDocument = graphql(`
  mutation EndSubstitution($id: ID!) {
    endSubstitution(id: $id) {
      __typename
      ... on MutationSubstitutionSuccess {
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

export const CalendarsDocument = graphql(`
  query Calendars($year: Int!) {
    calendars {
      region
      name {
        en
        zh
      }
      timeZone
      hours
      weekdays
      days(year: $year) {
        day
        isWorking
        name {
          en
          zh
        }
      }
    }
  }
`)
