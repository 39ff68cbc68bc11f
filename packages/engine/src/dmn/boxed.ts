import type { BoxedExpression } from './read.ts'

/** A boxed expression as one FEEL text; undefined for tables and functions, which have none. */
export function boxedToFeel(expression: BoxedExpression | undefined): string | undefined {
  switch (expression?.$type) {
    case 'dmn:LiteralExpression':
      return expression.text
    case 'dmn:List':
      return all((expression.elements ?? []).map(boxedToFeel), items => `[${items.join(', ')}]`)
    case 'dmn:Relation': {
      const rows = (expression.row ?? []).map(({ elements = [] }) =>
        all(
          elements.map(boxedToFeel),
          cells => `{${cells.map((cell, at) => `${keyOf(expression.column?.[at]?.name)}: ${cell}`).join(', ')}}`,
        ),
      )
      return all(rows, items => `[${items.join(', ')}]`)
    }
    case 'dmn:Invocation': {
      const called = boxedToFeel(expression.calledFunction)
      const bindings = (expression.binding ?? []).map(({ parameter, bindingFormula }) =>
        all([boxedToFeel(bindingFormula)], ([value]) => `${parameter?.name ?? ''}: ${value}`),
      )
      return called === undefined ? undefined : all(bindings, values => `${called}(${values.join(', ')})`)
    }
    case 'dmn:Context': {
      const entries = expression.contextEntry ?? []
      const named = entries.filter(({ variable }) => variable?.name !== undefined)
      const result = entries.find(({ variable }) => variable?.name === undefined)
      // A last entry without a name is the result; the others are names in it.
      const parts = [
        ...named.map(({ variable, value }) => ({ key: keyOf(variable?.name), value })),
        ...(result ? [{ key: RESULT, value: result.value }] : []),
      ]
      return all(
        parts.map(({ value }) => boxedToFeel(value)),
        values => `{${parts.map(({ key }, at) => `${key}: ${values[at]}`).join(', ')}}${result ? `.${RESULT}` : ''}`,
      )
    }
    case 'dmn:DecisionTable':
    case 'dmn:FunctionDefinition':
    case undefined:
      return undefined
  }
}

const RESULT = 'result'

function keyOf(name = ''): string {
  return /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(name) ? name : JSON.stringify(name)
}

function all(parts: readonly (string | undefined)[], join: (parts: readonly string[]) => string): string | undefined {
  return parts.every(part => part !== undefined) ? join(parts) : undefined
}
