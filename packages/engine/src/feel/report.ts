import { unknownPlaceholders } from '../explain/reason.ts'
import type { StepContext } from '../steps.ts'

export function reportNoOutput(name: string, isFact: boolean, context: StepContext, path: string): void {
  context.report(
    'UNKNOWN_OUTPUT',
    'error',
    path,
    isFact
      ? { en: `"${name}" is a fact; a step can only write outputs.`, zh: `“${name}”是事实；步骤只能写入输出。` }
      : { en: `There is no output named "${name}".`, zh: `没有名为“${name}”的输出。` },
  )
}

export function reportPlaceholders(text: { readonly en: string; readonly zh: string }, context: StepContext, path: string): void {
  for (const name of unknownPlaceholders(text, context.scope)) {
    context.report('UNKNOWN_PLACEHOLDER', 'warning', path, {
      en: `{${name}} is neither a fact nor an output.`,
      zh: `{${name}} 既不是事实也不是输出。`,
    })
  }
}
