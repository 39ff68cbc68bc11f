import type { Severity } from '@surety/engine'
import { EXIT, UsageError, type Command } from '../command.ts'
import { checkFiles } from '../policies/check-files.ts'
import { sarif } from '../policies/sarif.ts'

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

export const checkCommand: Command = {
  name: 'check',
  summary: 'Say what is wrong with policies: what does not compile, can never happen, overlaps or is missing. Errors end with code 1.',
  describe: command =>
    command
      .argument('<file...>', 'policies, DMN models, or arrays of json-rules-engine rules')
      .option('--sarif', 'answer in SARIF 2.1.0, for code hosts'),
  async run(session, args, options) {
    const files = (args as readonly unknown[]).flat() as string[]
    if (options['sarif'] === true && options['json'] === true) throw new UsageError('Ask for --json or for --sarif.')
    const checked = await checkFiles(files)
    const findings = checked.flatMap(({ file, findings: own }) => own.map(found => ({ file, ...found })))
    const counts = Object.fromEntries(
      SEVERITIES.map(severity => [severity, findings.filter(found => found.severity === severity).length]),
    ) as Record<Severity, number>
    if (options['sarif'] === true) process.stdout.write(`${JSON.stringify(sarif(checked, session.text), undefined, 2)}\n`)
    else
      session.answer({ findings, counts }, () => [
        ...findings.flatMap(({ file, line, severity, code, path, message, counterexample, fix }) => [
          `${file}:${line} ${severity} ${code} ${path}`,
          `  ${session.text(message)}`,
          ...(counterexample ? [`  ${session.text({ en: 'For example', zh: '例如' })}: ${JSON.stringify(counterexample)}`] : []),
          ...(fix ? [`  ${session.text({ en: 'To mend it', zh: '修复建议' })}: ${session.text(fix.title)}`] : []),
        ]),
        session.text({
          en: `${files.length} checked: ${counted(counts.error, 'error')}, ${counted(counts.warning, 'warning')}, ${counts.info} for information.`,
          zh: `已检查 ${files.length} 个文件：${counts.error} 个错误，${counts.warning} 个警告，${counts.info} 条提示。`,
        }),
      ])
    return counts.error > 0 ? EXIT.findings : EXIT.ok
  },
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
