import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT } from '../house/home.ts'

/** Runs a tool among our packages; what it says when it is not content. */
export function runTool(tool: string, args: readonly string[], folder = ''): Promise<string | undefined> {
  const cwd = join(ROOT, folder)
  const bins = [join(cwd, 'node_modules', '.bin'), join(ROOT, 'node_modules', '.bin')]
  const program = bins.map(bin => join(bin, tool)).find(existsSync)
  if (!program) throw new Error(`${tool} is not installed.`)
  const env = { ...process.env, PATH: [...bins, process.env['PATH']].join(delimiter), NO_COLOR: '1', FORCE_COLOR: undefined }
  return new Promise(resolve => {
    execFile(program, args, { cwd, env, maxBuffer: 100_000_000 }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim()
      resolve(error ? said || error.message : undefined)
    })
  })
}
