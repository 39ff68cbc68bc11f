/**
 * Conditions as formulas over variables with finitely many values (the atoms of facts), and the search for values that
 * make one true. A truth is a bit, so that what a formula may still come to is a mask.
 */
export const FALSE_BIT = 1
export const UNKNOWN_BIT = 2
export const TRUE_BIT = 4

export type Formula =
  | Leaf
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
  /** True where the part is false or unknown. */
  | { readonly kind: 'unless'; readonly part: Formula }

export interface Leaf {
  readonly kind: 'leaf'
  readonly variable: Variable
  /** Per atom, its truth. */
  readonly truths: Uint8Array
  /** What it can come to. */
  readonly mask: number
  /** What it can come to where the value is known. */
  readonly knownMask: number
}

export function createLeaf(variable: Variable, truths: Uint8Array): Leaf {
  let knownMask = 0
  for (const [atom, truth] of truths.entries()) if (atom !== variable.missing) knownMask |= truth
  return { kind: 'leaf', variable, truths, mask: knownMask | truths[variable.missing]!, knownMask }
}

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
  /** Variables that are settled already. */
  readonly given?: ReadonlyMap<Variable, number>
  /** Evaluations of a part. */
  readonly budget?: number
}

/** Whether the formula can come to one of the wanted truths. */
export function canBe(formula: Formula, { wanted, isComplete = false, given, budget = 100_000 }: Question): Answer {
  const assigned = new Map(given)
  const leaves = Map.groupBy(leavesOf(formula), ({ variable }) => variable)
  const classes = [...leaves]
    .filter(([variable, own]) => own.length > 1 && !assigned.has(variable))
    .toSorted((a, b) => b[1].length - a[1].length)
    .map(([variable, own]) => ({ variable, atoms: distinctAtoms(variable, own, isComplete) }))
  const cost = [...leaves.values()].reduce((sum, own) => sum + own.length, 0)
  let left = budget
  const search = (depth: number): Answer => {
    left -= cost
    if (left < 0) return 'undecided'
    const mask = maskOf(formula, assigned, isComplete)
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

/** What a formula can come to, taking what is not assigned for independent. */
export function maskOf(formula: Formula, assigned: ReadonlyMap<Variable, number>, isComplete = false): number {
  switch (formula.kind) {
    case 'leaf': {
      const atom = assigned.get(formula.variable)
      return atom === undefined ? (isComplete ? formula.knownMask : formula.mask) : formula.truths[atom]!
    }
    case 'all': {
      let mask = TRUE_BIT
      for (const part of formula.parts) {
        mask = least(mask, maskOf(part, assigned, isComplete))
        if (mask === FALSE_BIT) break
      }
      return mask
    }
    case 'any': {
      let mask = formula.parts.length === 0 ? TRUE_BIT : FALSE_BIT
      for (const part of formula.parts) {
        mask = greatest(mask, maskOf(part, assigned, isComplete))
        if (mask === TRUE_BIT) break
      }
      return mask
    }
    case 'not':
      return negated(maskOf(formula.part, assigned, isComplete))
    case 'unless': {
      const mask = maskOf(formula.part, assigned, isComplete)
      return (mask & TRUE_BIT ? FALSE_BIT : 0) | (mask & (FALSE_BIT | UNKNOWN_BIT) ? TRUE_BIT : 0)
    }
  }
}

export function* leavesOf(formula: Formula): Iterable<Leaf> {
  if (formula.kind === 'leaf') yield formula
  else if ('parts' in formula) for (const part of formula.parts) yield* leavesOf(part)
  else yield* leavesOf(formula.part)
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
