import { z } from 'zod'
import {
  AGGREGATIONS,
  COMBINERS,
  FACT_TYPES,
  HIT_POLICIES,
  MISSING_HANDLING,
  OUTCOMES,
  ROUNDING_MODES,
  UNKNOWN_HANDLING,
} from './document.ts'

/**
 * The shape of a policy document. What a shape can't say (names that exist, types that fit, cycles) is checked when the
 * document is compiled.
 */
const text = z.strictObject({ en: z.string(), zh: z.string() }).meta({ id: 'Text' })
const identifier = z.string().min(1).max(200)
const factName = z.string().min(1).max(200)
const scalar = z.union([z.string(), z.number(), z.boolean()])
// Documents are plain JSON before they get here; only presence is left to be checked.
const json = z.unknown().refine(value => value !== undefined)

const factShape = {
  type: z.enum(FACT_TYPES),
  of: z.enum(FACT_TYPES).exclude(['list']).optional(),
  label: text.optional(),
  description: text.optional(),
  unit: z.string().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  values: z.array(z.union([z.string(), z.strictObject({ value: z.string(), label: text.optional() })])).optional(),
  source: z.string().optional(),
}
const fact = z.strictObject(factShape).meta({ id: 'Fact' })
const output = z.strictObject({ ...factShape, default: json.optional(), combine: z.enum(COMBINERS).optional() }).meta({ id: 'Output' })

const reason = z.strictObject({ code: identifier, text, weight: z.number().optional() }).meta({ id: 'Reason' })

// Conditions and events stay open: json-rules-engine lets their authors add properties of their own.
const extras = {
  id: z.string().optional(),
  name: z.string().optional(),
  priority: z.number().optional(),
  enabled: z.boolean().optional(),
  comment: z.string().optional(),
}
const leaf = z.looseObject({
  ...extras,
  fact: factName,
  operator: z.string().min(1),
  value: json,
  path: z.string().optional(),
  params: z.record(z.string(), json).optional(),
  ifMissing: z.enum(['unknown', 'true', 'false']).optional(),
})
const anyOf = z
  .looseObject({
    ...extras,
    get any() {
      return z.array(condition)
    },
  })
  .meta({ id: 'AnyCondition' })
const allOf = z
  .looseObject({
    ...extras,
    get all() {
      return z.array(condition)
    },
  })
  .meta({ id: 'AllCondition' })
const notOf = z
  .looseObject({
    ...extras,
    get not() {
      return condition
    },
  })
  .meta({ id: 'NotCondition' })
const reference = z.looseObject({ ...extras, condition: identifier }).meta({ id: 'ConditionReference' })

/** The keys that tell the branches of a condition apart, as they are tried: most conditions are about a fact. */
export const CONDITION_KEYS = ['all', 'any', 'not', 'condition', 'fact'] as const
const condition: z.ZodType = z
  .lazy(() => z.union([leaf.meta({ id: 'LeafCondition' }), allOf, anyOf, notOf, reference]))
  .meta({ id: 'Condition' })
const topCondition: z.ZodType = z.lazy(() => z.union([allOf, anyOf, notOf, reference])).meta({ id: 'TopCondition' })

const stepShape = { id: identifier, title: text.optional(), comment: z.string().optional(), enabled: z.boolean().optional() }

const event = z.looseObject({
  type: identifier,
  params: z
    .looseObject({
      set: z.record(z.string(), json).optional(),
      outcome: z.enum(OUTCOMES).optional(),
      reason: reason.optional(),
      require: z.array(reason).optional(),
    })
    .optional(),
})
const rule = z
  .strictObject({
    id: identifier,
    name: z.string().optional(),
    title: text.optional(),
    comment: z.string().optional(),
    enabled: z.boolean().optional(),
    priority: z.number().int().min(1).optional(),
    conditions: topCondition,
    event,
  })
  .meta({ id: 'Rule' })
const rulesStep = z.strictObject({
  ...stepShape,
  kind: z.literal('rules'),
  mode: z.enum(['all', 'first']).optional(),
  rules: z.array(rule),
})

const tableStep = z.strictObject({
  ...stepShape,
  kind: z.literal('table'),
  hitPolicy: z.enum(HIT_POLICIES),
  aggregation: z.enum(AGGREGATIONS).optional(),
  inputs: z.array(
    z.strictObject({
      id: identifier,
      expression: z.string(),
      label: text.optional(),
      type: z.enum(FACT_TYPES).optional(),
      allowedValues: z.string().optional(),
    }),
  ),
  outputs: z
    .array(
      z.strictObject({
        id: identifier,
        name: identifier,
        label: text.optional(),
        type: z.enum(FACT_TYPES).optional(),
        values: z.array(scalar).optional(),
        default: z.string().optional(),
      }),
    )
    .min(1),
  rows: z.array(
    z.strictObject({
      id: identifier,
      when: z.array(z.string()),
      then: z.array(z.string()),
      enabled: z.boolean().optional(),
      comment: z.string().optional(),
      reason: reason.optional(),
    }),
  ),
})

const scorecardStep = z.strictObject({
  ...stepShape,
  kind: z.literal('scorecard'),
  output: identifier,
  initial: z.number().optional(),
  characteristics: z
    .array(
      z.strictObject({
        id: identifier,
        title: text.optional(),
        expression: z.string(),
        weight: z.number().optional(),
        missing: z.enum(MISSING_HANDLING).optional(),
        bins: z
          .array(
            z.strictObject({
              id: identifier,
              from: z.number().optional(),
              to: z.number().optional(),
              values: z.array(scalar).optional(),
              missing: z.boolean().optional(),
              other: z.boolean().optional(),
              points: z.number(),
              label: text.optional(),
              reason: reason.optional(),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
  rounding: z.enum(['half-up', 'none']).optional(),
  scaling: z.strictObject({ points: z.number(), odds: z.number(), pointsToDoubleOdds: z.number() }).optional(),
})

const formulaStep = z.strictObject({
  ...stepShape,
  kind: z.literal('formula'),
  expressions: z.array(
    z.strictObject({
      id: identifier,
      output: identifier,
      expression: z.string(),
      round: z.strictObject({ decimals: z.number().int().min(0).max(12), mode: z.enum(ROUNDING_MODES).optional() }).optional(),
    }),
  ),
})

const decisionStep = z.strictObject({
  ...stepShape,
  kind: z.literal('decision'),
  policy: identifier,
  version: z.number().int().min(1).optional(),
  facts: z.record(z.string(), z.string()).optional(),
  outputs: z.record(z.string(), z.string()),
})

export const policySchema = z.strictObject({
  $schema: z.string().optional(),
  id: identifier,
  title: text,
  description: text.optional(),
  kind: z.string().optional(),
  facts: z.record(factName, fact),
  outputs: z.record(factName, output),
  lists: z.record(z.string(), z.strictObject({ title: text.optional(), values: z.array(z.union([z.string(), z.number()])) })).optional(),
  conditions: z.record(z.string(), topCondition).optional(),
  whenUnknown: z.enum(UNKNOWN_HANDLING).optional(),
  rounding: z.enum(ROUNDING_MODES).optional(),
  steps: z.array(z.discriminatedUnion('kind', [rulesStep, tableStep, scorecardStep, formulaStep, decisionStep])),
})

/** The JSON Schema of a policy document, for editors and for the API to publish. */
export function policyJsonSchema(): Record<string, unknown> {
  return { title: 'Policy', ...z.toJSONSchema(policySchema, { target: 'draft-2020-12', io: 'input' }) }
}
