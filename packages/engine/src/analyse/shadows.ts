import type { Finding } from '../policy/finding.ts'
import { type Budget, findUncovered, isSurelyUncovered } from './cover.ts'
import { intersect, isWithin } from './ranges.ts'
import { finding } from './reader.ts'
import type { RowOutputs } from './row-outputs.ts'
import { forPairs } from './row-pairs.ts'
import { type RowBox, rowName, type TableBoxes } from './table-boxes.ts'
import { removal } from './words.ts'

/** Rows that never have a say: wherever they hold, a row that goes before does too. */
export function* findShadowed({ step, rows, sides, path }: TableBoxes, outputs: RowOutputs, budget: Budget): Iterable<Finding> {
  // In order of precedence; rows whose priority hangs on facts neither shadow nor are judged.
  const ranked = step.hitPolicy === 'F' ? [...rows] : inOrderOfPriority(rows, outputs)
  const allowed = sides.map(side => side.allowed)
  const candidates: number[][] = ranked.map(() => [])
  const singly = new Map<number, number>()
  let visited = 0
  forPairs(ranked, (earlier, later) => {
    if (!ranked[earlier]!.isExact || singly.has(later)) return false
    if (ranked[later]!.holds.every((side, at) => isWithin(intersect(side, allowed[at]!), ranked[earlier]!.holds[at]!)))
      singly.set(later, earlier)
    else {
      candidates[later]!.push(earlier)
      visited++
    }
    // What is kept must fit into memory.
    return visited > 20_000_000
  })
  const unjudged: RowBox[] = []
  for (const [at, row] of ranked.entries()) {
    const single = singly.get(at)
    if (single !== undefined) {
      yield shadowed(row, [ranked[single]!])
      continue
    }
    const before = candidates[at]!
    if (before.length < 2) continue
    const box = row.holds.map((side, index) => intersect(side, allowed[index]!))
    const covers = before.map(index => ranked[index]!.holds)
    if (isSurelyUncovered(box, covers)) continue
    const own: Budget = { left: Math.min(budget.left, 2_000_000) }
    const start = own.left
    const { boxes, isComplete } = findUncovered(box, covers, 1, own)
    budget.left -= start - own.left
    if (boxes.length > 0) continue
    if (isComplete)
      yield shadowed(
        row,
        before.map(index => ranked[index]!),
      )
    else unjudged.push(row)
  }
  if (unjudged.length === 0 && visited <= 20_000_000) return
  yield finding(
    'SHADOWS_UNDECIDED',
    'info',
    path,
    `The table is too involved to tell of every row whether others shadow it (${unjudged.slice(0, 8).map(rowName).join(', ')}…).`,
    `决策表过于复杂，无法判断每一行是否被其他行覆盖（${unjudged.slice(0, 8).map(rowName).join('、')}…）。`,
  )
}

function shadowed(row: RowBox, by: readonly RowBox[]): Finding {
  const names = by.slice(0, 6).map(rowName)
  const more = by.length > 6 ? '…' : ''
  return finding(
    'ROW_SHADOWED',
    'warning',
    row.path,
    `Row ${rowName(row)} never has a say: wherever it holds, ${by.length > 1 ? 'one of the rows' : 'row'} ${names.join(', ')}${more} goes before.`,
    `第 ${rowName(row)} 行永远不起作用：凡其成立之处，第 ${names.join('、')}${more} 行均先于它成立。`,
    { related: by.slice(0, 6).map(({ path }) => path), fix: removal(row.path) },
  )
}

function inOrderOfPriority(rows: readonly RowBox[], outputs: RowOutputs): RowBox[] {
  return rows
    .flatMap(row => {
      const rank = outputs.rank(row.index)
      return rank ? [{ row, rank }] : []
    })
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ row }) => row)
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [at, rank] of a.entries()) if (rank !== b[at]) return rank - b[at]!
  return 0
}
