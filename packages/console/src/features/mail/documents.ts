import { graphql } from '../../graphql/index.ts'

export const MailsDocument = graphql(`
  query Mails($filter: MailFilter, $first: Int, $after: String, $last: Int, $before: String) {
    mails(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
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
          template
          address
          customer {
            id
            name
          }
          subject
          body
          status
          attempts
          lastError
          createdAt
          sentAt
        }
      }
    }
  }
`)

export const ReceivedMailsDocument = graphql(`
  query ReceivedMails($query: String, $first: Int, $after: String, $last: Int, $before: String) {
    receivedMails(query: $query, first: $first, after: $after, last: $last, before: $before) {
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
          recipient
          subject
          body
          copies
          receivedAt
        }
      }
    }
  }
`)

export const MailTemplatesDocument = graphql(`
  query MailTemplates {
    mailTemplates {
      id
      key
      language
      subject
      body
      placeholders
      isOwn
      version
      updatedAt
    }
  }
`)

export const MailPreviewDocument = graphql(`
  query MailPreview($input: MailTemplateInput!) {
    mailPreview(input: $input) {
      __typename
      ... on QueryMailPreviewSuccess {
        data {
          subject
          body
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

export const SaveMailTemplateDocument = graphql(`
  mutation SaveMailTemplate($input: MailTemplateInput!) {
    saveMailTemplate(input: $input) {
      __typename
      ... on MutationMailTemplateSuccess {
        data {
          id
          key
          language
          subject
          body
          isOwn
          version
          updatedAt
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

export const ResetMailTemplateDocument = graphql(`
  mutation ResetMailTemplate($key: String!, $language: String!) {
    resetMailTemplate(key: $key, language: $language) {
      __typename
      ... on MutationMailTemplateSuccess {
        data {
          id
          key
          language
          subject
          body
          isOwn
          version
          updatedAt
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

export const RetryMailDocument = graphql(`
  mutation RetryMail($id: ID!) {
    retryMail(id: $id) {
      __typename
      ... on MutationMailSuccess {
        data {
          id
          status
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

export const SendTestMailDocument = graphql(`
  mutation SendTestMail {
    sendTestMail {
      __typename
      ... on MutationMailSuccess {
        data {
          id
          address
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
