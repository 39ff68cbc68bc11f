import { Command as Commander, CommanderError } from 'commander'
import { EXIT, UsageError, type Command, type ExitCode, type Options } from './command.ts'
import { openSession } from './session.ts'

/** Runs a command line and says how it ended; throws nothing. */
export async function runProgram(commands: readonly Command[], argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  const program = new Commander('surety')
    .description('Credit decisions for companies that sell on credit, from a terminal or a pipeline.')
    .addHelpText(
      'after',
      '\nEvery command takes --json. Exit codes: 0 ok, 1 findings, 2 wrong usage, 3 failure.\nThe database is that of the house that runs here (`npm start`), or SURETY_DATABASE_URL.',
    )
  settle(program)
  for (const command of commands) {
    const described = addCommand(program, command)
    described.action(async (...args: unknown[]) => {
      code = await runCommand(command, described.processedArgs as string[], args.at(-2) as Options)
    })
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    // Help asked for is no mistake; help shown for want of a command is.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    throw error
  }
}

async function runCommand(command: Command, args: readonly string[], options: Options): Promise<ExitCode> {
  const isJson = options['json'] === true
  const session = openSession({ isJson })
  try {
    return await command.run(session, args, options)
  } catch (error) {
    const isUsage = error instanceof UsageError
    const failure = { code: codeOf(error), message: messageOf(error) }
    if (isJson) process.stdout.write(`${JSON.stringify({ error: failure })}\n`)
    session.say(`surety ${command.name}: ${failure.message}`)
    return isUsage ? EXIT.usage : EXIT.failure
  } finally {
    await session.close()
  }
}

const GROUPS: Readonly<Record<string, string>> = { policies: 'policies between the book and a folder that git keeps' }

/** `report ageing` is the command `ageing` of the group `report`. */
function addCommand(program: Commander, command: Command): Commander {
  const words = command.name.split(' ')
  let parent = program
  for (const word of words.slice(0, -1)) {
    const group = parent.commands.find(known => known.name() === word)
    parent = group ?? settle(parent.command(word).description(GROUPS[word] ?? `${word}s on the book`))
  }
  const own = settle(parent.command(words.at(-1)!).description(command.summary))
  return (command.describe?.(own) ?? own).option('--json', 'answer in JSON')
}

function settle(command: Commander): Commander {
  return command.exitOverride().showHelpAfterError('(--help shows how)').configureHelp({ showGlobalOptions: true })
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'FAILURE'
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (codeOf(error) === 'ECONNREFUSED') return 'The database does not answer; is the house running (`npm start`)?'
  // Several addresses tried in vain come as one error without words.
  return error.message || (error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : error.name)
}
