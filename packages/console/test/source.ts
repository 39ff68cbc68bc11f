import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

export interface SourceFile {
  readonly path: string
  readonly text: string
}

export const sourceFiles = (pattern: string): SourceFile[] =>
  globSync(pattern, { cwd: ROOT })
    .filter(path => !path.includes('generated'))
    .toSorted()
    .map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

/** All messages of a language by their full key. */
export function messagesOf(language: string): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') found.set(path, value)
    else for (const [key, inner] of Object.entries(value as object)) walk(inner, `${path}.${key}`)
  }
  for (const { path, text } of sourceFiles(`src/i18n/${language}/*.json`)) walk(JSON.parse(text), basename(path, '.json'))
  return found
}
