import { pointer } from '../policy/pointer.ts'
import { type Analysis, finding, labelOf } from './reader.ts'

/** Bins of a scorecard that no possible value falls into. */
export const bins: Analysis = function* (reader) {
  for (const [index, step] of reader.policy.steps.entries()) {
    if (step.kind !== 'scorecard' || step.enabled === false) continue
    for (const [at, { expression, bins: all }] of step.characteristics.entries()) {
      const tree = reader.expression(expression).tree
      const name = tree?.kind === 'name' ? reader.scope.find(tree.name) : undefined
      const { min, max } = name?.definition ?? {}
      for (const [place, bin] of all.entries()) {
        const isAbove = max !== undefined && bin.from !== undefined && bin.from > max
        const isBelow = min !== undefined && bin.to !== undefined && bin.to <= min
        if (!isAbove && !isBelow) continue
        const path = pointer('/steps', index, 'characteristics', at, 'bins', place)
        const bound = isAbove ? { en: `at most ${max}`, zh: `不大于 ${max}` } : { en: `at least ${min}`, zh: `不小于 ${min}` }
        yield finding(
          'BIN_OUT_OF_RANGE',
          'warning',
          path,
          `No value falls into bin "${bin.id}": ${labelOf(name!.name, reader).en} is ${bound.en}.`,
          `没有取值会落入分箱“${bin.id}”：${labelOf(name!.name, reader).zh}${bound.zh}。`,
          { fix: { title: { en: 'Remove the bin', zh: '删除该分箱' }, patch: [{ op: 'remove', path }] } },
        )
      }
    }
  }
}
