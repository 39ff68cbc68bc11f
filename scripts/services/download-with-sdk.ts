import { TestWorkflowEnvironment } from '@temporalio/testing'

// node download-with-sdk.ts dev-server|time-skipping FOLDER: lets the SDK fetch the server that it was made for.
const [kind, downloadDir] = process.argv.slice(2)
const server = { executable: { type: 'cached-download', downloadDir: downloadDir!, ttl: '3650 days' } } as const
const environment =
  kind === 'time-skipping'
    ? await TestWorkflowEnvironment.createTimeSkipping({ server })
    : await TestWorkflowEnvironment.createLocal({ server })
await environment.teardown()
