import { join } from 'node:path'
import { startHouse } from '../house.ts'
import { once } from '../once.ts'
import { removeFolder, throwawayFolder } from '../throwaway.ts'

/** One whole product with its demo company for a run's browser tests. */
export default once('house', async () => {
  const folder = await throwawayFolder()
  const house = await startHouse({ home: join(folder, 'home') })
  process.env['SURETY_TEST_HOUSE'] = house.address
  process.env['SURETY_TEST_HOUSE_HOME'] = house.home
  return async () => {
    await house.stop()
    removeFolder(folder)
  }
})
