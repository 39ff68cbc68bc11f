import type { BookInstrument, BookLimit } from '../book.ts'
import { addMonths, toDay } from '../day.ts'
import type { Grade } from '../grades.ts'
import { decimalText } from './amount.ts'
import { gradeOf } from './payer.ts'
import { createRandom } from './random.ts'
import type { Story } from './story.ts'

/** Grades, limits, security and status: what the credit department did and heard. */
export function tellAccount(story: Story): void {
  const { history, profile, tell } = story
  tell('status', { date: history.dateOf(profile.firstDay), status: 'active' })
  tellGroupLimit(story)
  tellReviews(story)
  tellTemporaryLimit(story)
  tellInstrument(story)
  tellRating(story)
  tellTrouble(story)
}

const LIMIT_FACTOR: Readonly<Record<Grade, number>> = { A: 2.6, B: 2.2, C: 1.8, D: 1.2, E: 0 }
const SCORE_FLOOR: Readonly<Record<Grade, number>> = { A: 82, B: 70, C: 58, D: 42, E: 20 }
const REVIEW_MONTHS: Readonly<Record<Grade, number>> = { A: 12, B: 12, C: 6, D: 6, E: 6 }

/** The same for all members, whoever comes first. */
function tellGroupLimit({ history: { seed, dateOf }, profile: { groupId, firstDay, identity }, tell }: Story): void {
  if (groupId === undefined) return
  const amount = decimalText(createRandom(seed, groupId).between(20, 90) * 100_000_000)
  tell('limit', { date: dateOf(firstDay), kind: 'amount', amount, currency: identity.currency, isGroup: true })
}

function tellReviews({ history: { endDay, dateOf }, profile, random, tell }: Story): void {
  const { identity, firstDay, yearly, growth, termsDays } = profile
  let before: Grade | undefined
  for (let day = firstDay; day <= endDay;) {
    const grade = gradeOf(profile.health(day) + random.normal(0, 0.04))
    const date = dateOf(day)
    const next = addMonths(date, REVIEW_MONTHS[grade])
    tell('grade', { date, grade, score: SCORE_FLOOR[grade] + random.between(0, 10), expiresOn: addMonths(date, 12) })
    const need = (yearly * (1 + growth) ** ((day - firstDay) / 365) * (termsDays + 25)) / 365
    const amount = decimalText(Math.max(2_000_000, Math.round((need * LIMIT_FACTOR[grade]) / 1_000_000) * 1_000_000))
    const limit: Pick<BookLimit, 'kind' | 'amount'> = grade === 'E' ? { kind: 'none' } : { kind: 'amount', amount }
    tell('limit', {
      date,
      ...limit,
      currency: identity.currency,
      termsDays: grade === 'E' ? 0 : termsDays,
      expiresOn: addMonths(date, REVIEW_MONTHS[grade] + 3),
      nextReviewOn: next,
    })
    if (before !== undefined && grade === 'D' && before < grade) tell('status', { date, status: 'watch' })
    before = grade
    day = toDay(next) + random.between(-20, 8)
  }
}

function tellTemporaryLimit({
  history: { endDay, dateOf },
  profile: { identity, firstDay, yearly, termsDays },
  random,
  tell,
}: Story): void {
  if (!random.chance(0.08)) return
  const day = random.between(firstDay, endDay)
  const amount = decimalText(Math.round((yearly * 0.4) / 1_000_000) * 1_000_000 + 5_000_000)
  tell('limit', { date: dateOf(day), kind: 'amount', amount, currency: identity.currency, termsDays, temporaryUntil: dateOf(day + 45) })
}

const PERCENTAGE: Readonly<Record<BookInstrument['type'], number>> = {
  insurance: 90,
  guarantee: 50,
  collateral: 60,
  deposit: 100,
  'letter-of-credit': 100,
}

function tellInstrument({ history: { dateOf }, profile, random, tell, nextId }: Story): void {
  const { identity, payer, firstDay, failureDay, yearly, termsDays } = profile
  const type = random.weighted<BookInstrument['type'] | undefined>([
    ['insurance', 15],
    ['guarantee', 8],
    ['collateral', 4],
    ['deposit', 4],
    ['letter-of-credit', identity.segment === 'overseas' ? 20 : 1],
    [undefined, 70],
  ])
  if (type === undefined) return
  const isWithdrawn = type === 'insurance' && (payer === 'deteriorating' || payer === 'failing') && random.chance(0.5)
  const withdrawnOn = isWithdrawn ? dateOf(Math.min(failureDay - 20, firstDay + random.between(250, 600))) : undefined
  const effectiveFrom = dateOf(firstDay)
  tell('instrument', {
    id: nextId('SEC'),
    date: effectiveFrom,
    type,
    effect: type === 'guarantee' || type === 'collateral' ? 'raises-limit' : 'reduces-exposure',
    value: decimalText(Math.max(1_000_000, Math.round((yearly * termsDays) / 365 / 1_000_000) * 1_000_000)),
    currency: identity.currency,
    percentage: PERCENTAGE[type],
    effectiveFrom,
    expiresOn: addMonths(effectiveFrom, 12 * random.between(1, 4)),
    ...(withdrawnOn === undefined ? {} : { withdrawnOn }),
  })
  if (withdrawnOn !== undefined) tell('incident', { date: withdrawnOn, kind: 'cover-withdrawn' })
}

function tellRating({ history: { endDay, dateOf }, profile, random, tell }: Story): void {
  if (profile.size === 'micro' || !random.chance(0.35)) return
  const day = random.between(Math.max(profile.firstDay, endDay - 500), endDay)
  const score = Math.round(Math.max(5, Math.min(98, profile.health(day) * 100 + random.normal(0, 8))))
  const date = dateOf(day)
  tell('rating', { date, agency: 'agency-1', value: `${Math.ceil(score / 10)}/10`, score, expiresOn: addMonths(date, 12) })
}

function tellTrouble({ history: { endDay, dateOf }, profile: { payer, firstDay, failureDay }, random, tell }: Story): void {
  if (failureDay <= endDay) {
    tell('incident', { date: dateOf(failureDay), kind: 'insolvency' })
    tell('status', { date: dateOf(failureDay + 1), status: 'held' })
  } else if (payer !== 'prompt' && random.chance(0.12)) {
    tell('incident', { date: dateOf(random.between(firstDay, endDay)), kind: 'lawsuit' })
  }
}
