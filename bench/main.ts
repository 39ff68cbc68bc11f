import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark, Measurement } from './measurement.ts'

// npm run -s bench -- NAME [--json] [--quick]: measures what bench/NAME.ts measures; without a name, says which there are.
const HELPERS = new Set(['main', 'measurement'])

const { values, positionals } = readArguments()
const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts'))
  .map(file => file.slice(0, -3))
  .filter(name => !HELPERS.has(name))
const [name, ...rest] = positionals
if (name === undefined) {
  process.stdout.write(`${names.join('\n')}\n`)
} else if (rest.length > 0 || !names.includes(name) || !existsSync(join(import.meta.dirname, `${name}.ts`))) {
  fail(`There is no bench “${[name, ...rest].join(' ')}”; there are ${names.join(', ')}.`)
} else {
  const benchmark = (await import(`./${name}.ts`)) as Benchmark
  const measurements = await benchmark.run({ quick: values.quick ?? false, log: line => process.stderr.write(`${line}\n`) })
  process.stdout.write(values.json ? `${JSON.stringify(measurements)}\n` : `${measurements.map(describe).join('\n')}\n`)
  // Servers and threads of a peer may still hold the process.
  process.exit(0)
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } })
  } catch (error) {
    return fail(`${(error as Error).message}\nUsage: npm run -s bench -- NAME [--json] [--quick]`)
  }
}

function describe({ name: measured, ours, peer, unit, ratio }: Measurement): string {
  return `${measured.padEnd(36)} ours ${figure(ours).padStart(14)}   peer ${figure(peer).padStart(14)}   ${unit.padEnd(16)} ratio ${figure(ratio)}`
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 })
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}
