import type { Condition, Rule, RulesStep } from '../policy/document.ts'
import type { Finding } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { createFormulaMaker, type FormulaMaker } from './formulas.ts'
import { type Analysis, finding, type Reader } from './reader.ts'
import { sentenceOfCondition } from '../sentences/condition.ts'
import { canBe, FALSE_BIT, type Formula, leavesOf, maskOf, TRUE_BIT, UNKNOWN_BIT, type Variable } from './truth-search.ts'

/** Rules that can't fire, conditions that never or always hold, and rules that earlier ones keep from their turn. */
export const rules: Analysis = function* (reader) {
  const steps = reader.policy.steps.flatMap((step, index) =>
    step.kind === 'rules' && step.enabled !== false ? [{ step, path: pointer('/steps', index) }] : [],
  )
  const seen = new Set<string>()
  for (const { step, path } of steps) {
    for (const found of analyseStep(step, path, reader)) {
      // A named condition is looked at with every rule that uses it.
      const key = `${found.code} ${found.path}`
      if (!seen.has(key)) yield found
      seen.add(key)
    }
  }
}

interface Placed {
  readonly rule: Rule
  readonly path: string
  readonly formula: Formula
}

function* analyseStep(step: RulesStep, path: string, reader: Reader): Iterable<Finding> {
  const enabled = step.rules.filter(rule => rule.enabled !== false)
  const maker = createFormulaMaker(
    enabled.map(rule => rule.conditions),
    reader,
  )
  const placed = step.rules.flatMap((rule, index): Placed[] => {
    if (rule.enabled === false) return []
    const rulePath = pointer(path, 'rules', index)
    const formula = maker.make(rule.conditions, pointer(rulePath, 'conditions'))
    return formula ? [{ rule, path: rulePath, formula }] : []
  })
  const never = new Set<Placed>()
  for (const one of placed) {
    if (isEmpty(one.formula)) continue
    const answer = canBe(one.formula, { wanted: TRUE_BIT })
    if (answer === 'no') {
      never.add(one)
      yield* neverFires(one, maker, reader)
    } else if (answer === 'undecided') yield undecided(one)
    else {
      yield* hasConstantParts(one.formula, maker, reader)
      if (isAlways(one.formula)) yield alwaysFires(one)
    }
  }
  if (step.mode === 'first') yield* shadowedRules(placed.filter(one => !never.has(one)))
}

/** Empty groups are said to be empty; that they hold always goes without saying. */
const isEmpty = (formula: Formula): boolean => 'parts' in formula && formula.parts.length === 0

const isNever = (formula: Formula): boolean => !isEmpty(formula) && canBe(formula, { wanted: TRUE_BIT }) === 'no'

const isAlways = (formula: Formula): boolean =>
  !isEmpty(formula) && canBe(formula, { wanted: FALSE_BIT | UNKNOWN_BIT, isComplete: true }) === 'no'

const nameOf = ({ rule }: Placed): string => rule.name ?? rule.title?.en ?? rule.id

function* neverFires(one: Placed, maker: FormulaMaker, reader: Reader): Iterable<Finding> {
  const cause = deepestNever(one.formula)
  const place = maker.places.get(cause)
  const words = place && placeWords(place.condition, reader)
  yield finding(
    'RULE_NEVER_FIRES',
    'error',
    one.path,
    `Rule "${nameOf(one)}" can never fire: nothing satisfies ${words ? `"${words.en}"` : 'its conditions'}.`,
    `规则“${one.rule.title?.zh ?? nameOf(one)}”永远不会触发：没有任何取值满足${words ? `“${words.zh}”` : '其条件'}。`,
    { related: [place?.path ?? pointer(one.path, 'conditions')] },
  )
}

/** The smallest part that can't hold by itself. */
function deepestNever(formula: Formula): Formula {
  if (formula.kind === 'all') {
    const part = formula.parts.find(isNever)
    if (part) return deepestNever(part)
  }
  return formula
}

function alwaysFires(one: Placed): Finding {
  return finding(
    'RULE_ALWAYS_FIRES',
    'warning',
    one.path,
    `Rule "${nameOf(one)}" fires whatever its facts are, as long as they are known.`,
    `只要相关事实已知，规则“${one.rule.title?.zh ?? nameOf(one)}”无论取值如何都会触发。`,
  )
}

