import { writeFileSync } from 'node:fs'
import { exportDmn } from '@surety/engine/dmn'
import { exportWorkbook } from '@surety/engine/xlsx'
import type { Finding } from '@surety/engine'
import { EXIT, textOption, UsageError, type Command } from '../command.ts'
import { readPolicyFile } from '../policies/read-policy.ts'

export const convertCommand: Command = {
  name: 'convert',
  summary: 'Write a policy in another form: from a policy, a DMN model, a workbook or json-rules-engine rules, to JSON, DMN or a workbook.',
  describe: command =>
    command
      .argument('<file>', 'policy, DMN model, workbook, or array of json-rules-engine rules')
      .requiredOption('--to <form>', 'json, dmn or xlsx')
      .option('--out <file>', 'where it goes; needed for xlsx (default: standard output)'),
  async run(session, [file = ''], options) {
    const to = textOption(options, 'to')
    const out = textOption(options, 'out')
    if (to !== 'json' && to !== 'dmn' && to !== 'xlsx')
      throw new UsageError(`--to is ${JSON.stringify(to)}; it should be json, dmn or xlsx.`)
    if (to === 'xlsx' && out === undefined) throw new UsageError('--to xlsx needs --out, the workbook to write.')
    if (options['json'] === true && out === undefined)
      throw new UsageError('--json answers on standard output, so the result needs an --out.')
    const read = await readPolicyFile(file)
    const [policy] = read.policies
    if (!policy) {
      for (const { path, message } of read.findings) session.say(`${file}: ${path} ${session.text(message)}`)
      return EXIT.findings
    }
    const findings: Finding[] = [...read.findings]
    if (to === 'xlsx') writeFileSync(out!, exportWorkbook(policy))
    else {
      let text = `${JSON.stringify(policy, undefined, 2)}\n`
      if (to === 'dmn') {
        const exported = await exportDmn(policy)
        findings.push(...exported.findings)
        text = exported.xml
      }
      if (out === undefined) process.stdout.write(text)
      else writeFileSync(out, text)
    }
    for (const { severity, path, message } of findings) session.say(`${file}: ${severity} ${path} ${session.text(message)}`)
    if (out !== undefined) session.answer({ out, findings }, () => [out])
    return findings.some(({ severity }) => severity === 'error') ? EXIT.findings : EXIT.ok
  },
}
