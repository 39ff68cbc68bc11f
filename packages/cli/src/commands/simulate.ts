import { writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { resolverAmong } from '@surety/credit'
import { checkPolicy, hasErrors, OUTCOMES, type Policy } from '@surety/engine'
import {
  findRecords,
  openDataSet,
  recordTable,
  reportTables,
  simulate,
  SimulationProblem,
  tableAsCsv,
  writeTables,
  type DataSet,
  type ReportTable,
  type Simulation,
  type SimulationRun,
} from '@surety/simulation'
import { EXIT, textOption, UsageError, type Command, type Options } from '../command.ts'
import { readOnePolicy } from '../policies/read-policy.ts'
import type { Session } from '../session.ts'
import { table } from '../table.ts'

export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'Two versions of a policy over a data set: who moves, what it is worth, and why. Needs no server.',
  describe: command =>
    command
      .requiredOption('--base <file>', 'the version that is in force')
      .requiredOption('--challenger <file>', 'the version that might be')
      .requiredOption('--data <file>', '.csv (UTF-8), .xlsx or .parquet; columns are found by the names of facts')
      .option('--outcome <column>', 'how rows ended: good or bad, empty where it is not known')
      .option('--bad <value>', 'the value of that column that means bad')
      .option('--amount <column>', 'what a row is worth')
      .option('--segment <column>', 'report by the values of this column too')
      .option('--map <fact=column>', 'a fact whose column is called otherwise; may be repeated', collect)
      .option('--with <file>', 'a policy that they call; may be repeated', collect)
      .option('--currency <code>', "of amounts that don't say theirs")
      .option('--export <file>', 'the report as .xlsx')
      .option('--records <file>', 'the records that move, as .csv or .xlsx'),
  async run(session, _, options) {
    const [base, challenger] = [await readOnePolicy(options['base'] as string), await readOnePolicy(options['challenger'] as string)]
    const others: Policy[] = []
    for (const file of listOption(options, 'with')) others.push(await readOnePolicy(file))
    const currency = textOption(options, 'currency')
    const settings = { ...(currency !== undefined && { currency }) }
    const compile = { ...settings, resolve: resolverAmong(others, settings) }
    for (const policy of [base, challenger]) {
      const findings = checkPolicy(policy, compile)
      if (!hasErrors(findings)) continue
      for (const { severity, path, message } of findings)
        if (severity === 'error') session.say(`${policy.id}: ${path} ${session.text(message)}`)
      return EXIT.findings
    }
    let data: DataSet | undefined
    try {
      data = await openDataSet(options['data'] as string)
      const run = await simulate(
        data,
        { base, challenger, mapping: mappingOf(options), ...columnsOf(options) },
        { compile, report: ({ phase, rows, of }) => session.progress(`${phase} ${rows} of ${of}`) },
      )
      await writeExports(data, run, options)
      session.answer(run.simulation, () => linesOf(run.simulation, session))
      return EXIT.ok
    } catch (error) {
      if (error instanceof SimulationProblem) throw new UsageError(session.text(error.text))
      throw error
    } finally {
      await data?.close()
    }
  },
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function listOption(options: Options, name: string): readonly string[] {
  return (options[name] as readonly string[] | undefined) ?? []
}

function columnsOf(options: Options): { outcome?: string; bad?: string; amount?: string; segment?: string } {
  const names = ['outcome', 'bad', 'amount', 'segment'] as const
  return Object.fromEntries(names.flatMap(name => (textOption(options, name) === undefined ? [] : [[name, textOption(options, name)]])))
}

function mappingOf(options: Options): Record<string, string> {
  return Object.fromEntries(
    listOption(options, 'map').map(pair => {
      const at = pair.indexOf('=')
      if (at < 1 || at === pair.length - 1) throw new UsageError(`--map is ${JSON.stringify(pair)}; write fact=column.`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

async function writeExports(data: DataSet, run: SimulationRun, options: Options): Promise<void> {
  const report = textOption(options, 'export')
  if (report !== undefined) await write(reportTables(run.simulation), report, ['.xlsx'])
  const records = textOption(options, 'records')
  if (records === undefined) return
  const { records: found } = await findRecords(data, run, { isChanged: true }, { offset: 0, limit: run.simulation.report.changed.count })
  await write([recordTable(found, data.columns)], records, ['.csv', '.xlsx'])
}

async function write(tables: readonly ReportTable[], file: string, formats: readonly string[]): Promise<void> {
  const format = extname(file).toLowerCase()
  if (!formats.includes(format)) throw new UsageError(`${file} should end in ${formats.join(' or ')}.`)
  if (format === '.xlsx') await writeTables(tables, file)
  // With the mark that makes spreadsheets read it as UTF-8.
  else writeFileSync(file, `\uFEFF${tables.map(tableAsCsv).join('')}`)
}

function linesOf({ report, data, unbound, unread }: Simulation, session: Session): string[] {
  const { text } = session
  const percent = (rate: number | null | undefined): string => (rate === null || rate === undefined ? '' : `${(rate * 100).toFixed(2)}%`)
  const hasAmounts = report.total.amount !== undefined
  const hasOutcomes = report.total.known !== undefined
  return [
    text({
      en: `${data.rows} rows of ${data.name}; ${report.changed.count} are decided differently.`,
      zh: `${data.name} 共 ${data.rows} 行，其中 ${report.changed.count} 行结论不同。`,
    }),
    '',
    ...table(
      ['base', 'challenger', 'rows', ...(hasAmounts ? ['amount'] : []), ...(hasOutcomes ? ['bad rate', 'inferred'] : [])],
      report.cells
        .filter(({ count }) => count > 0)
        .map(({ base, challenger, count, amount = '', badRate, isInferred }) => [
          base,
          challenger,
          String(count),
          ...(hasAmounts ? [amount] : []),
          ...(hasOutcomes ? [percent(badRate), isInferred ? text({ en: 'yes', zh: '是' }) : ''] : []),
        ]),
    ),
    '',
    ...table(
      ['', ...OUTCOMES, ...(hasOutcomes ? [text({ en: 'bad rate of approved', zh: '通过客户坏账率' })] : [])],
      (['base', 'challenger'] as const).map(version => [
        version,
        ...report[version].map(({ count }) => String(count)),
        ...(hasOutcomes ? [percent(report[version][0]!.badRate)] : []),
      ]),
    ),
    ...(report.movers.length > 0
      ? [
          '',
          ...table(
            [text({ en: 'why they move', zh: '变化原因' }), 'rows', ...(hasAmounts ? ['amount'] : [])],
            report.movers.map(({ step, id, count, amount = '' }) => [
              step === id ? id : `${step}/${id}`,
              String(count),
              ...(hasAmounts ? [amount] : []),
            ]),
          ),
        ]
      : []),
    ...(unbound.length > 0
      ? ['', text({ en: `No column for: ${unbound.join(', ')}.`, zh: `没有对应列的事实：${unbound.join('、')}。` })]
      : []),
    ...unread.map(({ column, type, count, firstRow, example }) =>
      text({
        en: `Column ${column}: ${count} cells are no ${type}, the first in row ${firstRow}: ${JSON.stringify(example)}; they count as missing.`,
        zh: `列 ${column}：有 ${count} 个单元格不是 ${type}，首个在第 ${firstRow} 行：${JSON.stringify(example)}；按缺失处理。`,
      }),
    ),
  ]
}
