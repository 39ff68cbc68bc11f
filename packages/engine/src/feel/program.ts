import type { Text } from '../policy/document.ts'
import type { Expression, UnaryTests } from './ast.ts'
import { INTERPRETED_FUNCTIONS } from './builtins.ts'
import type { Closure, Compiled, Lookup, Nulls, UnknownName } from './compile.ts'
import { compileExpression, compileUnaryTests } from './compile.ts'
import type { Interpreted } from './interpreter.ts'
import { interpretExpression, interpretUnaryTests, mentionedNames } from './interpreter.ts'
import type { KnownNames, Parsed } from './parse.ts'
import { knownNames, parseExpression, parseUnaryTests } from './parse.ts'
import type { FeelValue } from './values.ts'

/** The names that an expression may use. */
export interface Vocabulary<Memory> extends Lookup<Memory> {
  readonly names: readonly string[]
  readonly known: KnownNames
  readonly nulls: Nulls
}

/** An expression or a cell, ready to run. */
interface Program<Tree, Memory> {
  readonly text: string
  run(memory: Memory, input: FeelValue): FeelValue
  readonly reads: readonly string[]
  readonly problems: readonly FeelProblem[]
  /** Absent when the text is beyond what we compile and is interpreted. */
  readonly tree?: Tree
  readonly isConstant: boolean
}

export type ExpressionProgram<Memory> = Program<Expression, Memory>
export type CellProgram<Memory> = Program<UnaryTests, Memory>

/** A mistake in an expression. */
export interface FeelProblem {
  readonly code: 'FEEL_SYNTAX' | 'UNKNOWN_FACT' | 'UNKNOWN_FUNCTION'
  readonly at: number
  readonly message: Text
}

export function createVocabulary<Memory>(
  names: readonly string[],
  find: Lookup<Memory>['find'],
  nulls: Nulls,
  innerNames: readonly string[] = [],
): Vocabulary<Memory> {
  return { names, find, nulls, known: knownNames([...names, ...innerNames.filter(name => !name.includes('.'))]) }
}

export function expressionProgram<Memory>(text: string, vocabulary: Vocabulary<Memory>): ExpressionProgram<Memory> {
  return programOf(text, vocabulary, parseExpression(text, vocabulary.known), compileExpression, interpretExpression)
}

export function cellProgram<Memory>(text: string, vocabulary: Vocabulary<Memory>): CellProgram<Memory> {
  return programOf(text, vocabulary, parseUnaryTests(text, vocabulary.known), compileUnaryTests, interpretUnaryTests)
}

function programOf<Tree, Memory>(
  text: string,
  vocabulary: Vocabulary<Memory>,
  parsed: Parsed<Tree>,
  compile: (tree: Tree, lookup: Lookup<Memory>, nulls: Nulls) => Compiled<Memory>,
  interpret: (text: string, names: readonly string[]) => Interpreted | undefined,
): Program<Tree, Memory> {
  if (parsed.kind === 'parsed') {
    const { run, reads, unknown, isConstant } = compile(parsed.tree, vocabulary, vocabulary.nulls)
    if (unknown.length === 0) return { text, run: closed(run), reads, problems: [], tree: parsed.tree, isConstant }
    const onlyFunctions = unknown.every(({ isFunction }) => isFunction)
    const interpreted = onlyFunctions ? interpretedProgram<Tree, Memory>(text, vocabulary, interpret) : undefined
    if (interpreted && unknown.every(({ name }) => INTERPRETED_FUNCTIONS.has(name))) return interpreted
    return {
      text,
      run: closed(run),
      reads,
      problems: unknown.map(name => problemOf(name, vocabulary.names)),
      tree: parsed.tree,
      isConstant: false,
    }
  }
  const { kind, at, message } = parsed.error
  const interpreted = kind === 'unsupported' ? interpretedProgram<Tree, Memory>(text, vocabulary, interpret) : undefined
  if (interpreted) return interpreted
  return { text, run: () => null, reads: [], problems: [{ code: 'FEEL_SYNTAX', at, message }], isConstant: false }
}

function interpretedProgram<Tree, Memory>(
  text: string,
  vocabulary: Vocabulary<Memory>,
  interpret: (text: string, names: readonly string[]) => Interpreted | undefined,
): Program<Tree, Memory> | undefined {
  const interpreted = interpret(text, vocabulary.names)
  if (!interpreted) return undefined
  const reads = mentionedNames(text, vocabulary.names)
  const readers = reads.map(name => [name, vocabulary.find(name)] as const)
  return {
    text,
    run: (memory, input) => interpreted.run(Object.fromEntries(readers.map(([name, read]) => [name, read?.(memory) ?? null])), input),
    reads,
    problems: interpreted.unknown.map(({ name, at }) => problemOf({ name, at, isFunction: false }, vocabulary.names)),
    isConstant: false,
  }
}

function closed<Memory>(run: Closure<Memory>): (memory: Memory, input: FeelValue) => FeelValue {
  return (memory, input) => run(memory, input, null)
}

function problemOf({ name, at, isFunction }: UnknownName, names: readonly string[]): FeelProblem {
  if (isFunction) {
    return { code: 'UNKNOWN_FUNCTION', at, message: { en: `There is no function "${name}".`, zh: `没有名为“${name}”的函数。` } }
  }
  const nearest = nearestName(name, names)
  const hint = nearest === undefined ? { en: '', zh: '' } : { en: ` Did you mean "${nearest}"?`, zh: `是否应为“${nearest}”？` }
  return {
    code: 'UNKNOWN_FACT',
    at,
    message: {
      en: `"${name}" is neither a fact nor an output of this policy.${hint.en} A text is written in quotes: "${name}".`,
      zh: `“${name}”既不是本策略的事实，也不是输出。${hint.zh}文本请加引号："${name}"。`,
    },
  }
}

function nearestName(name: string, names: readonly string[]): string | undefined {
  const scored = names.map(candidate => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
  const best = scored.toSorted((a, b) => a.distance - b.distance)[0]
  return best && best.distance <= Math.max(1, Math.floor(name.length / 3)) ? best.candidate : undefined
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(
        (row[j - 1] as number) + 1,
        (previous[j] as number) + 1,
        (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      )
    }
    previous = row
  }
  return previous[b.length] as number
}
