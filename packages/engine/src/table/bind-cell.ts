import type { Expression, UnaryTest } from '../feel/ast.ts'
import { operandOf } from '../feel/ast.ts'
import { checkFits, inferredType, reportProblems, TYPE_WORDS } from '../feel/bind.ts'
import { cellSetOf, isEverything } from '../feel/cell-set.ts'
import { type FeelType, feelTypeOf } from '../feel/infer.ts'
import { normaliseCell } from '../feel/normalise-cell.ts'
import type { CellProgram, ExpressionProgram, Vocabulary } from '../feel/program.ts'
import { cellProgram, expressionProgram } from '../feel/program.ts'
import type { Frame } from '../frame.ts'
import type { FactDefinition, FactType } from '../policy/document.ts'
import type { StepContext } from '../steps.ts'

export interface Column {
  readonly type: FactType | undefined
  /** The values that an enum can have. */
  readonly values: readonly string[] | undefined
}

export interface CellBinder {
  readonly vocabulary: Vocabulary<Frame>
  readonly names: ReadonlySet<string>
  readonly context: StepContext
}

/** Parses a test cell, first as FEEL and then as what people type, and reports what is wrong with it. */
export function bindTestCell(text: string, column: Column, { vocabulary, names, context }: CellBinder, path: string): CellProgram<Frame> {
  const program = readAs(text, column, names, source => cellProgram(source, vocabulary))
  reportProblems(program.problems, text, context, path)
  if (program.tree && program.problems.length === 0) {
    for (const test of program.tree.tests) checkTest(test, column, context, path)
    checkComma(program, context, path)
  }
  return program
}

/** Parses an output cell; undefined for an empty one, which writes nothing. */
export function bindOutputCell(
  text: string,
  definition: FactDefinition,
  name: string,
  { vocabulary, names, context }: CellBinder,
  path: string,
): ExpressionProgram<Frame> | undefined {
  if (text.trim() === '' || text.trim() === '-') return undefined
  const program = readAs(text, { type: definition.type, values: undefined }, names, source => expressionProgram(source, vocabulary))
  reportProblems(program.problems, text, context, path)
  if (program.tree && program.problems.length === 0) {
    checkFits(
      inferredType(program.tree, context, ({ left, right }) => reportMixture(left, right, context, path)),
      definition,
      name,
      context,
      path,
    )
    checkValue(program.tree, { type: definition.type, values: valuesOf(definition) }, context, path)
  }
  return program
}

export function valuesOf(definition: FactDefinition | undefined): readonly string[] | undefined {
  return definition?.type === 'enum' ? definition.values?.map(value => (typeof value === 'string' ? value : value.value)) : undefined
}

/** FEEL keeps its meaning; only dates need help even where they happen to parse (2024-01-05 is a subtraction). */
function readAs<Read extends { readonly problems: readonly unknown[] }>(
  text: string,
  { type }: Column,
  names: ReadonlySet<string>,
  read: (source: string) => Read,
): Read {
  const program = read(text)
  if (program.problems.length === 0 && type !== 'date') return program
  const normalised = normaliseCell(text, { type, names })
  const second = normalised === text ? program : read(normalised)
  return second.problems.length === 0 ? second : program
}

function checkTest(test: UnaryTest, column: Column, context: StepContext, path: string): void {
  const operand = operandOf(test)
  const type = inferredType(operand, context, ({ left, right }) => reportMixture(left, right, context, path))
  if (test.kind === 'condition') return
  const expected = feelTypeOf(column.type)
  for (const part of alternativesOf(operand)) {
    const found = part === operand ? type : inferredType(part, context)
    const isComparable = found === expected || [found, expected].some(one => one === 'unknown' || one === 'null' || one === 'list')
    if (!isComparable) {
      context.report('TYPE_MISMATCH', 'error', path, {
        en: `The column holds ${TYPE_WORDS[expected].en}; this cell speaks of ${TYPE_WORDS[found].en}.`,
        zh: `该列为${TYPE_WORDS[expected].zh}，而此单元格为${TYPE_WORDS[found].zh}。`,
      })
    }
    checkValue(part, column, context, path)
  }
  if (
    operand.kind === 'list' &&
    operand.items.length === 2 &&
    operand.items.every(({ kind }) => kind === 'number') &&
    expected === 'number'
  ) {
    context.report('LIST_LIKE_INTERVAL', 'warning', path, {
      en: 'A list in brackets means one of these two values; an interval is written with two dots, [a..b].',
      zh: '方括号中的列表表示取这两个值之一；区间请用两个点书写：[a..b]。',
    })
  }
}

function alternativesOf(operand: Expression): readonly Expression[] {
  if (operand.kind === 'list') return operand.items
  return operand.kind === 'range' ? [operand.low, operand.high] : [operand]
}

function checkValue(node: Expression, { values }: Column, context: StepContext, path: string): void {
  if (!values || node.kind !== 'string' || values.includes(node.value)) return
  context.report('UNKNOWN_VALUE', 'error', path, {
    en: `"${node.value}" is not among the possible values: ${values.slice(0, 12).join(', ')}.`,
    zh: `“${node.value}”不在可选值之内：${values.slice(0, 12).join('、')}。`,
  })
}

/** `>= 30, < 50` reads like "and" and means "or": it holds for every number. */
function checkComma({ tree }: CellProgram<Frame>, context: StepContext, path: string): void {
  if (!tree || tree.tests.length < 2 || tree.negated) return
  const set = cellSetOf(tree)
  if ((set?.kind !== 'numbers' && set?.kind !== 'dates') || !isEverything(set.intervals)) return
  context.report('COMMA_MEANS_OR', 'warning', path, {
    en: 'A comma means "or", so this cell holds for every value. Both bounds together are written as a range, such as [30..50).',
    zh: '逗号表示“或”，因此该单元格对任何值都成立。同时满足两个界限请写成区间，例如 [30..50)。',
  })
}

function reportMixture(left: FeelType, right: FeelType, context: StepContext, path: string): void {
  context.report('TYPE_MISMATCH', 'error', path, {
    en: `${TYPE_WORDS[left].en} and ${TYPE_WORDS[right].en} have nothing in common here; the result is never known.`,
    zh: `${TYPE_WORDS[left].zh}与${TYPE_WORDS[right].zh}不能这样一起使用，结果永远未知。`,
  })
}
