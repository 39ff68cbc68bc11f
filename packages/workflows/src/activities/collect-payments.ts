import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { accountsToDun, asActor, runDunning, SYSTEM, type DunningPolicy, type Sql, type Tx } from '@surety/store'
import { ApplicationFailure } from '@temporalio/activity'
import { BOOK_CHANGED, COLLECT_PAYMENTS, collectPaymentsId, MAIN_QUEUE, type CollectPaymentsInput } from '../contract/index.ts'
import { createPolicyShelf } from './policy-shelf.ts'

export type CollectPaymentsActivities = ReturnType<typeof createCollectPaymentsActivities>

/** What came of one day's run; the letters themselves are in the book. */
export interface DayOfCollections {
  readonly letters: number
  readonly keptPromises: number
  readonly brokenPromises: number
  readonly isOpen: boolean
}

export function createCollectPaymentsActivities({ sql, client }: { readonly sql: Sql; readonly client?: Client }) {
  const policies = createPolicyShelf()

  async function dunningPolicy(tx: Tx): Promise<DunningPolicy> {
    const { version, compiled } = (await policies.inForce(tx, ['dunning'])).dunning
    return { id: version.document.id, version: version.version, compiled }
  }

  return {
    /** One run for one customer at a moment. A second time on the same day finds the letters and sends nothing. */
    async collectOnce(input: CollectPaymentsInput & { readonly at: string }): Promise<DayOfCollections> {
      return asActor(
        sql,
        { ...SYSTEM, segments: [input.segmentId] },
        async tx => {
          const run = await runDunning(tx, input, await dunningPolicy(tx))
          return {
            letters: run?.letters.length ?? 0,
            keptPromises: run?.promises.kept ?? 0,
            brokenPromises: run?.promises.broken ?? 0,
            isOpen: run?.isOpen ?? false,
          }
        },
        { at: new Date(input.at) },
      )
    },

    /** Sees to it that everybody who owes has a workflow; says how many there are. */
    async startCollectionsOfAll({ at }: { readonly at: string }): Promise<number> {
      if (!client) throw ApplicationFailure.nonRetryable('This worker was made without a client.', 'NO_CLIENT')
      const accounts = await asActor(sql, SYSTEM, tx => accountsToDun(tx), { at: new Date(at) })
      for (let from = 0; from < accounts.length; from += STARTS_AT_ONCE)
        await Promise.all(accounts.slice(from, from + STARTS_AT_ONCE).map(account => start(client, account)))
      return accounts.length
    },
  }
}

const STARTS_AT_ONCE = 20

async function start(client: Client, account: CollectPaymentsInput): Promise<void> {
  try {
    await client.workflow.signalWithStart(COLLECT_PAYMENTS, {
      workflowId: collectPaymentsId(account),
      taskQueue: MAIN_QUEUE,
      args: [account],
      signal: BOOK_CHANGED,
      signalArgs: [],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}
