import { describe, expect, test } from 'vitest'
import { checkPolicy, compile } from '../../src/compile/policy.ts'
import type { Policy } from '../../src/policy/document.ts'
import { hasSharedData, parseCsv, readShared } from '../support/shared-data.ts'
import document from './policies/company-analysis.json' with { type: 'json' }

const policy = document as unknown as Policy

// An empty legal status is a text that is not on the list; an empty turnover is a turnover that nobody knows.
const factsOf = ({ legalStatus = '', turnover = '', country = '' }: Readonly<Record<string, string>>): Record<string, unknown> => ({
  legalStatus,
  country,
  ...(turnover === '' ? {} : { turnover: Number(turnover) }),
})

describe.skipIf(!hasSharedData('gorules-company-analysis'))(
  'company analysis of GoRules as a policy of ours (needs the shared data folder)',
  () => {
    const cases = hasSharedData('gorules-company-analysis')
      ? parseCsv(readShared('gorules-company-analysis/company-analysis_cases.csv'))
      : []
    const { decide, interpret } = compile(policy)

    test('the policy has nothing to complain about', () => {
      expect(checkPolicy(policy)).toEqual([])
    })

    test('all 600 cases get the flags and the verdict that ZEN gives', () => {
      expect(cases).toHaveLength(600)
      for (const row of cases) {
        const decision = decide(factsOf(row))
        expect(interpret(factsOf(row))).toEqual(decision)
        expect(decision).toMatchObject({
          isUnknown: false,
          outputs: {
            flagCompanyType: row['flag_companyType'],
            flagTurnover: row['flag_turnover'],
            flagCountry: row['flag_country'],
            overall: row['overall'],
          },
        })
      }
    })
  },
)
