import { join } from 'node:path'
import { cacheDirectory } from '../../../scripts/services/home.ts'
import { startTemporal } from '../../../scripts/services/temporal.ts'
import { findTemporalBinary } from '../../../scripts/services/temporal-binaries.ts'
import { once } from '../once.ts'
import { noteServer, removeFolder, throwawayFolder } from '../throwaway.ts'

/** One Temporal server for a whole run, in memory; TEMPORAL_ADDRESS names another. */
export default once('temporal', async () => {
  if (process.env['TEMPORAL_ADDRESS']) {
    process.env['SURETY_TEST_TEMPORAL'] = process.env['TEMPORAL_ADDRESS']
    return async () => {}
  }
  const folder = await throwawayFolder()
  const binary = await findTemporalBinary('dev-server', { cacheDirectory: cacheDirectory(), log: line => console.log(line) })
  const server = await startTemporal({ binary, logFile: join(folder, 'temporal.log'), namespace: 'default' })
  noteServer(folder, server.process.pid)
  process.env['SURETY_TEST_TEMPORAL'] = server.address
  return async () => {
    await server.stop()
    removeFolder(folder)
  }
})
