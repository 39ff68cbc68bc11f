import { hashPolicy } from '../policy/canonical.ts'
import type { Policy, ScorecardStep, TableStep } from '../policy/document.ts'
import { DOCUMENT_SHEET, partsOf, sheetNames } from './layout.ts'
import { writeWorkbook, type WrittenSheet } from './workbook.ts'

/**
 * A policy as a workbook: settings to read, a sheet for each table and scorecard to edit, and the whole document in a
 * hidden sheet of its own, so that nothing is lost on the way there and back.
 */
export function exportWorkbook(policy: Policy): Uint8Array {
  const names = sheetNames(policy)
  const sheets: WrittenSheet[] = [{ name: 'Settings', rows: settingsOf(policy, names), widths: [24, 32, 24, 40, 16, 16, 32, 24, 24] }]
  for (const [at, step] of policy.steps.entries()) {
    const name = names.get(at)
    if (name === undefined) continue
    if (step.kind === 'table')
      sheets.push({ name, rows: tableRows(step, policy), widths: tableWidths(step), head: { rows: 2, columns: 2 } })
    if (step.kind === 'scorecard')
      sheets.push({ name, rows: binRows(step), widths: [20, 20, 24, 12, 12, 28, 12, 12], head: { rows: 2, columns: 2 } })
  }
  sheets.push({ name: DOCUMENT_SHEET, rows: partsOf(JSON.stringify(policy)).map(part => [part]), widths: [20], isHidden: true })
  return writeWorkbook(sheets)
}

/** Labels on top, then what columns are about, then a row a row. */
function tableRows({ inputs, outputs, rows }: TableStep, policy: Policy): string[][] {
  const label = (given: { readonly en: string; readonly zh: string } | undefined, name: string): string => {
    const words = given ?? policy.facts[name]?.label ?? policy.outputs[name]?.label
    return words ? `${words.zh} / ${words.en}` : name
  }
  return [
    [
      '行 / row',
      '生效 / on',
      ...inputs.map(one => label(one.label, one.expression)),
      ...outputs.map(one => label(one.label, one.name)),
      '备注 / comment',
    ],
    ['#row', '#on', ...inputs.map(({ id }) => `when:${id}`), ...outputs.map(({ id }) => `then:${id}`), '#comment'],
    ...rows.map(({ id, enabled, when, then, comment = '' }) => [
      id,
      enabled === false ? 'no' : '',
      ...inputs.map((_, at) => when[at] ?? ''),
      ...outputs.map((_, at) => then[at] ?? ''),
      comment,
    ]),
  ]
}

const tableWidths = ({ inputs, outputs }: TableStep): number[] => [16, 8, ...inputs.map(() => 20), ...outputs.map(() => 18), 40]

function binRows({ characteristics }: ScorecardStep): string[][] {
  return [
    [
      '特征 / characteristic',
      '分箱 / bin',
      '表达式 / expression',
      '起（含）/ from',
      '止（不含）/ to',
      '取值 / values',
      '其他 / other',
      '分值 / points',
    ],
    ['#characteristic', '#bin', '#expression', 'from', 'to', 'values', '#special', 'points'],
    ...characteristics.flatMap(({ id, expression, bins }) =>
      bins.map(bin => [
        id,
        bin.id,
        expression,
        bin.from === undefined ? '' : String(bin.from),
        bin.to === undefined ? '' : String(bin.to),
        bin.values?.map(value => JSON.stringify(value)).join(', ') ?? '',
        bin.missing ? 'missing' : bin.other ? 'other' : '',
        String(bin.points),
      ]),
    ),
  ]
}

/** For reading: what one changes here is not taken over. */
function settingsOf(policy: Policy, names: ReadonlyMap<number, string>): string[][] {
  return [
    ['策略 / policy', '值 / value'],
    ['id', policy.id],
    ['title (zh)', policy.title.zh],
    ['title (en)', policy.title.en],
    ['kind', policy.kind ?? ''],
    ['whenUnknown', policy.whenUnknown ?? 'refer'],
    ['hash', hashPolicy(policy)],
    [],
    ['步骤 / step', '工作表 / sheet', '种类 / kind', '标题 / title', '命中策略 / hit policy'],
    ...policy.steps.map((step, at) => [
      step.id,
      names.get(at) ?? '',
      step.kind,
      step.title ? `${step.title.zh} / ${step.title.en}` : '',
      step.kind === 'table' ? `${step.hitPolicy}${step.aggregation ? ` ${step.aggregation}` : ''}` : '',
    ]),
    [],
    [
      '名称 / name',
      '角色 / role',
      '类型 / type',
      '单位 / unit',
      '最小 / least',
      '最大 / greatest',
      '取值 / values',
      '中文 / zh',
      '英文 / en',
    ],
    ...(['facts', 'outputs'] as const).flatMap(role =>
      Object.entries(policy[role]).map(([name, { type, of, unit, currency, min, max, values = [], label }]) => [
        name,
        role === 'facts' ? 'fact' : 'output',
        of ? `${type} of ${of}` : type,
        currency ?? unit ?? '',
        min === undefined ? '' : String(min),
        max === undefined ? '' : String(max),
        values.map(item => (typeof item === 'string' ? item : item.value)).join(', '),
        label?.zh ?? '',
        label?.en ?? '',
      ]),
    ),
  ]
}
