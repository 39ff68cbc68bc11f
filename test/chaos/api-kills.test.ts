import { expect, test } from 'vitest'
import { tryApiKills } from './api-kills.ts'

test('an API that is killed between the book and Temporal loses no application and starts none twice', async () => {
  const { seconds: _, unanswered, ...report } = await tryApiKills({ kills: 8 })
  console.log(`API killed after the commit: ${JSON.stringify({ ...report, unanswered })}`)
  expect(report).toEqual({ kills: 8, applications: 24, started: 24, lost: 0, doubled: 0 })
})
