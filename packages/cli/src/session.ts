import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Text } from '@surety/engine'
import { connect, type Sql } from '@surety/store'
import { UsageError } from './command.ts'

/** What commands share: where the database is, how to answer, in which language. */
export interface Session {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Opened when first asked for. */
  readonly sql: Sql
  /** Address of the owner of the schema. */
  readonly ownerUrl: string
  readonly clock: () => Date
  /** Answers with a value as JSON, or with lines for people; nothing else goes to standard output. */
  answer(value: unknown, lines: () => readonly string[]): void
  /** A passing word for people who wait, on standard error. */
  progress(line: string): void
  /** For people, on standard error. */
  say(line: string): void
  text(text: Text): string
  readonly language: 'en' | 'zh-CN'
  close(): Promise<void>
}

export interface SessionOptions {
  readonly isJson: boolean
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export function openSession({ isJson, environment = process.env }: SessionOptions): Session {
  const known = { ...houseEnvironment(environment), ...withoutHoles(environment) }
  const isChinese = (environment['SURETY_LANG'] ?? environment['LC_ALL'] ?? environment['LANG'] ?? '').startsWith('zh')
  const isPatient = process.stderr.isTTY
  let sql: Sql | undefined
  let isProgressShown = false
  const clearProgress = (): void => {
    if (isProgressShown) process.stderr.write('\r\u001b[K')
    isProgressShown = false
  }
  return {
    environment: known,
    clock: () => new Date(),
    language: isChinese ? 'zh-CN' : 'en',
    get sql() {
      return (sql ??= connect(required(known, 'SURETY_DATABASE_URL'), { max: 4, applicationName: 'surety-cli' }))
    },
    get ownerUrl() {
      return required(known, 'SURETY_DATABASE_OWNER_URL')
    },
    answer(value, lines) {
      clearProgress()
      process.stdout.write(
        isJson
          ? `${JSON.stringify(value, undefined, 2)}\n`
          : lines()
              .map(line => `${line}\n`)
              .join(''),
      )
    },
    progress(line) {
      if (!isPatient || isJson) return
      isProgressShown = true
      process.stderr.write(`\r\u001b[K${line}`)
    },
    say(line) {
      clearProgress()
      process.stderr.write(`${line}\n`)
    },
    text: text => (isChinese ? text.zh : text.en),
    async close() {
      clearProgress()
      await sql?.end({ timeout: 5 })
    },
  }
}

/** Addresses of the house that runs here: `npm start` writes them while it is up. */
function houseEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const root = resolve(import.meta.dirname, '../../..')
  const file = resolve(root, environment['SURETY_HOME'] ?? '.surety', 'environment.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {}
}

function required(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name]
  if (value) return value
  throw new UsageError(`There is no database to work on: start the house with \`npm start\`, or set ${name} to postgres://…`)
}

function withoutHoles(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
