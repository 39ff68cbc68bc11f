import type { Text, Value } from '../policy/document.ts'
import type { Finding } from '../policy/finding.ts'
import type { Box } from './cover.ts'
import type { Side } from './table-boxes.ts'

/** A box in words: what each value is to be. */
export function casesOf(sides: readonly Side[], box: Box): Text {
  const parts = sides.flatMap(({ label, domain }, at) => {
    const cell = domain.cellOf(box[at]!)
    return cell === '-' ? [] : [{ label, cell }]
  })
  return {
    en: parts.map(({ label, cell }) => `${label.en} is ${SPOKEN[cell]?.en ?? cell}`).join(' and '),
    zh: parts.map(({ label, cell }) => `${label.zh}为 ${SPOKEN[cell]?.zh ?? cell}`).join('，'),
  }
}

const SPOKEN: Readonly<Record<string, Text>> = { null: { en: 'missing', zh: '缺失' }, 'not(null)': { en: 'not missing', zh: '非缺失' } }

/** Facts in the box, where facts alone span it; a missing one is left out. */
export function counterexampleOf(sides: readonly Side[], box: Box): Pick<Finding, 'counterexample'> {
  const facts: Record<string, Value> = {}
  for (const [at, { name, domain }] of sides.entries()) {
    if (name === undefined) continue
    const atom = box[at]![0]!
    const value = domain.valueOf(atom)
    if (value !== null) facts[name] = value
  }
  return { counterexample: facts }
}

export const removal = (path: string): NonNullable<Finding['fix']> => ({
  title: { en: 'Remove the row', zh: '删除该行' },
  patch: [{ op: 'remove', path }],
})
