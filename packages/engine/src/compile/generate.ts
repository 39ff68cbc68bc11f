import { checkSource } from './code-writer.ts'

/**
 * Turns generated source into a function. This is the only place that does. The source is the body of a function whose
 * parameters are the generated names of the constants.
 */
export function generate<T>(source: string, constants: readonly unknown[]): T {
  // A constant per parameter would hit the limit on parameters in big policies, so they are unpacked from one array.
  const unpack = constants.map((_, index) => `k${index} = K[${index}]`)
  const declarations: string[] = []
  for (let start = 0; start < unpack.length; start += 500) declarations.push(`const ${unpack.slice(start, start + 500).join(', ')};`)
  const make = new Function('K', checkSource(`${declarations.join('\n')}\n${source}`)) as (constants: readonly unknown[]) => T
  return make(constants)
}

let allowed: boolean | undefined

/** Whether code may be generated here; a content security policy without `unsafe-eval` says no. */
export function mayGenerate(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function('return 1')() === 1
    } catch {
      allowed = false
    }
  }
  return allowed
}
