import { COMMANDS } from './commands/index.ts'
import { runProgram } from './program.ts'

// The program `surety`: npm run -s surety -- <command> --help
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `surety … | head` has seen enough.
  process.exit(error.code === 'EPIPE' ? 0 : 3)
})
process.exitCode = await runProgram(COMMANDS, process.argv.slice(2))
