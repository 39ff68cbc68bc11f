import { once } from 'node:events'
import { resolverAmong } from '@surety/credit'
import { checkPolicy, compile, compileRules, hasErrors, InvalidFacts, type Policy, type RuleSet } from '@surety/engine'
import { EXIT, textOption, UsageError, type Command, type ExitCode, type Options } from '../command.ts'
import { readOnePolicy, readText } from '../policies/read-policy.ts'
import { textLines } from '../policies/text-lines.ts'
import type { Session } from '../session.ts'

export const decideCommand: Command = {
  name: 'decide',
  summary: 'Decide for facts, one JSON object a line, by a policy or by bare json-rules-engine rules; one line comes out for each.',
  describe: command =>
    command
      .option('--policy <file>', 'a policy: decisions come out')
      .option('--rules <file>', 'an array of json-rules-engine rules: {"events", "failureEvents"} come out, as that engine gives them')
      .requiredOption('--facts <file>', 'NDJSON; - reads standard input as it comes')
      .option('--missing <how>', 'with --rules: "undefined" takes a fact that is not given for undefined, "error" rejects', 'error')
      .option('--trace', 'with --policy: why, condition by condition')
      .option('--currency <code>', "with --policy: of amounts that don't say theirs")
      .option(
        '--with <file>',
        'with --policy: a policy that it calls; may be repeated',
        (value: string, before: readonly string[] = []) => [...before, value],
      ),
  async run(session, _, options) {
    const policyFile = textOption(options, 'policy')
    const rulesFile = textOption(options, 'rules')
    if ((policyFile === undefined) === (rulesFile === undefined)) throw new UsageError('Name either a --policy or --rules.')
    const factsFile = textOption(options, 'facts')!
    if (factsFile === '-' && (policyFile ?? rulesFile) === '-')
      throw new UsageError('Standard input is for one of them: the rules or the facts.')
    const decide = policyFile === undefined ? decideByRules(rulesFile!, options) : await decideByPolicy(policyFile, options, session)
    return decide ? decideLines(factsFile, decide, session) : EXIT.findings
  },
}

/** The answer for the facts of one line; throws where there is none. */
type Decide = (facts: Readonly<Record<string, unknown>>) => unknown

function decideByRules(file: string, options: Options): Decide {
  const missing = textOption(options, 'missing')!
  if (missing !== 'undefined' && missing !== 'error')
    throw new UsageError(`--missing is ${JSON.stringify(missing)}; it should be undefined or error.`)
  const rules = parseRules(file)
  let ruleSet: RuleSet
  try {
    ruleSet = compileRules(rules as never, { allowUndefinedFacts: missing === 'undefined' })
  } catch (error) {
    // Rules that can't run reject every time, as they do there.
    return () => {
      throw error
    }
  }
  return facts => ruleSet.run(facts)
}

function parseRules(file: string): readonly unknown[] {
  let rules: unknown
  try {
    rules = JSON.parse(readText(file))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`)
  }
  if (!Array.isArray(rules))
    throw new UsageError(`${file} should hold an array of json-rules-engine rules; a policy document goes to --policy.`)
  return rules
}

async function decideByPolicy(file: string, options: Options, session: Session): Promise<Decide | undefined> {
  if (options['missing'] !== 'error') throw new UsageError('--missing is for --rules; a policy says itself what comes of missing facts.')
  const policy = await readOnePolicy(file)
  const others: Policy[] = []
  for (const other of (options['with'] as readonly string[] | undefined) ?? []) others.push(await readOnePolicy(other))
  const currency = textOption(options, 'currency')
  const settings = { ...(currency !== undefined && { currency }) }
  const resolve = resolverAmong(others, settings)
  const findings = checkPolicy(policy, { ...settings, resolve })
  if (hasErrors(findings)) {
    for (const { severity, path, message } of findings) if (severity === 'error') session.say(`${file}: ${path} ${session.text(message)}`)
    return undefined
  }
  const compiled = compile(policy, { ...settings, resolve })
  const trace = options['trace'] === true
  return facts => compiled.decide(facts, { trace })
}

async function decideLines(file: string, decide: Decide, session: Session): Promise<ExitCode> {
  let isSound = true
  for await (const lines of textLines(file)) {
    let output = ''
    for (const { number, text } of lines) {
      const facts = parseFacts(text)
      if (typeof facts === 'string') {
        isSound = false
        session.say(`${file === '-' ? 'standard input' : file}, line ${number}: ${facts}`)
        output += `${JSON.stringify({ error: { code: 'MALFORMED_LINE', line: number, message: facts } })}\n`
      } else output += `${answerOf(facts, decide)}\n`
    }
    if (output !== '' && !process.stdout.write(output)) await once(process.stdout, 'drain')
  }
  return isSound ? EXIT.ok : EXIT.findings
}

function answerOf(facts: Readonly<Record<string, unknown>>, decide: Decide): string {
  try {
    return JSON.stringify(decide(facts))
  } catch (error) {
    const { code = 'REJECTED', message } = error as Error & { readonly code?: string }
    return JSON.stringify({ error: { code, message, ...(error instanceof InvalidFacts && { problems: error.problems }) } })
  }
}

/** The facts, or what is wrong with the line. */
function parseFacts(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const facts: unknown = JSON.parse(text)
    if (facts !== null && typeof facts === 'object' && !Array.isArray(facts)) return facts as Readonly<Record<string, unknown>>
    return 'a JSON object of facts is needed, such as {"age": 21}.'
  } catch (error) {
    return `not JSON: ${(error as Error).message}`
  }
}
