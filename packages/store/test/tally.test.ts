import { describe, expect, it } from 'vitest'
import { isSampled } from '../src/approval/chain.ts'
import { tally, type CountedVote } from '../src/approval/tally.ts'
import type { TaskOutcome } from '../src/index.ts'

/** The same question asked the long way: try every way in which those who have not voted could still vote. */
function oracle(
  rule: { needed: number; rejections: number; added: readonly string[] },
  seats: readonly string[],
  votes: readonly CountedVote[],
): TaskOutcome | null {
  if (votes.some(({ outcome }) => outcome === 'return')) return 'return'
  const isApproved = (all: readonly CountedVote[]): boolean =>
    rule.added.every(person => all.some(({ holder, outcome }) => holder === person && outcome === 'approve')) &&
    all.filter(({ holder, outcome }) => outcome === 'approve' && !rule.added.includes(holder)).length >= rule.needed
  const against = votes.filter(({ outcome }) => outcome === 'reject').length
  if (against >= rule.rejections) return 'reject'
  const waiting = [...seats, ...rule.added].filter(person => !votes.some(({ holder }) => holder === person))
  const futures = Array.from({ length: 2 ** waiting.length }, (_, bits) =>
    waiting.flatMap((holder, index): CountedVote[] => (bits & (1 << index) ? [{ holder, outcome: 'approve' }] : [])),
  )
  if (against > 0 && !futures.some(future => isApproved([...votes, ...future]))) return 'reject'
  return isApproved(votes) ? 'approve' : null
}

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('counting votes', () => {
  it('says what every possible future says, for 20,000 random steps and votes', () => {
    const seen: Record<string, number> = {}
    for (let seed = 1; seed <= 20_000; seed += 1) {
      const random = randomOf(seed)
      const below = (n: number): number => Math.floor(random() * n)
      const seats = Array.from({ length: 1 + below(6) }, (_, index) => `s${index}`)
      const added = Array.from({ length: below(3) }, (_, index) => `a${index}`)
      const rule = { needed: 1 + below(seats.length), rejections: 1 + below(3), added }
      const voters = [...seats, ...added].filter(() => random() < 0.6)
      const votes = voters.map((holder): CountedVote => ({
        holder,
        outcome: random() < 0.65 ? 'approve' : random() < 0.95 ? 'reject' : 'return',
      }))
      const stillToVote = seats.filter(seat => !voters.includes(seat)).length
      const said = tally(rule, votes, stillToVote)
      seen[String(said)] = (seen[String(said)] ?? 0) + 1
      expect({ seed, said }).toEqual({ seed, said: oracle(rule, seats, votes) })
    }
    // Each answer often enough that the agreement means something.
    for (const answer of ['approve', 'reject', 'return', 'null']) expect(seen[answer]).toBeGreaterThan(500)
  })

  it('never approves by silence', () => {
    for (const needed of [1, 2, 5]) expect(tally({ needed, rejections: 1, added: [] }, [], 0)).toBeNull()
  })
})

describe('the sampled quality check', () => {
  it('draws about its share, and the same ones each time', () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `application:${index}`)
    const drawn = keys.filter(key => isSampled(key, 5))
    expect(drawn.length).toBeGreaterThan(400)
    expect(drawn.length).toBeLessThan(600)
    expect(keys.filter(key => isSampled(key, 5))).toEqual(drawn)
    expect(keys.some(key => isSampled(key, 0))).toBe(false)
  })
})
