import type { Frame } from '../frame.ts'
import type { Outcome } from '../policy/document.ts'
import type { Scope } from '../scope.ts'
import type { BoundStep, CompiledStep } from '../steps.ts'
import { CodeWriter } from './code-writer.ts'
import { generate } from './generate.ts'

/** The code of a step that decides one row: its parts become functions of the frame. */
class RowCode extends CodeWriter {
  readonly stop = 'return true;'
  readonly keepsHits = false
  readonly unknown = 'F.isUnknown = true;'
  readonly functions: string[] = []

  number(name: string): string {
    const { slot } = this.name(name)
    return this.local(`n${slot}`, `N[${slot}]`)
  }

  present(name: string): string {
    const { isNumeric, slot } = this.name(name)
    if (!isNumeric) return `(${this.value(slot)} !== undefined)`
    const number = this.number(name)
    return `(${number} === ${number})`
  }

  isOneOf(name: string, values: readonly string[]): string {
    if (values.length === 0) return 'false'
    const value = this.value(this.name(name).slot)
    if (values.length > 6) return `${this.constant(new Set(values))}.has(${value})`
    return `(${values.map(text => `${value} === ${this.constant(text)}`).join(' || ')})`
  }

  frame(): string {
    return 'F'
  }

  hit(): string {
    return ''
  }

  hitIf(): string {
    return ''
  }

  ask(outcome: Outcome): string {
    return `F.ask(${this.constant(outcome)});`
  }

  protected endPart(prelude: readonly string[], body: readonly string[]): void {
    this.functions.push(
      `function(F) { const N = F.numbers, V = F.values, W = F.written;\n${prelude.join('\n')}\n${body.join('\n')}\nreturn false; }`,
    )
  }

  private value(slot: number): string {
    return this.local(`v${slot}`, `V[${slot}]`)
  }
}

/** The fast form of a step: generated where it can be, else its closure, else its interpreter. */
export function compileStep(step: BoundStep, scope: Scope, mayGenerateCode: boolean): CompiledStep {
  if (mayGenerateCode && step.emit) {
    const code = new RowCode(scope)
    step.emit(code)
    const parts = generate<readonly ((frame: Frame) => boolean)[]>(`return [${code.functions.join(',\n')}];`, code.constants)
    if (parts.length === 1) return parts[0]!
    return frame => {
      for (const part of parts) if (part(frame)) return
    }
  }
  return step.compile?.() ?? (frame => void step.interpret(frame))
}
