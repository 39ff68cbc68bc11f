import type { Frame } from '../frame.ts'
import type { FactDefinition, Value } from '../policy/document.ts'
import type { StepContext } from '../steps.ts'
import type { Expression } from './ast.ts'
import { inferType, type FeelType, feelTypeOf, type TypeProblem } from './infer.ts'
import { isFeelNumber } from './number.ts'
import type { ExpressionProgram, FeelProblem, Vocabulary } from './program.ts'
import { expressionProgram } from './program.ts'
import { toValue, type FeelValue } from './values.ts'

/** Parses an expression of a document and reports what is wrong with it. */
export function bindExpression(
  text: string,
  vocabulary: Vocabulary<Frame>,
  context: StepContext,
  path: string,
): ExpressionProgram<Frame> & { readonly type: FeelType } {
  const program = expressionProgram(text, vocabulary)
  reportProblems(program.problems, text, context, path)
  const type = program.tree ? inferredType(program.tree, context, problem => reportTypes(problem, context, path)) : 'unknown'
  return { ...program, type }
}

export function reportProblems(problems: readonly FeelProblem[], text: string, context: StepContext, path: string): void {
  for (const { code, at, message } of problems) {
    const place =
      code === 'FEEL_SYNTAX' ? { en: ` (character ${at + 1} of: ${text})`, zh: `（位于第 ${at + 1} 个字符：${text}）` } : { en: '', zh: '' }
    context.report(code, 'error', path, { en: message.en + place.en, zh: message.zh + place.zh })
  }
}

export function inferredType(tree: Expression, context: StepContext, report?: (problem: TypeProblem) => void): FeelType {
  return inferType(tree, name => typeOfName(name, context), report)
}

/** Reports an expression that can't become the value of an output. */
export function checkFits(type: FeelType, output: FactDefinition, name: string, context: StepContext, path: string): void {
  const expected = feelTypeOf(output.type)
  const item = output.type === 'list' ? feelTypeOf(output.of) : undefined
  if (type === 'unknown' || type === 'null' || type === expected || type === item || (expected === 'list' && item === 'unknown')) return
  if (expected === 'date' && type === 'string') return
  context.report('TYPE_MISMATCH', 'error', path, {
    en: `"${name}" takes ${TYPE_WORDS[expected].en}, but this gives ${TYPE_WORDS[type].en}.`,
    zh: `“${name}”应为${TYPE_WORDS[expected].zh}，而此处得到${TYPE_WORDS[type].zh}。`,
  })
}

/** What may be written to an output; undefined when there is no value or it is not of the output's type. */
export function outputValue(value: FeelValue, { type, of }: FactDefinition, decimals?: number): Value | undefined {
  switch (type) {
    case 'number':
    case 'integer':
    case 'percent':
    case 'money':
      return isFeelNumber(value) ? toValue(value, type, decimals) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'enum':
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'date': {
      const text = toValue(value)
      return typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) ? text : undefined
    }
    case 'list': {
      if (value === null) return undefined
      return Array.isArray(value) ? value.map((item: FeelValue) => toValue(item, of)) : toValue(value, of)
    }
  }
}

/** Whether some of these names have no value. */
export function lacksAny(frame: Frame, names: readonly string[]): boolean {
  return names.some(name => frame.read(name) === undefined && frame.scope.find(name) !== undefined)
}

function typeOfName(name: string, context: StepContext): FeelType {
  const found = context.scope.find(name)
  if (found) return feelTypeOf(found.definition.type)
  return Object.hasOwn(context.lists, name) ? 'list' : 'unknown'
}

function reportTypes({ left, right }: TypeProblem, context: StepContext, path: string): void {
  context.report('TYPE_MISMATCH', 'error', path, {
    en: `${capitalised(TYPE_WORDS[left].en)} and ${TYPE_WORDS[right].en} have nothing in common here; the result is never known.`,
    zh: `${TYPE_WORDS[left].zh}与${TYPE_WORDS[right].zh}不能这样一起使用，结果永远未知。`,
  })
}

export const TYPE_WORDS: Readonly<Record<FeelType, { readonly en: string; readonly zh: string }>> = {
  number: { en: 'a number', zh: '数值' },
  string: { en: 'a text', zh: '文本' },
  boolean: { en: 'true or false', zh: '是/否' },
  date: { en: 'a date', zh: '日期' },
  list: { en: 'a list', zh: '列表' },
  null: { en: 'nothing', zh: '空值' },
  unknown: { en: 'a value', zh: '值' },
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
