import { toDay } from '@surety/credit'
import type { Command as Commander } from 'commander'
import type { Session } from './session.ts'

/** One command: its words and options, and what it does. */
export interface Command {
  /** Words that lead to it: `report ageing`. */
  readonly name: string
  readonly summary: string
  describe?(command: Commander): Commander
  run(session: Session, args: readonly string[], options: Options): Promise<ExitCode>
}

/** Options as given on the command line, by name. */
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** What a pipeline can branch on. */
export const EXIT = { ok: 0, findings: 1, usage: 2, failure: 3 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The command line asks for something that can't be: ends with code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE'
}

/** The text of an option that was given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** A day given as `YYYY-MM-DD`. */
export function dayOption(options: Options, name: string): string | undefined {
  const text = textOption(options, name)
  if (text !== undefined && Number.isNaN(toDay(text)))
    throw new UsageError(`--${kebab(name)} is ${JSON.stringify(text)}; write a day as 2024-03-31.`)
  return text
}

/** A whole number within bounds. */
export function wholeOption(options: Options, name: string, { from, to }: { readonly from: number; readonly to: number }): number {
  const text = textOption(options, name) ?? ''
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < from || number > to)
    throw new UsageError(`--${kebab(name)} is ${JSON.stringify(text)}; write a whole number from ${from} to ${to}.`)
  return number
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
