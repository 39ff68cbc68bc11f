import DataLoader from 'dataloader'
import {
  accountsOf,
  approvalCommentsOf,
  attachmentsOf,
  ageingOfCustomers,
  contactsOf,
  exposuresOf,
  findAccounts,
  findApplications,
  findApprovals,
  findCustomers,
  findDecisions,
  findPolicyVersions,
  findSegments,
  findPersons,
  findTasks,
  findUsers,
  limitHistoryOf,
  listPolicies,
  namesOf,
  policyInForce,
  reasonsOfHolds,
  statementsOf,
  tasksOf,
  tasksOfApprovals,
  versionsOf,
  votesOf,
  type Account,
  type AccountView,
  type Approval,
  type ApprovalAttachment,
  type ApprovalComment,
  type Contact,
  type CreditApplication,
  type CreditLimit,
  type Customer,
  type Decision,
  type Exposure,
  type FinancialStatement,
  type HoldReason,
  type LedgerAgeing,
  type Person,
  type PolicyRef,
  type PolicyVersion,
  type Segment,
  type StoredPolicy,
  type Task,
  type Tx,
  type User,
  type Vote,
} from '@surety/store'
import type { Context, Right } from '../context.ts'

/** One of each for a request: asked one by one, fetched together. */
export interface Loaders {
  readonly user: Loader<User>
  readonly segment: DataLoader<number, Segment | undefined>
  readonly customer: Loader<Customer>
  readonly customerNames: Loader<string[]>
  readonly contacts: Loader<Contact[]>
  readonly accounts: Loader<AccountView[]>
  readonly account: Loader<Account>
  readonly exposure: Loader<Exposure>
  readonly limitHistory: Loader<CreditLimit[]>
  readonly statements: Loader<FinancialStatement[]>
  /** A loader for each day asked for; undefined: today. */
  ageing(asOf: string | undefined): Loader<LedgerAgeing[]>
  readonly application: Loader<CreditApplication>
  readonly task: Loader<Task>
  readonly approval: Loader<Approval>
  readonly person: Loader<Person>
  /** By approval. */
  readonly approvalTasks: Loader<Task[]>
  readonly approvalComments: Loader<ApprovalComment[]>
  readonly attachments: Loader<ApprovalAttachment[]>
  /** By application. */
  readonly tasks: Loader<Task[]>
  readonly votes: Loader<Vote[]>
  readonly decision: Loader<Decision>
  readonly holdReasons: Loader<HoldReason[]>
  readonly policy: Loader<StoredPolicy>
  readonly policyInForce: Loader<PolicyVersion>
  readonly policyVersions: Loader<PolicyVersion[]>
  readonly policyVersion: DataLoader<PolicyRef, PolicyVersion | undefined, string>
}

type Loader<T> = DataLoader<string, T | undefined>

export function createLoaders(context: Pick<Context, 'read'>): Loaders {
  const byId = <K extends string | number, T>(
    right: Right,
    find: (tx: Tx, ids: readonly K[]) => Promise<ReadonlyMap<K, T>>,
  ): DataLoader<K, T | undefined> =>
    new DataLoader(async ids => {
      const found = await context.read(right, tx => find(tx, ids))
      return ids.map(id => found.get(id))
    })
  const oneByOne = <T>(right: Right, find: (tx: Tx, id: string) => Promise<T | undefined>): Loader<T> =>
    new DataLoader(ids => context.read(right, tx => Promise.all(ids.map(id => find(tx, id)))))
  const ageings = new Map<string | undefined, Loader<LedgerAgeing[]>>()
  return {
    user: byId('signedIn', findUsers),
    segment: byId('signedIn', findSegments),
    customer: byId('customer.read', findCustomers),
    customerNames: byId('customer.read', namesOf),
    contacts: byId('customer.read', contactsOf),
    accounts: byId('customer.read', accountsOf),
    account: byId('customer.read', findAccounts),
    exposure: byId('customer.read', exposuresOf),
    limitHistory: byId('customer.read', limitHistoryOf),
    statements: byId('customer.read', statementsOf),
    ageing(asOf) {
      const loader = ageings.get(asOf) ?? byId('customer.read', (tx, ids: readonly string[]) => ageingOfCustomers(tx, ids, asOf))
      ageings.set(asOf, loader)
      return loader
    },
    application: byId('application.read', findApplications),
    task: byId('task.read', findTasks),
    approval: byId('task.read', findApprovals),
    person: byId('signedIn', findPersons),
    approvalTasks: byId('task.read', tasksOfApprovals),
    approvalComments: byId('task.read', approvalCommentsOf),
    attachments: byId('task.read', attachmentsOf),
    tasks: byId('task.read', tasksOf),
    votes: byId('task.read', votesOf),
    decision: byId('decision.read', findDecisions),
    holdReasons: byId('hold.read', reasonsOfHolds),
    // There are a handful: all of them are as quickly read as one.
    policy: byId(
      'policy.read',
      async (tx, _ids: readonly string[]) => new Map((await listPolicies(tx)).map(policy => [policy.id, policy])),
    ),
    policyInForce: oneByOne('policy.read', policyInForce),
    policyVersions: byId('policy.read', versionsOf),
    policyVersion: new DataLoader(refs => context.read('policy.read', tx => findPolicyVersions(tx, refs)), {
      cacheKeyFn: ({ policyId, version }) => `${policyId}@${version}`,
    }),
  }
}
