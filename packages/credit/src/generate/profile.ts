import type { CompanySize } from '../book.ts'
import { foreignTo, USD_PRICE, type History } from './history.ts'
import { createIdentity, type Identity } from './names.ts'
import { health, PAYER_SHARES } from './payer.ts'
import { createRandom, type Random } from './random.ts'
import type { PayerType } from './record.ts'

/** What a customer is like: how large, how it buys and how it pays. */
export interface Profile {
  readonly customerId: string
  readonly digits: string
  readonly groupId?: string
  readonly identity: Identity
  readonly payer: PayerType
  readonly size: CompanySize
  readonly isListed: boolean
  readonly sinceDay: number
  /** Trade with us begins here: the start of the history or later. */
  readonly firstDay: number
  /** The day of ruin, for those who fail. */
  readonly failureDay: number
  /** What they buy in a year, in minor units. */
  readonly yearly: number
  readonly growth: number
  readonly ordersPerMonth: number
  /** Deviation of the logarithm of order amounts. */
  readonly unsteadiness: number
  readonly termsDays: number
  /** They pay on days of the month that divide by this. */
  readonly payRun: number
  readonly billShare: number
  readonly health: (day: number) => number
  readonly progress: (day: number) => number
}

const SIZES: Readonly<Record<CompanySize, { readonly weight: number; readonly yearly: number; readonly orders: number }>> = {
  micro: { weight: 20, yearly: 35_000_000, orders: 1 },
  small: { weight: 40, yearly: 140_000_000, orders: 2 },
  medium: { weight: 30, yearly: 650_000_000, orders: 4 },
  large: { weight: 10, yearly: 2_600_000_000, orders: 8 },
}

export function createProfile({ seed, currency, startDay, endDay }: History, number: number, random: Random): Profile {
  const digits = String(number).padStart(6, '0')
  const identity = createIdentity(number + seedOffset(seed), random, currency, foreignTo(currency))
  const payer = random.weighted(PAYER_SHARES)
  const size = random.weighted((Object.keys(SIZES) as CompanySize[]).map(each => [each, SIZES[each].weight] as const))
  const span = endDay - startDay
  const sinceDay = random.chance(0.78) ? startDay - random.between(30, 3600) : startDay + random.between(0, Math.floor(span * 0.8))
  const firstDay = Math.max(startDay, sinceDay)
  const failureDay = payer === 'failing' ? firstDay + Math.floor((endDay - firstDay) * random.real(0.55, 0.97)) : Number.POSITIVE_INFINITY
  const yearly = Math.round(
    SIZES[size].yearly * Math.exp(random.normal(0, 0.55)) * (identity.currency === currency ? 1 : USD_PRICE[currency]),
  )
  const progress = (day: number): number => Math.max(0, Math.min(1, (day - startDay) / span))
  const luck = random.normal(0, 0.07)
  const group = groupOf(number)
  return {
    customerId: `C${digits}`,
    digits,
    ...(group === undefined ? {} : { groupId: group }),
    identity,
    payer,
    size,
    isListed: size === 'large' && random.chance(0.25),
    sinceDay,
    firstDay,
    failureDay,
    yearly,
    growth: random.normal(payer === 'failing' ? -0.15 : 0.06, 0.14),
    ordersPerMonth: SIZES[size].orders * random.real(0.7, 1.5),
    unsteadiness: random.real(0.1, payer === 'prompt' || payer === 'late' ? 0.4 : 0.65),
    termsDays: random.weighted([
      [30, 40],
      [45, 20],
      [60, 28],
      [90, 12],
    ]),
    payRun: random.weighted([
      [1, 40],
      [5, 35],
      [10, 15],
      [15, 10],
    ]),
    billShare: identity.country === 'CN' && (size === 'medium' || size === 'large') && random.chance(0.45) ? random.real(0.15, 0.5) : 0,
    progress,
    health: day => Math.max(0, Math.min(1, health(payer, progress(day)) + luck)),
  }
}

// Other seeds begin at another name.
function seedOffset(seed: number | string): number {
  return Math.floor(createRandom(seed, 'names').next() * 50_000)
}

/** Three in every 25 belong together. */
function groupOf(number: number): string | undefined {
  return number % 25 >= 3 && number % 25 <= 5 ? `G${String(Math.floor(number / 25) + 1).padStart(4, '0')}` : undefined
}