/** Parts of a condition that never or always hold, though the whole may. */
function* hasConstantParts(formula: Formula, maker: FormulaMaker, reader: Reader): Iterable<Finding> {
  const parts = 'parts' in formula ? formula.parts : formula.kind === 'leaf' ? [] : [formula.part]
  for (const part of parts) {
    const place = maker.places.get(part)
    if (!place) continue
    const isPartOfSeveral = parts.length > 1
    const words = (): { readonly en: string; readonly zh: string } => placeWords(place.condition, reader)
    if (isNever(part)) {
      yield finding(
        'CONDITION_NEVER_HOLDS',
        'warning',
        place.path,
        `No possible value satisfies "${words().en}".`,
        `没有任何可能的取值满足“${words().zh}”。`,
      )
    } else if (isPartOfSeveral && isAlways(part)) {
      yield finding(
        'CONDITION_ALWAYS_HOLDS',
        'warning',
        place.path,
        `"${words().en}" holds for every possible value; it only asks whether the fact is known.`,
        `“${words().zh}”对任何可能的取值都成立；它只相当于要求该事实已知。`,
      )
    } else yield* hasConstantParts(part, maker, reader)
  }
}

function placeWords(condition: Condition, reader: Reader): { readonly en: string; readonly zh: string } {
  const text = (language: 'en' | 'zh'): string => {
    const words = sentenceOfCondition(condition, '', reader.policy, language, reader.context.operators)
      .map(span => span.text)
      .join('')
    return words.length > 160 ? `${words.slice(0, 159)}…` : words
  }
  return { en: text('en'), zh: text('zh') }
}

function* shadowedRules(placed: readonly Placed[]): Iterable<Finding> {
  const ordered = placed.toSorted((a, b) => (b.rule.priority ?? 1) - (a.rule.priority ?? 1))
  for (const [at, one] of ordered.entries()) {
    const given = missingElsewhere(one, ordered.slice(0, at))
    const earlier = ordered.slice(0, at).filter(other => (maskOf(other.formula, given) & TRUE_BIT) !== 0)
    const misses = (others: readonly Placed[]): Formula => ({
      kind: 'all',
      parts: [one.formula, ...others.map((other): Formula => ({ kind: 'unless', part: other.formula }))],
    })
    const single = earlier.find(other => canBe(misses([other]), { wanted: TRUE_BIT, given, budget: 5_000 }) === 'no')
    const answer = single ? 'no' : canBe(misses(earlier), { wanted: TRUE_BIT, given, budget: 1_000_000 })
    if (answer === 'yes') continue
    if (answer === 'undecided') {
      yield undecided(one)
      continue
    }
    const by = single ? [single] : earlier
    const names = by
      .slice(0, 6)
      .map(other => `"${nameOf(other)}"`)
      .join(', ')
    yield finding(
      'RULE_SHADOWED',
      'warning',
      one.path,
      `Rule "${nameOf(one)}" never has its turn: wherever it holds, an earlier one (${names}) has fired and ended the step.`,
      `规则“${one.rule.title?.zh ?? nameOf(one)}”永远轮不到：凡其成立之处，更靠前的规则（${names}）已触发并结束本步骤。`,
      {
        related: by.slice(0, 6).map(other => other.path),
        fix: { title: { en: 'Remove the rule', zh: '删除该规则' }, patch: [{ op: 'remove', path: one.path }] },
      },
    )
  }
}

/**
 * Facts that a rule does not ask about may as well be missing, where that leaves others unknown: a rule that holds
 * without a value holds with any, so no other value would keep it from firing.
 */
function missingElsewhere(one: Placed, others: readonly Placed[]): ReadonlyMap<Variable, number> {
  const own = new Set([...leavesOf(one.formula)].map(({ variable }) => variable))
  const given = new Map<Variable, number>()
  const settled = new Set<Variable>()
  for (const { formula } of others) {
    for (const { variable, truths } of leavesOf(formula)) {
      if (own.has(variable)) continue
      given.set(variable, variable.missing)
      if (truths[variable.missing] !== UNKNOWN_BIT) settled.add(variable)
    }
  }
  for (const variable of settled) given.delete(variable)
  return given
}

function undecided(one: Placed): Finding {
  return finding(
    'RULE_UNDECIDED',
    'info',
    one.path,
    `The conditions of rule "${nameOf(one)}" are too involved to tell whether they can hold.`,
    `规则“${one.rule.title?.zh ?? nameOf(one)}”的条件过于复杂，无法判断其能否成立。`,
  )
}
