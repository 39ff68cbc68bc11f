import { graphql } from '../../graphql/index.ts'

export const TasksDocument = graphql(`
  query Tasks($view: TaskView!, $filter: TaskFilter, $sort: TaskSort, $first: Int, $after: String, $last: Int, $before: String) {
    tasks(view: $view, filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
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
          status
          outcome
          level
          levelCount
          createdAt
          dueAt
          decidedAt
          followUpAt
          priority
          version
          grade
          canDecide
          canGiveOpinion
          escalations
          mode
          needed
          cannotDecideReason {
            en
            zh
          }
          amount {
            amount
            currency
          }
          reason {
            en
            zh
          }
          maker {
            id
            name
          }
          claimedBy {
            id
            name
          }
          delegatedTo {
            id
            name
          }
          onBehalfOf {
            id
            name
          }
          segment {
            id
          }
          customer {
            id
            name
          }
          approval {
            id
            title {
              en
              zh
            }
          }
          application {
            id
            recommendedLimit {
              amount
              currency
            }
            approvedLimit {
              amount
              currency
            }
            account {
              id
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

export const TaskCountsDocument = graphql(`
  query TaskCounts {
    taskCounts {
      mine
      team
      postponed
    }
  }
`)

export const TaskCountDocument = graphql(`
  query TaskCount($view: TaskView!, $filter: TaskFilter) {
    tasks(view: $view, filter: $filter, first: 0) {
      totalCount
    }
  }
`)

export const TaskExposuresDocument = graphql(`
  query TaskExposures($view: TaskView!, $filter: TaskFilter, $sort: TaskSort, $first: Int, $after: String, $last: Int, $before: String) {
    tasks(view: $view, filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
      edges {
        node {
          id
          segment {
            id
          }
          customer {
            id
            accounts {
              id
              segment {
                id
              }
              exposure {
                currency
                total
              }
            }
          }
        }
      }
    }
  }
`)

export const TaskDocument = graphql(`
  query Task($id: ID!) {
    task(id: $id) {
      id
      kind
      status
      outcome
      round
      level
      levelCount
      authorityLevel
      grade
      mode
      needed
      rejections
      policyId
      policyVersion
      priority
      createdAt
      dueAt
      followUpAt
      remindHalfAt
      remindLateAt
      reminders
      escalations
      escalatedAt
      nextEscalationAt
      decidedAt
      version
      canDecide
      canClaim
      canRelease
      canGiveOpinion
      cannotDecideReason {
        en
        zh
      }
      amount {
        amount
        currency
      }
      reason {
        en
        zh
      }
      maker {
        id
        name
      }
      claimedBy {
        id
        name
      }
      assignedTo {
        id
        name
      }
      delegatedTo {
        id
        name
      }
      delegatedBy {
        id
        name
      }
      onBehalfOf {
        id
        name
      }
      candidates {
        personId
        name
        authorityLevel
        as
        hasVoted
      }
      votes {
        person
        onBehalfOf
        overrideReason
        outcome
        limit {
          amount
          currency
        }
        termsDays
        comment
        at
        level
      }
      segment {
        id
        name {
          en
          zh
        }
      }
      customer {
        id
        name
        number
        status
        customerSince
        industry {
          code
          name {
            en
            zh
          }
        }
      }
      approval {
        id
        title {
          en
          zh
        }
        kind
        status
        round
        purpose
        request
        subjectId
        waitsFor
        blocked
        overrideLevel
        startedAt
        returnedAt
        closedAt
        stoppedHours
        workflowId
        granted {
          amount
          currency
        }
        steps {
          level
          authorityLevel
          mode
          needed
          deadlineHours
          isCarried
        }
        tasks {
          id
          round
          level
          levelCount
          authorityLevel
          status
          outcome
          createdAt
          dueAt
          decidedAt
          reminders
          escalations
          nextEscalationAt
          remindHalfAt
          remindLateAt
          needed
          votes {
            person
            onBehalfOf
            outcome
            limit {
              amount
              currency
            }
            termsDays
            overrideReason
            comment
            at
            level
          }
        }
        comments {
          id
          person
          isOpinion
          text
          at
        }
        attachments {
          id
          fileName
          mediaType
          size
          person
          at
          url
        }
        history(first: 50) {
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
        subject {
          __typename
          ... on CreditAccount {
            id
            currency
            status
            grade
            score
            limitKind
            limit {
              amount
              currency
            }
            limitValidTo
            paymentTermsDays
            exposure {
              currency
              total
              available
              utilisation
              openOrders
              deliveries
              receivables
              bills
              unappliedCash
              raisedBy
              reducedBy
              overdue
              oldestOverdueDays
            }
          }
          ... on Hold {
            id
            orderNumber
            releaseLevel
            amount {
              amount
              currency
            }
            reasons {
              code
              text {
                en
                zh
              }
              clearedAt
            }
            decision {
              id
            }
          }
        }
      }
      application {
        id
        status
        round
        version
        purpose
        submittedAt
        closedAt
        requestedLimit {
          amount
          currency
        }
        requestedTermsDays
        recommendedLimit {
          amount
          currency
        }
        recommendedTermsDays
        approvedLimit {
          amount
          currency
        }
        approvedTermsDays
        grade
        score
        levels
        currentLevel
        requestedBy {
          id
          name
        }
        account {
          id
          currency
          status
          grade
          score
          limitKind
          limit {
            amount
            currency
          }
          limitValidTo
          nextReviewOn
          paymentTermsDays
          exposure {
            currency
            total
            available
            utilisation
            openOrders
            deliveries
            receivables
            bills
            unappliedCash
            raisedBy
            reducedBy
            overdue
            oldestOverdueDays
          }
        }
        assessment {
          id
          outcome
          asOf
          decidedAt
          facts
          result
          policyVersion {
            version
            hash
            document
            policy {
              id
              title {
                en
                zh
              }
            }
          }
        }
        recommendation {
          id
          outcome
          asOf
          decidedAt
          facts
          result
          policyVersion {
            version
            hash
            document
            policy {
              id
              title {
                en
                zh
              }
            }
          }
        }
        authority {
          id
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
        tasks {
          id
          level
          levelCount
          authorityLevel
          status
          outcome
          createdAt
          dueAt
          decidedAt
          canDecide
          votes {
            person
            outcome
            limit {
              amount
              currency
            }
            termsDays
            comment
            at
            level
          }
        }
        timeline(first: 50) {
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
  }
`)

export const DecideTaskDocument = graphql(`
  mutation DecideTask($input: DecideTaskInput!) {
    decideTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          status
          outcome
          version
          application {
            id
            status
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

export const DecideTasksDocument = graphql(`
  mutation DecideTasks($input: DecideTasksInput!) {
    decideTasks(input: $input) {
      __typename
      ... on MutationDecideTasksSuccess {
        data {
          id
          refusal {
            code
            message {
              en
              zh
            }
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

export const ClaimTaskDocument = graphql(`
  mutation ClaimTask($input: TaskRefInput!) {
    claimTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const ReleaseTaskDocument = graphql(`
  mutation ReleaseTask($input: TaskRefInput!) {
    releaseTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const ReassignTaskDocument = graphql(`
  mutation ReassignTask($input: HandTaskInput!) {
    reassignTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const DelegateTaskDocument = graphql(`
  mutation DelegateTask($input: HandTaskInput!) {
    delegateTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const ResolveTaskDocument = graphql(`
  mutation ResolveTask($input: CommentTaskInput!) {
    resolveTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const AddSignatoryDocument = graphql(`
  mutation AddSignatory($input: HandTaskInput!) {
    addSignatory(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const DiscussTaskDocument = graphql(`
  mutation DiscussTask($input: DiscussTaskInput!) {
    discussTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const PostponeTaskDocument = graphql(`
  mutation PostponeTask($input: PostponeTaskInput!) {
    postponeTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const PrioritiseTaskDocument = graphql(`
  mutation PrioritiseTask($input: PrioritiseTaskInput!) {
    prioritiseTask(input: $input) {
      __typename
      ... on MutationTaskSuccess {
        data {
          id
          version
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

export const PeopleDocument = graphql(`
  query People($segment: ID) {
    people(segment: $segment) {
      id
      name
      authorityLevel
      substitute
    }
  }
`)
