// Runs on a bare Node 20 with nothing installed: brings the packages, then hands over to the Node 24 among them.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createProgress } from './progress.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PACKAGE_MANAGER = 'pnpm@12'
const OLDEST_NODE = 20
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/

/**
 * Runs a script of ours under Node 24 and ends as it ends.
 * @param {string} script relative to the root of the repository
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, cwd?: string, env?: NodeJS.ProcessEnv }} [options] quiet: nothing but the script's own words on standard output
 */
export async function handOver(script, args, options = {}) {
  try {
    await installPackages(options.quiet ? process.stderr : process.stdout)
    process.exitCode = await runScript(script, args, options)
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

/** @param {NodeJS.WriteStream} stream */
async function installPackages(stream) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < OLDEST_NODE) throw new Error(`This is Node ${process.versions.node}; Surety needs Node ${OLDEST_NODE} or newer.`)
  const wanted = fingerprint()
  const stamp = join(ROOT, 'node_modules', '.surety-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(nodePath())) return
  await createProgress(stream).run('packages', async step => {
    const { code, output } = await collect('npx', ['-y', PACKAGE_MANAGER, 'install', '--frozen-lockfile', '--reporter=append-only'])
    if (code !== 0) {
      const hint = NO_NETWORK.test(output) ? '\n\nThe npm registry cannot be reached. The first start needs it; later ones do not.' : ''
      throw new Error(
        `Installing the packages failed (npx -y ${PACKAGE_MANAGER} install --frozen-lockfile):\n${output.trim().split('\n').slice(-25).join('\n')}${hint}`,
      )
    }
    writeFileSync(stamp, wanted)
    step.say(
      `installed, with Node ${readFileSync(join(ROOT, 'node_modules', 'node', 'package.json'), 'utf8').match(/"version": "([^"]+)"/)?.[1]}`,
    )
  })
}

// All that decides what gets installed, and for which machine: a folder that moved from another system is installed anew.
function fingerprint() {
  const hash = createHash('sha256')
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(ROOT, name)))
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`
}

function nodePath() {
  return join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** @param {string} command @param {readonly string[]} args @returns {Promise<{ code: number | null, output: string }>} */
function collect(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', chunk => (output += chunk))
    child.once('error', error => reject(new Error(`${command} could not be run: ${error.message}. It comes with npm.`)))
    child.once('close', code => resolve({ code, output }))
  })
}

/** @param {string} script @param {readonly string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options @returns {Promise<number>} */
function runScript(script, args, { cwd = ROOT, env = {} }) {
  const child = spawn(nodePath(), ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args], {
    cwd,
    env: {
      ...process.env,
      ...env,
      SURETY_STARTED_AT: String(performance.timeOrigin),
      // What Node made of our modules last time halves the work of a start.
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(ROOT, 'node_modules', '.cache', 'node'),
      PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH']}`,
    },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // A Ctrl-C in a terminal has reached the child already. Whichever way it hears, it ends in its own order, and we after it.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  // npm may be killed where it cannot pass the signal on.
  const parent = process.ppid
  const watch = process.env['npm_lifecycle_event'] ? setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500) : undefined
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}
