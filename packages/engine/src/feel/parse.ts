import type { Text } from '../policy/document.ts'
import type { ArithmeticOperator, Comparator, Expression, LoopVariable, UnaryTest, UnaryTests } from './ast.ts'
import { visit } from './ast.ts'
import { SPACED_BUILTINS } from './builtins.ts'
import { narrow } from './full-width.ts'

/** Why a text is not the FEEL that we compile. */
interface FeelError {
  /** `unsupported`: it may be FEEL, but only the interpreter speaks it. */
  readonly kind: 'syntax' | 'unsupported'
  /** Offset into the source text. */
  readonly at: number
  readonly message: Text
}

export type Parsed<Tree> = { readonly kind: 'parsed'; readonly tree: Tree } | { readonly kind: 'failed'; readonly error: FeelError }

/** Names that hold spaces or signs, which FEEL permits wherever they are known. */
export interface KnownNames {
  readonly spaced: readonly string[]
}

const NO_NAMES: KnownNames = { spaced: [] }

export function knownNames(names: Iterable<string>): KnownNames {
  const spaced = [...new Set(names)].filter(name => name !== '' && !PLAIN_NAME.test(name)).toSorted((a, b) => b.length - a.length)
  return { spaced }
}

export function parseExpression(text: string, names: KnownNames = NO_NAMES): Parsed<Expression> {
  return attempt(text, names, parser => parser.wholeExpression())
}

export function parseUnaryTests(text: string, names: KnownNames = NO_NAMES): Parsed<UnaryTests> {
  return attempt(text, names, parser => parser.wholeUnaryTests())
}

function attempt<Tree>(text: string, names: KnownNames, parse: (parser: Parser) => Tree): Parsed<Tree> {
  try {
    if (text.length > MAX_LENGTH)
      throw new FeelFailure('syntax', 0, { en: `Longer than ${MAX_LENGTH} characters.`, zh: `长度超过 ${MAX_LENGTH} 个字符。` })
    return { kind: 'parsed', tree: parse(new Parser(narrow(text), names.spaced)) }
  } catch (failure) {
    if (!(failure instanceof FeelFailure)) throw failure
    return { kind: 'failed', error: { kind: failure.kind, at: failure.at, message: failure.text } }
  }
}

const MAX_LENGTH = 20_000
const MAX_NODES = 4000
const MAX_DEPTH = 200
const PLAIN_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u
const NAME_START = /[\p{L}_$]/u
const NAME_PART = /[\p{L}\p{N}\p{M}_$]/u
const NUMBER = /(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,4})?/y
const PARAMETER_NAME = /\s*([\p{L}][\p{L}\d ]*?)\s*:/uy
const SPACE = /\s/
const KEYWORDS = new Set([
  'and',
  'or',
  'if',
  'then',
  'else',
  'in',
  'between',
  'true',
  'false',
  'null',
  'for',
  'return',
  'some',
  'every',
  'satisfies',
  'function',
  'instance',
])
const COMPARATORS: readonly (readonly [sign: string, operator: Comparator])[] = [
  ['<=', '<='],
  ['>=', '>='],
  ['!=', '!='],
  ['≤', '<='],
  ['≥', '>='],
  ['≠', '!='],
  ['<', '<'],
  ['>', '>'],
  ['=', '='],
]

class FeelFailure extends Error {
  readonly kind: FeelError['kind']
  readonly at: number
  readonly text: Text
  constructor(kind: FeelError['kind'], at: number, text: Text) {
    super(text.en)
    this.kind = kind
    this.at = at
    this.text = text
  }
}

class Parser {
  readonly #text: string
  readonly #spacedNames: readonly string[]
  #at = 0
  #nodes = 0
  #depth = 0

  constructor(text: string, spacedNames: readonly string[]) {
    this.#text = text
    this.#spacedNames = spacedNames
  }

  wholeExpression(): Expression {
    const expression = this.#expression()
    this.#expectEnd()
    return expression
  }

