import { shiftDecimal } from '../../format/money.ts'
import { parseAmount } from '../../format/parse-amount.ts'
import type { Language } from '../../i18n/index.ts'

/** A bare number in a field headed 万元 counts 万, below `CNY k` thousands; one with a unit of its own (`1.2亿`, `5m`, `300元`) is as it says. */
export function readScaled(input: string, language: Language): string | undefined {
  const amount = parseAmount(input)
  return amount === undefined || HAS_UNIT.test(input.normalize('NFKC').trim()) ? amount : shiftDecimal(amount, POWER[language])
}

/** The same amount as the field shows it, exactly: nothing is rounded away by opening and closing a form. */
export const writeScaled = (amount: string, language: Language): string => shiftDecimal(amount, -POWER[language])

const POWER: Readonly<Record<Language, number>> = { 'zh-CN': 4, en: 3 }
const HAS_UNIT = /(?:亿|万|千|k|w|m|b|元)(?:元|[a-z]{3})?$/i
