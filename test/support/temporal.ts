import { TestWorkflowEnvironment } from '@temporalio/testing'
import { cacheDirectory } from '../../scripts/services/home.ts'
import { findTemporalBinary } from '../../scripts/services/temporal-binaries.ts'

/** Where the run's Temporal server listens. */
export function temporalAddress(): string {
  const address = process.env['SURETY_TEST_TEMPORAL']
  if (address) return address
  throw new Error(
    "SURETY_TEST_TEMPORAL is not set: this suite’s vitest.config.ts does not say needs: ['temporal'], or the test was started without it.",
  )
}

/** A Temporal server of the caller's own in which a year passes in a moment. The caller tears it down. */
export async function timeSkippingServer(): Promise<TestWorkflowEnvironment> {
  const { path } = await findTemporalBinary('time-skipping', { cacheDirectory: cacheDirectory(), log: line => console.log(line) })
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })
}
