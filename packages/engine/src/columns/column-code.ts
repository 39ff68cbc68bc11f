import { CodeWriter } from '../compile/code-writer.ts'
import { literal } from '../operators/emit.ts'
import { OUTCOMES, type Outcome } from '../policy/document.ts'
import type { Name, Scope } from '../scope.ts'
import type { BoundStep } from '../steps.ts'
import type { Column, ColumnSet } from './column.ts'

// With more rules than this, one function would be too big to be optimised: parts become functions of the row.
const MAX_FUSED_HITS = 120

/** What the generated loop is given besides its constants. */
const LOOP_PARAMETERS = 'from, to, F, C, M, H, X, U'

/**
 * The code of a loop that decides rows of columns. Facts are read from their columns, outputs live in the frame; hits
 * are gathered for 32 rows before they are stored.
 *
 * F frame · C columns by slot · M validity bitmaps by slot · H hit bitmaps · X outcomes · U unknown bitmap
 */
export class ColumnCode extends CodeWriter {
  readonly keepsHits = true
  readonly hitPaths: string[] = []
  readonly #hits = new Map<string, number>()
  readonly #columns: ReadonlyMap<number, Column>
  readonly #complete: ReadonlySet<number>
  readonly #isFused: boolean
  readonly #steps: string[] = []
  readonly #functions: string[] = []
  #stepParts: string[] = []
  #stepNumber = 0
  /** Some step goes through the frame, so it has to be cleared for every row. */
  usesFrame = false

  constructor(scope: Scope, set: ColumnSet, hitsExpected: number) {
    super(scope)
    this.#isFused = hitsExpected <= MAX_FUSED_HITS
    const columns = new Map<number, Column>()
    const complete = new Set<number>()
    for (const name of scope.names) {
      const column = name.role === 'fact' ? set.columns[name.name] : undefined
      if (!column) continue
      checkColumn(name, column, set.rows)
      columns.set(name.slot, column)
      if (isComplete(column, set.rows)) complete.add(name.slot)
    }
    this.#columns = columns
    this.#complete = complete
  }

  get stop(): string {
    return this.#isFused ? `break s${this.#stepNumber};` : 'return true;'
  }

  get unknown(): string {
    return this.#isFused ? 'u = 1;' : 'F.isUnknown = true;'
  }

  ask(outcome: Outcome): string {
    const severity = OUTCOMES.indexOf(outcome)
    if (severity === 0) return ''
    return this.#isFused ? `if (s < ${severity}) s = ${severity};` : `if (F.severity < ${severity}) F.severity = ${severity};`
  }

  hit(path: string): string {
    return `${this.#hitWord(path)} |= b;`
  }

  hitIf(path: string, expression: string): string {
    return `${this.#hitWord(path)} |= ${expression} << t;`
  }

  number(name: string): string {
    const { slot, role, definition } = this.name(name)
    if (role === 'output') return this.local(`n${slot}`, `N[${slot}]`)
    const column = this.#columns.get(slot)
    if (!column) return 'NaN'
    switch (column.kind) {
      case 'number':
        return this.local(`n${slot}`, column.valid ? `(${valid(slot)} ? C[${slot}][i] : NaN)` : `c${slot}[i]`)
      case 'boolean':
        return this.local(`n${slot}`, column.valid ? `(${valid(slot)} ? ${bit(slot)} : NaN)` : bit(slot))
      default:
        throw new Error(`A fact of type ${definition.type} has no number.`)
    }
  }

