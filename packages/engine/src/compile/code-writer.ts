import { literal } from '../operators/emit.ts'
import type { Outcome, Value } from '../policy/document.ts'
import type { Name, Scope } from '../scope.ts'
import type { Code } from '../steps.ts'

/**
 * What row and column code have in common: parts with a prelude of locals, and a pool of constants that generated names
 * stand for. No text of a document is ever written here; `checkSource` makes sure of it once more.
 */
export abstract class CodeWriter implements Code {
  abstract readonly stop: string
  abstract readonly keepsHits: boolean
  abstract readonly unknown: string
  readonly constants: unknown[] = []
  protected readonly scope: Scope
  protected prelude: string[] = []
  protected body: string[] = []
  protected locals = new Set<string>()
  readonly #constantNames = new Map<unknown, string>()

  constructor(scope: Scope) {
    this.scope = scope
  }

  part(body: () => void): void {
    this.prelude = []
    this.body = []
    this.locals = new Set()
    body()
    this.endPart(this.prelude, this.body)
  }

  line(statement: string): void {
    this.body.push(statement)
  }

  constant(value: unknown): string {
    let name = this.#constantNames.get(value)
    if (name === undefined) {
      name = `k${this.constants.length}`
      this.constants.push(value)
      this.#constantNames.set(value, name)
    }
    return name
  }

  isIncomplete(names: readonly string[]): string {
    const tests = names.map(name => `!${this.present(name)}`).filter(test => test !== '!true')
    return tests.length === 0 ? 'false' : tests.join(' || ')
  }

  abstract number(name: string): string
  abstract present(name: string): string
  abstract isOneOf(name: string, values: readonly string[]): string
  abstract frame(names: readonly string[]): string
  abstract hit(path: string): string
  abstract hitIf(path: string, expression: string): string
  abstract ask(outcome: Outcome): string
  protected abstract endPart(prelude: readonly string[], body: readonly string[]): void

  write(output: string, constant: Value): string {
    const { slot, isNumeric, definition } = this.name(output)
    const combine = definition.combine ?? 'first'
    if (isNumeric && definition.type !== 'money' && typeof constant === 'number' && (combine === 'first' || combine === 'last')) {
      const store = `W[${slot}] = 1; N[${slot}] = ${literal(constant)};`
      return combine === 'last' ? store : `if (W[${slot}] === 0) { ${store} }`
    }
    return `F.writeSlot(${slot}, ${this.constant(constant)});`
  }

  protected name(name: string): Name {
    const found = this.scope.find(name)
    if (!found) throw new Error('A step emitted a name that its policy does not have.')
    return found
  }

  /** Declares a local of the part once. */
  protected local(name: string, expression: string): string {
    if (!this.locals.has(name)) {
      this.locals.add(name)
      this.prelude.push(`const ${name} = ${expression};`)
    }
    return name
  }
}

/** The alphabet of generated code. A quote, a backslash or a letter beyond ASCII would mean that text has leaked in. */
const GENERATED = /^[\w\s.,;:?!&|^<>=+\-*/%(){}[\]~]*$/

export function checkSource(source: string): string {
  if (!GENERATED.test(source)) throw new Error('Generated code holds text; it may only hold numbers and generated names.')
  return source
}
