/** One place of the source, and what it is broken into. */
export interface Mutant {
  readonly file: string
  readonly from: string
  readonly to: string
}

export const MUTANTS: readonly Mutant[] = [
  { file: 'operators/equal.ts', from: 'left === right', to: 'left == right' },
  { file: 'operators/not-equal.ts', from: 'left !== right', to: 'left != right' },
  { file: 'operators/in.ts', from: '.indexOf(left) > -1', to: '.indexOf(left) > 0' },
  { file: 'operators/not-in.ts', from: '.indexOf(left) === -1', to: '.indexOf(left) < 1' },
  { file: 'operators/contains.ts', from: 'left.indexOf(right) > -1', to: 'left.includes(right)' },
  {
    file: 'operators/does-not-contain.ts',
    from: 'Array.isArray(left) && left.indexOf(right) === -1',
    to: '!(Array.isArray(left) && left.indexOf(right) > -1)',
  },
  { file: 'operators/less-than.ts', from: "emitOrder('<'", to: "emitOrder('<='" },
  { file: 'operators/less-than-inclusive.ts', from: '(left as number) <= (right as number)', to: '(left as number) < (right as number)' },
  { file: 'operators/greater-than.ts', from: 'isNumberLike(left) && ', to: '' },
  {
    file: 'operators/greater-than-inclusive.ts',
    from: '(left as number) >= (right as number)',
    to: '(right as number) >= (left as number)',
  },
  { file: 'operators/number-like.ts', from: 'Number.parseFloat(value as string)', to: 'Number(value)' },
  {
    file: 'operators/decorators.ts',
    from: '(left as unknown[]).every(item => next(item, right))',
    to: '(left as unknown[]).some(item => next(item, right))',
  },
  {
    file: 'operators/decorators.ts',
    from: '(right as unknown[]).some(item => next(left, item))',
    to: '(right as unknown[]).every(item => next(left, item))',
  },
  { file: 'operators/emit.ts', from: 'isFalseWhenMissing: false }', to: 'isFalseWhenMissing: true }' },
  { file: 'rules/compile-condition.ts', from: "bound === 'surely' ? 'possibly' : 'surely'", to: 'bound' },
  { file: 'facade/rule-code.ts', from: "greaterThan: '>'", to: "greaterThan: '>='" },
  {
    file: 'columns/column-code.ts',
    from: 'const complete = new Set<number>()',
    to: 'const complete = new Set<number>(scope.names.map(({ slot }) => slot))',
  },
]
