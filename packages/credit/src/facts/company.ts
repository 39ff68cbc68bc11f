import type { CompanySize } from '../book.ts'
import { industryRisk, industrySection, INDUSTRY_SECTION_LETTERS, type IndustryRisk } from '../industry.ts'
import { known, missing, type Computed, type FactTable } from './fact.ts'
import type { BookView } from './view.ts'

export const companyFacts = {
  country: {
    type: 'string',
    source: 'customer',
    label: { en: 'Country', zh: '国家或地区' },
    description: { en: 'ISO 3166-1 code.', zh: 'ISO 3166-1 代码。' },
  },
  segment: { type: 'string', source: 'customer', label: { en: 'Business segment', zh: '业务单元' } },
  companySize: {
    type: 'enum',
    source: 'customer',
    label: { en: 'Company size', zh: '企业规模' },
    values: [
      { value: 'micro', label: { en: 'micro', zh: '微型' } },
      { value: 'small', label: { en: 'small', zh: '小型' } },
      { value: 'medium', label: { en: 'medium', zh: '中型' } },
      { value: 'large', label: { en: 'large', zh: '大型' } },
    ] satisfies { value: CompanySize; label: object }[],
  },
  isListed: { type: 'boolean', source: 'customer', label: { en: 'Listed', zh: '上市公司' } },
  industry: {
    type: 'string',
    source: 'customer',
    label: { en: 'Industry', zh: '行业' },
    description: { en: 'Section and division, such as C29.', zh: '门类加大类，如 C29。' },
  },
  industrySection: {
    type: 'enum',
    source: 'industry',
    label: { en: 'Industry section', zh: '行业门类' },
    values: [...INDUSTRY_SECTION_LETTERS],
  },
  industryRisk: {
    type: 'enum',
    source: 'industry',
    label: { en: 'Industry risk', zh: '行业风险' },
    values: [
      { value: 'low', label: { en: 'low', zh: '低' } },
      { value: 'mid', label: { en: 'mid', zh: '中' } },
      { value: 'high', label: { en: 'high', zh: '高' } },
    ] satisfies { value: IndustryRisk; label: object }[],
  },
  isInsolvent: { type: 'boolean', source: 'customer', label: { en: 'In insolvency', zh: '破产程序中' } },
  lawsuits: { type: 'integer', unit: 'times', min: 0, source: 'customer', label: { en: 'Lawsuits recorded', zh: '诉讼次数' } },
  externalRating: {
    type: 'number',
    unit: 'point',
    min: 0,
    max: 100,
    source: 'agency',
    label: { en: 'External rating', zh: '外部评级' },
    description: { en: 'Mapped to 0–100; the newest that has not expired.', zh: '映射到 0–100；取最新未过期的。' },
  },
} as const satisfies FactTable

export function computeCompany({ book, asOf }: BookView): Record<keyof typeof companyFacts, Computed> {
  const { country, segment, size, isListed, industry } = book.customer
  const recorded = (value: string | boolean | undefined): Computed => (value === undefined ? missing('NOT_RECORDED') : known(value))
  const risk = industry && industryRisk(industry)
  const insolvency = book.incidents
    .filter(({ kind }) => kind === 'insolvency' || kind === 'insolvency-ended')
    .toSorted((left, right) => (left.date < right.date ? -1 : 1))
    .at(-1)
  const rating = book.ratings
    .filter(({ expiresOn }) => expiresOn === undefined || expiresOn >= asOf)
    .toSorted((left, right) => (left.date < right.date ? -1 : 1))
    .at(-1)
  return {
    country: known(country),
    segment: recorded(segment),
    companySize: recorded(size),
    isListed: recorded(isListed),
    industry: recorded(industry?.code),
    industrySection: recorded(industry && industrySection(industry)),
    industryRisk: recorded(risk),
    isInsolvent: known(insolvency?.kind === 'insolvency', insolvency?.date),
    lawsuits: known(book.incidents.filter(({ kind }) => kind === 'lawsuit').length),
    externalRating: rating === undefined ? missing('NOT_RECORDED') : known(rating.score, rating.date),
  }
}
