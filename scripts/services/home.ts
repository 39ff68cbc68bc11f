import { homedir, platform } from 'node:os'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where what was fetched is kept for every clone of this person: a second one starts without fetching. */
export function cacheDirectory(): string {
  const chosen = process.env['SURETY_CACHE']
  if (chosen) return ensure(chosen)
  const base = process.env['XDG_CACHE_HOME'] || (platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache'))
  try {
    return ensure(join(base, 'surety'))
  } catch {
    return ensure(join(process.env['SURETY_HOME'] ?? '.surety', 'cache'))
  }
}

function ensure(folder: string): string {
  mkdirSync(folder, { recursive: true })
  accessSync(folder, constants.W_OK)
  return folder
}