  present(name: string): string {
    const { slot, role, isNumeric } = this.name(name)
    if (role === 'output') return isNumeric ? `(N[${slot}] === N[${slot}])` : `(V[${slot}] !== undefined)`
    const column = this.#columns.get(slot)
    if (!column) return 'false'
    if (this.#complete.has(slot)) return 'true'
    switch (column.kind) {
      case 'number': {
        const number = this.number(name)
        return `(${number} === ${number})`
      }
      case 'boolean':
        return `(${valid(slot)} === 1)`
      case 'code':
        return `(${this.#code(slot, column)} >= 0)`
      case 'value':
        return `(${this.#value(slot)} !== undefined && ${this.#value(slot)} !== null)`
    }
  }

  isOneOf(name: string, values: readonly string[]): string {
    const { slot, role } = this.name(name)
    const column = this.#columns.get(slot)
    if (role === 'output' || column?.kind === 'value') {
      const value = role === 'output' ? `V[${slot}]` : this.#value(slot)
      return values.length === 0 ? 'false' : `(${values.map(text => `${value} === ${this.constant(text)}`).join(' || ')})`
    }
    if (column?.kind !== 'code') return 'false'
    const wanted = new Set(values)
    const codes = column.dictionary.flatMap((text, code) => (wanted.has(text) ? [code] : []))
    if (codes.length === 0) return 'false'
    const code = this.#code(slot, column)
    if (codes.length === 1) return `(${code} === ${literal(codes[0]!)})`
    // A missing code, −1, asks for bit 31, which no dictionary of 31 sets.
    if (column.dictionary.length <= 31)
      return `(${literal(codes.reduce((mask, wantedCode) => mask | (1 << wantedCode), 0))} >>> ${code} & 1)`
    if (codes.length <= 6) return `(${codes.map(wantedCode => `${code} === ${literal(wantedCode)}`).join(' || ')})`
    const table = new Uint8Array(column.dictionary.length)
    for (const wantedCode of codes) table[wantedCode] = 1
    return `(${this.constant(table)}[${code}] === 1)`
  }

  frame(names: readonly string[]): string {
    this.usesFrame = true
    const loads = names.flatMap(name => this.#load(this.name(name)))
    return loads.length === 0 ? 'F' : `(${loads.join(', ')}, F)`
  }

  /** One step: what it emits, or a call of its closure with the facts it reads put into the frame. */
  step(step: BoundStep, run: (frame: never) => void): void {
    this.#stepParts = []
    if (step.emit) step.emit(this)
    else this.part(() => this.line(`${this.constant(run)}(${this.frame(step.reads)});`))
    const parts = this.#stepParts
    if (this.#isFused) this.#steps.push(`s${this.#stepNumber}: {\n${parts.join('\n')}\n}`)
    else {
      const calls = parts.map(part => {
        this.#functions.push(`function p${this.#functions.length}(i, b, t, w, F, C, M, H, N, V, W) {\n${part}\nreturn false; }`)
        return `p${this.#functions.length - 1}(i, b, t, w, F, C, M, H, N, V, W)`
      })
      this.#steps.push(`${calls.join(' || ')};`)
    }
    this.#stepNumber++
  }

  /** The whole: `reset` clears the outputs for a row, `store` puts them into their columns. */
  loop(reset: string, store: string, whenUnknown: number): string {
    const hits = this.#isFused ? this.hitPaths.map((_, index) => index) : []
    const columns = [...this.#columns]
      .filter(([, column]) => column.kind === 'number' && !column.valid)
      .map(([slot]) => `const c${slot} = C[${slot}];`)
    const body =
      this.#isFused || this.#functions.length === 0
        ? ''
        : `${this.#functions.map(text => text.replace(/\{\n/, `{\n${columns.join(' ')}\n`)).join('\n')}\n`
    const severity = this.usesFrame || !this.#isFused ? 'if (F.severity > s) s = F.severity; if (F.isUnknown) u = 1;' : ''
    const clear =
      this.usesFrame || !this.#isFused
        ? 'F.severity = 0; F.isUnknown = false; if (F.events.length > 0) F.events = []; if (F.reasons.length > 0) F.reasons = []; if (F.requirements.length > 0) F.requirements = [];'
        : ''
    return `${body}return function(${LOOP_PARAMETERS}) {
const N = F.numbers, V = F.values, W = F.written;
${columns.join('\n')}
${hits.map(index => `const H${index} = H[${index}];`).join('\n')}
for (let base = from; base < to; base += 32) {
const w = base >>> 5, end = base + 32 < to ? base + 32 : to;
let uw = 0${hits.map(index => `, h${index} = 0`).join('')};
for (let i = base, b = 1, t = 0; i < end; i++, t++, b <<= 1) {
let s = 0, u = 0;
${clear}
${reset}
${this.#steps.join('\n')}
${severity}
if (u !== 0) { uw |= b; if (s < ${whenUnknown}) s = ${whenUnknown}; }
X[i] = s;
${store}
}
U[w] |= uw;
${hits.map(index => `H${index}[w] |= h${index};`).join('\n')}
} };`
  }

  protected endPart(prelude: readonly string[], body: readonly string[]): void {
    this.#stepParts.push(`${this.#isFused ? '{' : ''}\n${prelude.join('\n')}\n${body.join('\n')}\n${this.#isFused ? '}' : ''}`)
  }

  #load(name: Name): string[] {
    const { slot, role, definition, isNumeric } = name
    if (role === 'output') return []
    const column = this.#columns.get(slot)
    if (!column) return []
    switch (column.kind) {
      case 'number': {
        const number = this.number(name.name)
        if (isNumeric) return [`N[${slot}] = ${number}`]
        return [`N[${slot}] = ${number}`, `V[${slot}] = ${this.constant(isoDate)}(${number})`]
      }
      case 'boolean': {
        const number = this.number(name.name)
        return [`N[${slot}] = ${number}`, `V[${slot}] = ${number} === ${number} ? ${number} === 1 : undefined`]
      }
      case 'code':
        return [`V[${slot}] = ${this.constant(column.dictionary)}[${this.#code(slot, column)}]`]
      case 'value':
        return definition.type === 'list'
          ? [`V[${slot}] = ${this.constant(listOrMissing)}(${this.#value(slot)})`]
          : [`V[${slot}] = ${this.#value(slot)}`]
    }
  }

  #hitWord(path: string): string {
    let index = this.#hits.get(path)
    if (index === undefined) this.#hits.set(path, (index = this.hitPaths.push(path) - 1))
    return this.#isFused ? `h${index}` : `H[${index}][w]`
  }

  /** The code, −1 when missing. */
  #code(slot: number, column: Column & { kind: 'code' }): string {
    const raw = `C[${slot}][i]`
    const known = `(${raw} < ${column.dictionary.length} ? ${raw} : -1)`
    return this.local(`d${slot}`, column.valid ? `(${valid(slot)} ? ${known} : -1)` : this.#complete.has(slot) ? raw : known)
  }

  #value(slot: number): string {
    return this.local(`v${slot}`, `C[${slot}][i]`)
  }
}

const valid = (slot: number): string => `((M[${slot}][i >>> 5] >>> (i & 31)) & 1)`

const bit = (slot: number): string => `((C[${slot}][i >>> 5] >>> (i & 31)) & 1)`

const listOrMissing = (value: unknown): unknown => (Array.isArray(value) ? value : undefined)

/** Decisions over a long history see the same days again and again. */
const isoDates = new Map<number, string>()

function isoDate(days: number): string | undefined {
  if (Number.isNaN(days)) return undefined
  let text = isoDates.get(days)
  if (text === undefined) {
    text = new Date(days * 86_400_000).toISOString().slice(0, 10)
    if (isoDates.size < 100_000) isoDates.set(days, text)
  }
  return text
}

/** The columns that a type of fact can have. */
function checkColumn({ name, definition, isNumeric }: Name, column: Column, rows: number): void {
  const wanted =
    isNumeric || definition.type === 'date'
      ? ['number']
      : definition.type === 'boolean'
        ? ['boolean']
        : definition.type === 'list'
          ? ['value']
          : ['code', 'value']
  if (!wanted.includes(column.kind))
    throw new ColumnMismatch(`Fact "${name}" (${definition.type}) needs a column of kind ${wanted.join(' or ')}, not ${column.kind}.`)
  const length = column.kind === 'code' ? column.codes.length : column.kind === 'boolean' ? column.bits.length * 32 : column.values.length
  if (length < rows) throw new ColumnMismatch(`The column of "${name}" holds ${length} rows; ${rows} are wanted.`)
}

/** The columns are not those of the policy's facts. */
export class ColumnMismatch extends Error {
  readonly code = 'COLUMN_MISMATCH'
}

function isComplete(column: Column, rows: number): boolean {
  switch (column.kind) {
    case 'number': {
      if (column.valid) return false
      const { values } = column
      for (let i = 0; i < rows; i++) if (values[i] !== values[i]) return false
      return true
    }
    case 'boolean':
      return column.valid === undefined
    case 'code': {
      if (column.valid) return false
      const { codes, dictionary } = column
      for (let i = 0; i < rows; i++) if (codes[i]! < 0 || codes[i]! >= dictionary.length) return false
      return true
    }
    case 'value':
      return false
  }
}
