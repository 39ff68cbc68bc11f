import type { Finding } from '../policy/finding.ts'
import { pointer } from '../policy/pointer.ts'
import { type Box, type Budget, findUncovered } from './cover.ts'
import { without } from './domain.ts'
import { isWithin } from './ranges.ts'
import { finding, type Reader } from './reader.ts'
import type { TableBoxes } from './table-boxes.ts'
import { casesOf, counterexampleOf } from './words.ts'

// More gaps than a person would fill one by one.
const MAX_GAPS = 20

/** Cases that no row takes, where nothing else says what then comes of it. */
export function* findGaps(table: TableBoxes, reader: Reader, budget: Budget): Iterable<Finding> {
  const { step, path, sides, rows } = table
  if (step.outputs.some(output => output.default !== undefined)) return
  const { boxes, isComplete } = findUncovered(
    sides.map(({ allowed }) => allowed),
    rows.map(({ mayHold }) => mayHold),
    MAX_GAPS,
    budget,
  )
  // An output with a value of its own is never left without one; an outcome is, and that approves.
  const hasFallback = step.outputs.every(({ name }) => name !== 'outcome' && reader.scope.find(name)?.definition.default !== undefined)
  for (const [at, box] of boxes.flatMap(gap => asCells(gap, sides)).entries()) {
    const cases = casesOf(sides, box)
    const isSure = table.isFree && !hasFallback
    yield finding(
      'TABLE_GAP',
      isSure ? 'warning' : 'info',
      path,
      `No row takes ${cases.en === '' ? 'anything' : `the case that ${cases.en}`}; ${hasFallback ? 'the outputs keep their defaults.' : 'add a row or a default.'}`,
      `没有任何一行涵盖${cases.zh === '' ? '任何情形' : `以下情形：${cases.zh}`}；${hasFallback ? '输出将保持默认值。' : '请补充一行或设置默认值。'}`,
      {
        ...counterexampleOf(sides, box),
        fix: {
          title: { en: 'Add a row for it', zh: '为其添加一行' },
          patch: [{ op: 'add', path: pointer(path, 'rows', '-'), value: missingRow(table, box, at) }],
        },
      },
    )
  }
  if (isComplete) return
  yield boxes.length >= MAX_GAPS
    ? finding('MORE_GAPS', 'info', path, `There are more gaps than these ${MAX_GAPS}.`, `缺口多于这 ${MAX_GAPS} 处。`)
    : finding('GAPS_UNDECIDED', 'info', path, 'The table is too involved to find all of its gaps.', '决策表过于复杂，无法找出全部缺口。')
}

/** No cell says "none of these, or missing", so such a gap takes two rows. */
function asCells(box: Box, sides: TableBoxes['sides']): readonly Box[] {
  const at = box.findIndex(
    (side, index) =>
      sides[index]!.domain.isOpen &&
      side.at(-1) === sides[index]!.domain.missing &&
      side.length > 0 &&
      !isWithin(sides[index]!.domain.all, side) &&
      without(side, [side.at(-1)!, side.at(-1)!]).length > 0,
  )
  if (at < 0) return [box]
  const missing = [sides[at]!.domain.missing, sides[at]!.domain.missing]
  return [box.with(at, without(box[at]!, missing)), box.with(at, missing)].flatMap(part => asCells(part, sides))
}

function missingRow({ step, sides }: TableBoxes, box: Box, at: number): object {
  const ids = new Set(step.rows.map(({ id }) => id))
  let id = `gap-${at + 1}`
  while (ids.has(id)) id += '-new'
  const when = step.inputs.map(() => '-')
  for (const [index, { domain, columns }] of sides.entries()) when[columns[0]!] = domain.cellOf(box[index]!)
  return { id, when, then: step.outputs.map(() => '') }
}
