/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Counters {\n    counters { tasks applications imports }\n  }\n": typeof types.CountersDocument,
    "\n  query Search($query: String!) {\n    search(query: $query, first: 12) { kind id title subtitle grade }\n  }\n": typeof types.SearchDocument,
    "\n  query Customers($filter: CustomerFilter, $sort: CustomerSort, $first: Int, $after: String, $last: Int, $before: String) {\n    customers(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges {\n        cursor\n        node {\n          customer { id number name status customerSince country industry { name { en zh } } }\n          account {\n            id currency limitKind limit { amount currency } limitValidTo paymentTermsDays grade score\n            segment { id name { en zh } }\n            exposure { total available utilisation overdue oldestOverdueDays }\n          }\n        }\n      }\n    }\n  }\n": typeof types.CustomersDocument,
    "\n  query Industries {\n    industries { scheme code name { en zh } }\n  }\n": typeof types.IndustriesDocument,
    "\n  query MyTasks {\n    tasks(view: MINE, sort: { field: DUE_AT }, first: 50) {\n      totalCount\n      edges {\n        node {\n          id level levelCount createdAt dueAt amount { amount currency } reason { en zh }\n          customer { id name }\n          application { id grade requestedTermsDays account { currency limitKind limit { amount currency } } }\n        }\n      }\n    }\n  }\n": typeof types.MyTasksDocument,
    "\n  query MyApplications($filter: ApplicationFilter!, $first: Int!) {\n    applications(filter: $filter, sort: { field: SUBMITTED_AT, descending: true }, first: $first) {\n      totalCount\n      edges {\n        node {\n          id status submittedAt currentLevel levels grade\n          requestedLimit { amount currency } approvedLimit { amount currency }\n          customer { id name }\n          requestedBy { id name }\n          account { currency limitKind limit { amount currency } }\n          tasks { id status level dueAt }\n        }\n      }\n    }\n  }\n": typeof types.MyApplicationsDocument,
    "\n  query RecentImports {\n    imports(first: 5) {\n      totalCount\n      edges { node { id fileName status createdAt rowsTotal rowsDone counts { rows new changed wrong } error { en zh } } }\n    }\n  }\n": typeof types.RecentImportsDocument,
    "\n  query Portfolio {\n    portfolio {\n      currency asOf exposure openOrders deliveries receivables limits customerCount\n      ageing { total overdue buckets { key from to amount count } }\n      dso bestPossibleDso averageDaysDelinquent dsoTrend\n      grades { grade count exposure }\n    }\n  }\n": typeof types.PortfolioDocument,
    "\n  query Session {\n    instance { environment demo version temporalUi }\n    viewer {\n      user { id name login }\n      roles { role authorityLevel segment { id name { en zh } } }\n      scopes\n      segments { id code name { en zh } currency }\n      language\n      preferences\n    }\n  }\n": typeof types.SessionDocument,
    "\n  query DemoUsers {\n    demoUsers { login name role authorityLevel }\n  }\n": typeof types.DemoUsersDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n      ... on InvalidInputError { issues { path code message { en zh } } }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  mutation SignInDemo($login: String!) {\n    signInDemo(login: $login) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n    }\n  }\n": typeof types.SignInDemoDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": typeof types.SignOutDocument,
    "\n  mutation UpdatePreferences($input: PreferencesInput!) {\n    updatePreferences(input: $input) {\n      __typename\n      ... on MutationUpdatePreferencesSuccess { data { language preferences } }\n      ... on Error { code message { en zh } }\n    }\n  }\n": typeof types.UpdatePreferencesDocument,
};
const documents: Documents = {
    "\n  query Counters {\n    counters { tasks applications imports }\n  }\n": types.CountersDocument,
    "\n  query Search($query: String!) {\n    search(query: $query, first: 12) { kind id title subtitle grade }\n  }\n": types.SearchDocument,
    "\n  query Customers($filter: CustomerFilter, $sort: CustomerSort, $first: Int, $after: String, $last: Int, $before: String) {\n    customers(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges {\n        cursor\n        node {\n          customer { id number name status customerSince country industry { name { en zh } } }\n          account {\n            id currency limitKind limit { amount currency } limitValidTo paymentTermsDays grade score\n            segment { id name { en zh } }\n            exposure { total available utilisation overdue oldestOverdueDays }\n          }\n        }\n      }\n    }\n  }\n": types.CustomersDocument,
    "\n  query Industries {\n    industries { scheme code name { en zh } }\n  }\n": types.IndustriesDocument,
    "\n  query MyTasks {\n    tasks(view: MINE, sort: { field: DUE_AT }, first: 50) {\n      totalCount\n      edges {\n        node {\n          id level levelCount createdAt dueAt amount { amount currency } reason { en zh }\n          customer { id name }\n          application { id grade requestedTermsDays account { currency limitKind limit { amount currency } } }\n        }\n      }\n    }\n  }\n": types.MyTasksDocument,
    "\n  query MyApplications($filter: ApplicationFilter!, $first: Int!) {\n    applications(filter: $filter, sort: { field: SUBMITTED_AT, descending: true }, first: $first) {\n      totalCount\n      edges {\n        node {\n          id status submittedAt currentLevel levels grade\n          requestedLimit { amount currency } approvedLimit { amount currency }\n          customer { id name }\n          requestedBy { id name }\n          account { currency limitKind limit { amount currency } }\n          tasks { id status level dueAt }\n        }\n      }\n    }\n  }\n": types.MyApplicationsDocument,
    "\n  query RecentImports {\n    imports(first: 5) {\n      totalCount\n      edges { node { id fileName status createdAt rowsTotal rowsDone counts { rows new changed wrong } error { en zh } } }\n    }\n  }\n": types.RecentImportsDocument,
    "\n  query Portfolio {\n    portfolio {\n      currency asOf exposure openOrders deliveries receivables limits customerCount\n      ageing { total overdue buckets { key from to amount count } }\n      dso bestPossibleDso averageDaysDelinquent dsoTrend\n      grades { grade count exposure }\n    }\n  }\n": types.PortfolioDocument,
    "\n  query Session {\n    instance { environment demo version temporalUi }\n    viewer {\n      user { id name login }\n      roles { role authorityLevel segment { id name { en zh } } }\n      scopes\n      segments { id code name { en zh } currency }\n      language\n      preferences\n    }\n  }\n": types.SessionDocument,
    "\n  query DemoUsers {\n    demoUsers { login name role authorityLevel }\n  }\n": types.DemoUsersDocument,
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n      ... on InvalidInputError { issues { path code message { en zh } } }\n    }\n  }\n": types.SignInDocument,
    "\n  mutation SignInDemo($login: String!) {\n    signInDemo(login: $login) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n    }\n  }\n": types.SignInDemoDocument,
    "\n  mutation SignOut {\n    signOut\n  }\n": types.SignOutDocument,
    "\n  mutation UpdatePreferences($input: PreferencesInput!) {\n    updatePreferences(input: $input) {\n      __typename\n      ... on MutationUpdatePreferencesSuccess { data { language preferences } }\n      ... on Error { code message { en zh } }\n    }\n  }\n": types.UpdatePreferencesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Counters {\n    counters { tasks applications imports }\n  }\n"): (typeof documents)["\n  query Counters {\n    counters { tasks applications imports }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Search($query: String!) {\n    search(query: $query, first: 12) { kind id title subtitle grade }\n  }\n"): (typeof documents)["\n  query Search($query: String!) {\n    search(query: $query, first: 12) { kind id title subtitle grade }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Customers($filter: CustomerFilter, $sort: CustomerSort, $first: Int, $after: String, $last: Int, $before: String) {\n    customers(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges {\n        cursor\n        node {\n          customer { id number name status customerSince country industry { name { en zh } } }\n          account {\n            id currency limitKind limit { amount currency } limitValidTo paymentTermsDays grade score\n            segment { id name { en zh } }\n            exposure { total available utilisation overdue oldestOverdueDays }\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Customers($filter: CustomerFilter, $sort: CustomerSort, $first: Int, $after: String, $last: Int, $before: String) {\n    customers(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }\n      edges {\n        cursor\n        node {\n          customer { id number name status customerSince country industry { name { en zh } } }\n          account {\n            id currency limitKind limit { amount currency } limitValidTo paymentTermsDays grade score\n            segment { id name { en zh } }\n            exposure { total available utilisation overdue oldestOverdueDays }\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Industries {\n    industries { scheme code name { en zh } }\n  }\n"): (typeof documents)["\n  query Industries {\n    industries { scheme code name { en zh } }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyTasks {\n    tasks(view: MINE, sort: { field: DUE_AT }, first: 50) {\n      totalCount\n      edges {\n        node {\n          id level levelCount createdAt dueAt amount { amount currency } reason { en zh }\n          customer { id name }\n          application { id grade requestedTermsDays account { currency limitKind limit { amount currency } } }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MyTasks {\n    tasks(view: MINE, sort: { field: DUE_AT }, first: 50) {\n      totalCount\n      edges {\n        node {\n          id level levelCount createdAt dueAt amount { amount currency } reason { en zh }\n          customer { id name }\n          application { id grade requestedTermsDays account { currency limitKind limit { amount currency } } }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyApplications($filter: ApplicationFilter!, $first: Int!) {\n    applications(filter: $filter, sort: { field: SUBMITTED_AT, descending: true }, first: $first) {\n      totalCount\n      edges {\n        node {\n          id status submittedAt currentLevel levels grade\n          requestedLimit { amount currency } approvedLimit { amount currency }\n          customer { id name }\n          requestedBy { id name }\n          account { currency limitKind limit { amount currency } }\n          tasks { id status level dueAt }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query MyApplications($filter: ApplicationFilter!, $first: Int!) {\n    applications(filter: $filter, sort: { field: SUBMITTED_AT, descending: true }, first: $first) {\n      totalCount\n      edges {\n        node {\n          id status submittedAt currentLevel levels grade\n          requestedLimit { amount currency } approvedLimit { amount currency }\n          customer { id name }\n          requestedBy { id name }\n          account { currency limitKind limit { amount currency } }\n          tasks { id status level dueAt }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RecentImports {\n    imports(first: 5) {\n      totalCount\n      edges { node { id fileName status createdAt rowsTotal rowsDone counts { rows new changed wrong } error { en zh } } }\n    }\n  }\n"): (typeof documents)["\n  query RecentImports {\n    imports(first: 5) {\n      totalCount\n      edges { node { id fileName status createdAt rowsTotal rowsDone counts { rows new changed wrong } error { en zh } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Portfolio {\n    portfolio {\n      currency asOf exposure openOrders deliveries receivables limits customerCount\n      ageing { total overdue buckets { key from to amount count } }\n      dso bestPossibleDso averageDaysDelinquent dsoTrend\n      grades { grade count exposure }\n    }\n  }\n"): (typeof documents)["\n  query Portfolio {\n    portfolio {\n      currency asOf exposure openOrders deliveries receivables limits customerCount\n      ageing { total overdue buckets { key from to amount count } }\n      dso bestPossibleDso averageDaysDelinquent dsoTrend\n      grades { grade count exposure }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Session {\n    instance { environment demo version temporalUi }\n    viewer {\n      user { id name login }\n      roles { role authorityLevel segment { id name { en zh } } }\n      scopes\n      segments { id code name { en zh } currency }\n      language\n      preferences\n    }\n  }\n"): (typeof documents)["\n  query Session {\n    instance { environment demo version temporalUi }\n    viewer {\n      user { id name login }\n      roles { role authorityLevel segment { id name { en zh } } }\n      scopes\n      segments { id code name { en zh } currency }\n      language\n      preferences\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DemoUsers {\n    demoUsers { login name role authorityLevel }\n  }\n"): (typeof documents)["\n  query DemoUsers {\n    demoUsers { login name role authorityLevel }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n      ... on InvalidInputError { issues { path code message { en zh } } }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n      ... on InvalidInputError { issues { path code message { en zh } } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignInDemo($login: String!) {\n    signInDemo(login: $login) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n    }\n  }\n"): (typeof documents)["\n  mutation SignInDemo($login: String!) {\n    signInDemo(login: $login) {\n      __typename\n      ... on MutationSignInSuccess { data { user { id } } }\n      ... on Error { code message { en zh } }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut {\n    signOut\n  }\n"): (typeof documents)["\n  mutation SignOut {\n    signOut\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdatePreferences($input: PreferencesInput!) {\n    updatePreferences(input: $input) {\n      __typename\n      ... on MutationUpdatePreferencesSuccess { data { language preferences } }\n      ... on Error { code message { en zh } }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdatePreferences($input: PreferencesInput!) {\n    updatePreferences(input: $input) {\n      __typename\n      ... on MutationUpdatePreferencesSuccess { data { language preferences } }\n      ... on Error { code message { en zh } }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;