import { graphql } from '../../graphql/index.ts'

export const SessionDocument = graphql(`
  query Session {
    instance {
      environment
      demo
      version
      temporalUi
    }
    viewer {
      user {
        id
        name
        login
      }
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
      scopes
      segments {
        id
        code
        name {
          en
          zh
        }
        currency
      }
      language
      preferences
    }
  }
`)

export const DemoUsersDocument = graphql(`
  query DemoUsers {
    demoUsers {
      login
      name
      role
      authorityLevel
    }
  }
`)

export const SignInDocument = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
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

export const SignInDemoDocument = graphql(`
  mutation SignInDemo($login: String!) {
    signInDemo(login: $login) {
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
    }
  }
`)

export const SignOutDocument = graphql(`
  mutation SignOut {
    signOut
  }
`)

export const UpdatePreferencesDocument = graphql(`
  mutation UpdatePreferences($input: PreferencesInput!) {
    updatePreferences(input: $input) {
      __typename
      ... on MutationUpdatePreferencesSuccess {
        data {
          language
          preferences
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
