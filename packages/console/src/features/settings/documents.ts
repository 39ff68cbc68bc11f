import { graphql } from '../../graphql/index.ts'

export const ColleaguesDocument = graphql(`
  query Colleagues {
    colleagues {
      id
      name
      login
      email
      isActive
      lastSeenAt
      invitedUntil
      roles {
        role
        authorityLevel
        segment {
          id
          name {
            en
            zh
          }
        }
      }
    }
    segments {
      id
      name {
        en
        zh
      }
    }
  }
`)

export const InviteUserDocument = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    inviteUser(input: $input) {
      __typename
      ... on MutationInvitationSuccess {
        data {
          token
          expiresAt
          user {
            id
            name
          }
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

export const RenewInvitationDocument = graphql(`
  mutation RenewInvitation($id: ID!) {
    renewInvitation(id: $id) {
      __typename
      ... on MutationInvitationSuccess {
        data {
          token
          expiresAt
          user {
            id
            name
          }
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

export const SetRolesDocument = graphql(`
  mutation SetRoles($input: SetRolesInput!) {
    setRoles(input: $input) {
      __typename
      ... on MutationColleagueSuccess {
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

export const SetUserActiveDocument = graphql(`
  mutation SetUserActive($input: SetUserActiveInput!) {
    setUserActive(input: $input) {
      __typename
      ... on MutationColleagueSuccess {
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

export const InvitedPersonDocument = graphql(`
  query InvitedPerson($token: String!) {
    invitedPerson(token: $token)
  }
`)

export const AcceptInvitationDocument = graphql(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      __typename
      ... on MutationSignInSuccess {
        data {
          user {
            id
          }
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
