import type { Finding } from '../policy/finding.ts'
import type { RowOutputs } from './row-outputs.ts'
import { intersect } from './ranges.ts'
import { finding } from './reader.ts'
import { forPairs } from './row-pairs.ts'
import { rowName, type RowBox, type TableBoxes } from './table-boxes.ts'
import { casesOf, counterexampleOf } from './words.ts'

// Nobody reads more pairs of one table; one row that takes everything makes thousands.
const MAX_PAIRS = 200

/** Rows that can hold together under U, or under A and say different things. */
export function findOverlaps(table: TableBoxes, outputs: RowOutputs): Iterable<Finding> {
  const { rows, step, sides, path } = table
  const findings: Finding[] = []
  const isUnique = step.hitPolicy === 'U'
  forPairs(rows, (earlier, later) => {
    const a = rows[earlier]!
    const b = rows[later]!
    if (!a.isExact || !b.isExact) return false
    const meeting = common(
      a,
      b,
      sides.map(({ allowed }) => allowed),
    )
    if (!meeting) return false
    const outcome = outputs.compare(a.index, b.index)
    if (!isUnique && outcome === 'same') return false
    if (findings.length >= MAX_PAIRS) {
      findings.push(
        finding('MORE_OVERLAPS', 'info', path, `There are more overlaps than these ${MAX_PAIRS}.`, `重叠多于这 ${MAX_PAIRS} 处。`),
      )
      return true
    }
    const cases = casesOf(sides, meeting)
    const isSure = table.isFree && (isUnique || outcome === 'different')
    const tail = {
      en: isUnique
        ? 'hit policy U allows one row at most.'
        : outcome === 'different'
          ? 'they conclude differently, which hit policy A forbids.'
          : 'hit policy A wants the same conclusion, and theirs hang on facts.',
      zh: isUnique
        ? '命中策略 U 最多允许一行成立。'
        : outcome === 'different'
          ? '两者结论不同，命中策略 A 不允许。'
          : '命中策略 A 要求结论一致，而两者取决于事实。',
    }
    findings.push(
      finding(
        'ROWS_OVERLAP',
        isSure ? 'error' : 'warning',
        b.path,
        `Rows ${rowName(a)} and ${rowName(b)} both hold where ${cases.en}; ${tail.en}`,
        `当${cases.zh}时，第 ${rowName(a)} 行与第 ${rowName(b)} 行同时成立；${tail.zh}`,
        { related: [a.path], ...counterexampleOf(sides, meeting) },
      ),
    )
    return false
  })
  return findings
}

function common(a: RowBox, b: RowBox, allowed: readonly (readonly number[])[]): readonly (readonly number[])[] | undefined {
  const sides = allowed.map((ranges, at) => intersect(intersect(a.holds[at]!, b.holds[at]!), ranges))
  return sides.some(side => side.length === 0) ? undefined : sides
}