  wholeUnaryTests(): UnaryTests {
    this.#space()
    if (this.#at === this.#text.length) return { negated: false, tests: [] }
    if (this.#text.slice(this.#at).trim() === '-') return { negated: false, tests: [] }
    const negated = this.#negatedTests()
    if (negated) return negated
    const tests = this.#unaryTestList()
    this.#expectEnd()
    return { negated: false, tests }
  }

  /** `not(...)` around the whole cell; anything after the bracket makes it an ordinary expression. */
  #negatedTests(): UnaryTests | undefined {
    const start = this.#at
    const nodes = this.#nodes
    if (!this.#word('not') || !this.#sign('(')) {
      this.#at = start
      return undefined
    }
    const tests = this.#unaryTestList()
    if (this.#sign(')')) {
      this.#space()
      if (this.#at === this.#text.length) return { negated: true, tests }
    }
    this.#at = start
    this.#nodes = nodes
    return undefined
  }

  #unaryTestList(): UnaryTest[] {
    const tests = [this.#unaryTest()]
    while (this.#sign(',')) tests.push(this.#unaryTest())
    return tests
  }

  #unaryTest(): UnaryTest {
    this.#space()
    const from = this.#at
    const operator = this.#comparator()
    if (operator) {
      const operand = this.#additive()
      this.#refuseSecondBound()
      return { kind: 'compare', operator, operand, from, to: this.#at }
    }
    const expression = this.#expression()
    if (isCondition(expression)) return { kind: 'condition', condition: expression, from, to: this.#at }
    return { kind: 'value', operand: expression, from, to: this.#at }
  }

  #refuseSecondBound(): void {
    const at = this.#at
    if (!this.#word('and')) return
    if (this.#comparator()) {
      this.#fail(at, 'Two bounds are written as a range, such as [30..50).', '两个界限请写成区间，例如 [30..50)。')
    }
    this.#at = at
  }

  #expression(): Expression {
    if (++this.#depth > MAX_DEPTH) this.#fail(this.#at, 'Nested too deeply.', '嵌套过深。')
    const expression = this.#disjunction()
    this.#depth--
    return expression
  }

  #disjunction(): Expression {
    let left = this.#conjunction()
    while (this.#word('or')) left = this.#node({ kind: 'or', left, right: this.#conjunction(), from: left.from, to: this.#at })
    return left
  }

  #conjunction(): Expression {
    let left = this.#comparison()
    while (this.#word('and')) left = this.#node({ kind: 'and', left, right: this.#comparison(), from: left.from, to: this.#at })
    return left
  }

  #comparison(): Expression {
    let left = this.#additive()
    for (;;) {
      const operator = this.#comparator()
      if (operator) {
        left = this.#node({ kind: 'compare', operator, left, right: this.#additive(), from: left.from, to: this.#at })
      } else if (this.#word('between')) {
        const low = this.#additive()
        if (!this.#word('and')) this.#fail(this.#at, 'between needs "and" and an upper bound.', 'between 之后需要 and 和上限。')
        left = this.#node({ kind: 'between', value: left, low, high: this.#additive(), from: left.from, to: this.#at })
      } else if (this.#word('in')) {
        left = this.#node({ kind: 'in', value: left, tests: this.#inTests(), from: left.from, to: this.#at })
      } else if (this.#word('instance')) {
        this.#unsupported('instance of')
      } else {
        return left
      }
    }
  }

  /** After `in`: one test, or several in brackets. */
  #inTests(): readonly UnaryTest[] {
    this.#space()
    const start = this.#at
    const nodes = this.#nodes
    if (this.#sign('(')) {
      const tests = this.#unaryTestList()
      if (this.#sign(')')) return tests
      // An open interval such as (1..5] starts with the same bracket.
      this.#at = start
      this.#nodes = nodes
    }
    const operator = this.#comparator()
    if (operator) return [{ kind: 'compare', operator, operand: this.#additive(), from: start, to: this.#at }]
    const operand = this.#additive()
    return [{ kind: 'value', operand, from: start, to: this.#at }]
  }

  #additive(): Expression {
    let left = this.#multiplicative()
    for (;;) {
      const operator = this.#oneOf(['+', '-'])
      if (!operator) return left
      left = this.#arithmetic(operator, left, this.#multiplicative())
    }
  }

  #multiplicative(): Expression {
    let left = this.#exponent()
    for (;;) {
      this.#space()
      if (this.#text.startsWith('**', this.#at)) return left
      const operator = this.#oneOf(['*', '/'])
      if (!operator) return left
      left = this.#arithmetic(operator, left, this.#exponent())
    }
  }

  #exponent(): Expression {
    let left = this.#negation()
    while (this.#oneOf(['**', '^'])) left = this.#arithmetic('**', left, this.#negation())
    return left
  }

  #negation(): Expression {
    this.#space()
    const from = this.#at
    if (!this.#sign('-')) return this.#postfix()
    if (++this.#depth > MAX_DEPTH) this.#fail(this.#at, 'Nested too deeply.', '嵌套过深。')
    const operand = this.#negation()
    this.#depth--
    if (operand.kind === 'number')
      return { ...operand, text: operand.text.startsWith('-') ? operand.text.slice(1) : `-${operand.text}`, from }
    return this.#node({ kind: 'negate', operand, from, to: this.#at })
  }

  #postfix(): Expression {
    let target = this.#primary()
    for (;;) {
      this.#space()
      if (this.#text[this.#at] === '.' && this.#text[this.#at + 1] !== '.') {
        this.#at++
        this.#space()
        const key = this.#spacedName() ?? this.#longest(SPACED_PROPERTIES) ?? this.#plainName()
        if (key === undefined) this.#fail(this.#at, 'A name is expected after the dot.', '点号之后应为名称。')
        target = this.#node({ kind: 'path', target, key, from: target.from, to: this.#at })
      } else if (this.#text[this.#at] === '[' && target.kind !== 'range' && !this.#opensBound()) {
        this.#at++
        this.#space()
        if (this.#comparator()) this.#unsupported('a filter by unary test')
        const filter = this.#expression()
        if (!this.#sign(']')) this.#fail(this.#at, 'The filter is not closed; ] is missing.', '筛选条件未闭合，缺少 ]。')
        target = this.#node({ kind: 'filter', target, filter, from: target.from, to: this.#at })
      } else if (this.#text[this.#at] === '(' && target.kind !== 'name') {
        this.#unsupported('a call of a computed function')
      } else {
        return target
      }
    }
  }

  /** `1..5[`: here the bracket closes a range, it filters nothing. */
  #opensBound(): boolean {
    const rest = this.#text.slice(this.#at + 1).trimStart()
    return rest === '' || /^(,|\)|and\b|or\b|then\b|else\b)/.test(rest)
  }

  #primary(): Expression {
    this.#space()
    const from = this.#at
    const char = this.#text[from]
    if (char === undefined) this.#fail(from, 'The expression ends too early.', '表达式不完整。')
    if (char === '"') return this.#string()
    if (char === '@') return this.#temporal()
    if (char === '(' || char === '[' || char === ']') return this.#bracketed()
    if (char === '{') return this.#context()
    if (char === '?') {
      this.#at++
      return this.#node({ kind: 'input', from, to: this.#at })
    }
    if (char === '`') return this.#quotedName()
    const number = this.#number()
    if (number !== undefined) return this.#node({ kind: 'number', text: number, from, to: this.#at })
    return this.#named()
  }

  #named(): Expression {
    const from = this.#at
    const builtin = this.#spacedBuiltin()
    if (builtin !== undefined) return this.#call(builtin, from)
    const spaced = this.#spacedName()
    if (spaced !== undefined) return this.#callOrName(spaced, from)
    const name = this.#plainName()
    switch (name) {
      case undefined:
        return this.#fail(from, `"${this.#text[from]}" is not expected here.`, `此处不应出现“${this.#text[from]}”。`)
      case 'true':
      case 'false':
        return this.#node({ kind: 'boolean', value: name === 'true', from, to: this.#at })
      case 'null':
        return this.#node({ kind: 'null', from, to: this.#at })
      case 'if':
        return this.#conditional(from)
      case 'for':
        return this.#for(from)
      case 'some':
      case 'every':
        return this.#quantified(name === 'every', from)
      case 'function':
        return this.#unsupported(name, from)
      default:
        if (KEYWORDS.has(name)) this.#fail(from, `"${name}" is not expected here.`, `此处不应出现“${name}”。`)
        return this.#callOrName(name, from)
    }
  }

  #callOrName(name: string, from: number): Expression {
    const to = this.#at
    this.#space()
    if (this.#text[this.#at] === '(') return this.#call(name, from)
    this.#at = to
    return this.#node({ kind: 'name', name, from, to })
  }

  #call(name: string, from: number): Expression {
    if (!this.#sign('(')) this.#fail(this.#at, `${name} needs brackets.`, `${name} 之后需要括号。`)
    const values: Expression[] = []
    const names: string[] = []
    if (!this.#sign(')')) {
      do {
        const parameter = this.#parameterName()
        if (parameter !== undefined) names.push(parameter)
        values.push(this.#expression())
      } while (this.#sign(','))
      if (!this.#sign(')')) this.#fail(this.#at, `The call of ${name} is not closed; ) is missing.`, `${name} 的调用未闭合，缺少 )。`)
    }
    if (names.length > 0 && names.length !== values.length)
      this.#fail(from, 'Either all arguments are named or none is.', '参数要么全部命名，要么全部不命名。')
    const call = { kind: 'call', name, arguments: values, from, to: this.#at } as const
    return this.#node(names.length > 0 ? { ...call, names } : call)
  }

  #conditional(from: number): Expression {
    const condition = this.#expression()
    if (!this.#word('then')) this.#fail(this.#at, '"then" is missing.', '缺少 then。')
    const then = this.#expression()
    if (!this.#word('else')) this.#fail(this.#at, '"else" is missing.', '缺少 else。')
    const otherwise = this.#expression()
    return this.#node({ kind: 'if', condition, then, otherwise, from, to: this.#at })
  }

  #for(from: number): Expression {
    const variables = this.#loopVariables()
    if (!this.#word('return')) this.#fail(this.#at, '"return" is missing.', '缺少 return。')
    const body = this.#expression()
    return this.#node({ kind: 'for', variables, body, from, to: this.#at })
  }

  #quantified(every: boolean, from: number): Expression {
    const variables = this.#loopVariables()
    if (!this.#word('satisfies')) this.#fail(this.#at, '"satisfies" is missing.', '缺少 satisfies。')
    const body = this.#expression()
    return this.#node({ kind: 'quantified', every, variables, body, from, to: this.#at })
  }

  #loopVariables(): readonly LoopVariable[] {
    const variables: LoopVariable[] = []
    do {
      this.#space()
      const name = this.#plainName()
      if (name === undefined || !this.#word('in')) this.#fail(this.#at, 'A variable and "in" are expected.', '应为变量名和 in。')
      const from = this.#expression()
      variables.push(this.#sign('..') ? { name, from, to: this.#expression() } : { name, from })
    } while (this.#sign(','))
    return variables
  }

  #string(): Expression {
    const from = this.#at
    let value = ''
    for (let at = from + 1; at < this.#text.length; at++) {
      const char = this.#text[at] as string
      if (char === '"') {
        this.#at = at + 1
        return this.#node({ kind: 'string', value, from, to: this.#at })
      }
      if (char !== '\\') {
        value += char
        continue
      }
      const escape = this.#text[++at] ?? ''
      const digits = escape === 'u' ? 4 : escape === 'U' ? 6 : 0
      if (digits > 0) {
        const code = Number.parseInt(this.#text.slice(at + 1, at + 1 + digits), 16)
        if (Number.isNaN(code) || code > 0x10_ff_ff) this.#fail(at, 'Not a character code.', '不是有效的字符编码。')
        value += String.fromCodePoint(code)
        at += digits
      } else {
        value += ESCAPES[escape] ?? `\\${escape}`
      }
    }
    return this.#fail(from, 'The text is not closed; " is missing.', '文本未闭合，缺少引号。')
  }

  #temporal(): Expression {
    const from = this.#at++
    this.#space()
    if (this.#text[this.#at] !== '"') this.#fail(this.#at, '@ is followed by a date in quotes.', '@ 之后应为带引号的日期。')
    const literal = this.#string()
    const text = literal.kind === 'string' ? literal.value : ''
    if (text.includes('@')) this.#unsupported('a named time zone', from)
    return this.#node({ kind: 'temporal', text, from, to: this.#at })
  }

  /** Brackets around an expression, a list, or a range that begins with either kind of bracket. */
  #bracketed(): Expression {
    const from = this.#at
    const open = this.#text[this.#at++]
    if (open === '[' && this.#sign(']')) return this.#node({ kind: 'list', items: [], from, to: this.#at })
    const first = this.#expression()
    if (this.#sign('..')) {
      const high = this.#expression()
      const close = this.#oneOf([']', ')', '['])
      if (!close) this.#fail(this.#at, 'The range is not closed; ] or ) is missing.', '区间未闭合，缺少 ] 或 )。')
      return this.#node({ kind: 'range', low: first, high, lowIncluded: open === '[', highIncluded: close === ']', from, to: this.#at })
    }
    if (open === '[') {
      const items = [first]
      while (this.#sign(',')) items.push(this.#expression())
      if (!this.#sign(']')) this.#fail(this.#at, 'The list is not closed; ] is missing.', '列表未闭合，缺少 ]。')
      return this.#node({ kind: 'list', items, from, to: this.#at })
    }
    if (open === ']' || !this.#sign(')')) this.#fail(this.#at, 'The bracket is not closed.', '括号未闭合。')
    return first
  }

  #context(): Expression {
    const from = this.#at++
    const entries: (readonly [string, Expression])[] = []
    if (this.#sign('}')) return this.#node({ kind: 'context', entries, from, to: this.#at })
    do {
      this.#space()
      const key = this.#contextKey()
      if (!this.#sign(':')) this.#fail(this.#at, `":" is missing after ${key}.`, `${key} 之后缺少冒号。`)
      entries.push([key, this.#expression()])
    } while (this.#sign(','))
    if (!this.#sign('}')) this.#fail(this.#at, 'The context is not closed; } is missing.', '上下文未闭合，缺少 }。')
    return this.#node({ kind: 'context', entries, from, to: this.#at })
  }

  #contextKey(): string {
    if (this.#text[this.#at] === '"') {
      const literal = this.#string()
      return literal.kind === 'string' ? literal.value : ''
    }
    const end = this.#text.indexOf(':', this.#at)
    const key = this.#text.slice(this.#at, end).trim()
    if (end < 0 || key === '') this.#fail(this.#at, 'A key and ":" are expected.', '应为键名和冒号。')
    this.#at = end
    return key.replace(/\s+/g, ' ')
  }

  #quotedName(): Expression {
    const from = this.#at
    const end = this.#text.indexOf('`', from + 1)
    if (end < 0) this.#fail(from, 'The name is not closed; ` is missing.', '名称未闭合，缺少反引号。')
    this.#at = end + 1
    return this.#callOrName(this.#text.slice(from + 1, end), from)
  }

  #parameterName(): string | undefined {
    PARAMETER_NAME.lastIndex = this.#at
    const match = PARAMETER_NAME.exec(this.#text)
    if (!match) return undefined
    this.#at = PARAMETER_NAME.lastIndex
    return match[1]
  }

  #number(): string | undefined {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (!match) return undefined
    this.#at = NUMBER.lastIndex
    if (NAME_START.test(this.#text[this.#at] ?? '')) this.#fail(this.#at, 'A number is followed by letters.', '数字之后出现了字母。')
    return match[0]
  }

  #spacedBuiltin(): string | undefined {
    const from = this.#at
    const name = this.#longest(SPACED_BUILTINS)
    if (name === undefined) return undefined
    const to = this.#at
    this.#space()
    const isCall = this.#text[this.#at] === '('
    this.#at = isCall ? to : from
    return isCall ? name : undefined
  }

  #spacedName(): string | undefined {
    return this.#longest(this.#spacedNames)
  }

  /** Names come longest first; a space in a name stands for any run of spaces. */
  #longest(names: readonly string[]): string | undefined {
    for (const name of names) {
      let at = this.#at
      let matches = true
      for (let i = 0; i < name.length && matches; i++) {
        if (name[i] === ' ') {
          const before = at
          while (SPACE.test(this.#text[at] ?? '')) at++
          matches = at > before
        } else {
          matches = this.#text[at++] === name[i]
        }
      }
      if (!matches || (NAME_PART.test(name.at(-1) ?? '') && NAME_PART.test(this.#text[at] ?? ''))) continue
      this.#at = at
      return name
    }
    return undefined
  }

  #plainName(): string | undefined {
    const from = this.#at
    if (!NAME_START.test(this.#text[from] ?? '')) return undefined
    let at = from + 1
    while (NAME_PART.test(this.#text[at] ?? '')) at++
    this.#at = at
    return this.#text.slice(from, at)
  }

  #comparator(): Comparator | undefined {
    this.#space()
    for (const [sign, operator] of COMPARATORS) {
      if (this.#text.startsWith(sign, this.#at)) {
        this.#at += sign.length
        return operator
      }
    }
    return undefined
  }

  #word(word: string): boolean {
    this.#space()
    if (!this.#text.startsWith(word, this.#at) || NAME_PART.test(this.#text[this.#at + word.length] ?? '')) return false
    this.#at += word.length
    return true
  }

  #sign(sign: string): boolean {
    this.#space()
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }

  #oneOf<Sign extends string>(signs: readonly Sign[]): Sign | undefined {
    return signs.find(sign => this.#sign(sign))
  }

  #arithmetic(operator: ArithmeticOperator, left: Expression, right: Expression): Expression {
    return this.#node({ kind: 'arithmetic', operator, left, right, from: left.from, to: this.#at })
  }

  #node(node: Expression): Expression {
    if (++this.#nodes > MAX_NODES) this.#fail(node.from, `More than ${MAX_NODES} parts.`, `超过 ${MAX_NODES} 个组成部分。`)
    return node
  }

  #space(): void {
    for (;;) {
      while (SPACE.test(this.#text[this.#at] ?? '')) this.#at++
      if (this.#text.startsWith('//', this.#at)) this.#at = ending(this.#text.indexOf('\n', this.#at), this.#text)
      else if (this.#text.startsWith('/*', this.#at)) this.#at = ending(this.#text.indexOf('*/', this.#at), this.#text) + 2
      else return
    }
  }

  #expectEnd(): void {
    this.#space()
    if (this.#at >= this.#text.length) return
    const rest = this.#text.slice(this.#at, this.#at + 20)
    this.#fail(this.#at, `"${rest}" is not expected here.`, `此处不应出现“${rest}”。`)
  }

  #unsupported(what: string, at = this.#at): never {
    throw new FeelFailure('unsupported', at, { en: `${what} is not compiled.`, zh: `${what} 不在可编译的范围内。` })
  }

  #fail(at: number, en: string, zh: string): never {
    throw new FeelFailure('syntax', at, { en, zh })
  }
}

const SPACED_PROPERTIES = ['start included', 'end included', 'time offset']

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' }

function ending(at: number, text: string): number {
  return at < 0 ? text.length : at
}

function isCondition(expression: Expression): boolean {
  switch (expression.kind) {
    case 'compare':
    case 'and':
    case 'or':
    case 'between':
    case 'in':
      return true
    case 'call':
      if (expression.name === 'not' || expression.name === 'is defined') return true
      break
    default:
  }
  let speaksOfInput = false
  visit(expression, node => {
    if (node.kind === 'input') speaksOfInput = true
  })
  return speaksOfInput
}
