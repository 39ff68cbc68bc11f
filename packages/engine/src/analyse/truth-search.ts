/**
 * Conditions as formulas over variables with finitely many values (the atoms of facts), and the search for values that
 * make one true. A truth is a bit, so that what a formula may still come to is a mask.
 */
export const FALSE_BIT = 1
export const UNKNOWN_BIT = 2
export const TRUE_BIT = 4

export type Formula =
  | { readonly kind: 'leaf'; readonly variable: Variable; /** Per atom, its truth. */ readonly truths: Uint8Array }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
  /** True where the part is false or unknown. */
  | { readonly kind: 'unless'; readonly part: Formula }

export interface Variable {
  readonly key: string
  readonly count: number
  readonly missing: number
}

/** `undecided`: there was more to try than is worth it. */
export type Answer = 'yes' | 'no' | 'undecided'

export interface Question {
  /** Truths that count. */
  readonly wanted: number
  /** Only where no value is missing. */
  readonly isComplete?: boolean
  /** Evaluations of a part. */
  readonly budget?: number
}

/** Whether the formula can come to one of the wanted truths. */
export function canBe(formula: Formula, { wanted, isComplete = false, budget = 100_000 }: Question): Answer {
  const assigned = new Map<Variable, number>()
  // What leaves of one variable see together, per class of atoms that none of them tells apart.
  const leaves = Map.groupBy(leavesOf(formula), ({ variable }) => variable)
  const shared = [...leaves].filter(([, own]) => own.length > 1).toSorted((a, b) => b[1].length - a[1].length)
  const open = new Map<Uint8Array, number>()
  for (const [variable, own] of leaves) for (const { truths } of own) open.set(truths, maskOf(truths, variable, isComplete))
  const classes = shared.map(([variable, own]) => ({ variable, atoms: distinctAtoms(variable, own, isComplete) }))
  let left = budget

  const evaluate = (part: Formula): number => {
    left--
    switch (part.kind) {
      case 'leaf': {
        const atom = assigned.get(part.variable)
        return atom === undefined ? open.get(part.truths)! : part.truths[atom]!
      }
      case 'all':
        return part.parts.reduce((mask, inner) => (mask === FALSE_BIT ? mask : least(mask, evaluate(inner))), TRUE_BIT)
      case 'any':
        return part.parts.length === 0
          ? TRUE_BIT
          : part.parts.reduce((mask, inner) => (mask === TRUE_BIT ? mask : greatest(mask, evaluate(inner))), FALSE_BIT)
      case 'not':
        return negated(evaluate(part.part))
      case 'unless': {
        const mask = evaluate(part.part)
        return (mask & TRUE_BIT ? FALSE_BIT : 0) | (mask & (FALSE_BIT | UNKNOWN_BIT) ? TRUE_BIT : 0)
      }
    }
  }
  const search = (depth: number): Answer => {
    if (left < 0) return 'undecided'
    const mask = evaluate(formula)
    if ((mask & wanted) === 0) return 'no'
    // Leaves that remain are independent of each other, so that every truth in the mask can be had.
    if ((mask & ~wanted) === 0 || depth === classes.length) return 'yes'
    const { variable, atoms } = classes[depth]!
    let answer: Answer = 'no'
    for (const atom of atoms) {
      assigned.set(variable, atom)
      const found = search(depth + 1)
      if (found === 'yes') {
        assigned.delete(variable)
        return 'yes'
      }
      if (found === 'undecided') answer = 'undecided'
    }
    assigned.delete(variable)
    return answer
  }
  return search(0)
}

export function* leavesOf(formula: Formula): Iterable<Extract<Formula, { kind: 'leaf' }>> {
  if (formula.kind === 'leaf') yield formula
  else if ('parts' in formula) for (const part of formula.parts) yield* leavesOf(part)
  else yield* leavesOf(formula.part)
}

function maskOf(truths: Uint8Array, { missing }: Variable, isComplete: boolean): number {
  let mask = 0
  for (let atom = 0; atom < truths.length; atom++) if (!isComplete || atom !== missing) mask |= truths[atom]!
  return mask
}

function distinctAtoms(variable: Variable, leaves: readonly { readonly truths: Uint8Array }[], isComplete: boolean): readonly number[] {
  const seen = new Map<string, number>()
  for (let atom = 0; atom < variable.count; atom++) {
    if (isComplete && atom === variable.missing) continue
    const key = leaves.map(({ truths }) => truths[atom]).join('')
    if (!seen.has(key)) seen.set(key, atom)
  }
  return [...seen.values()]
}

/** The truths that `all` of two can come to, when each can be had with each. */
function least(a: number, b: number): number {
  return (
    ((a | b) & FALSE_BIT) |
    ((a & (UNKNOWN_BIT | TRUE_BIT)) !== 0 && (b & (UNKNOWN_BIT | TRUE_BIT)) !== 0 ? (a | b) & UNKNOWN_BIT : 0) |
    (a & b & TRUE_BIT)
  )
}

function greatest(a: number, b: number): number {
  return negated(least(negated(a), negated(b)))
}

function negated(mask: number): number {
  return (mask & UNKNOWN_BIT) | (mask & TRUE_BIT ? FALSE_BIT : 0) | (mask & FALSE_BIT ? TRUE_BIT : 0)
}
