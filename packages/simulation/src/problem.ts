import type { Text } from '@surety/engine'

/** The data or the question is not one that can be simulated; says what, where and what would be right. */
export class SimulationProblem extends Error {
  readonly code: string
  readonly text: Text

  constructor(code: string, text: Text, options?: ErrorOptions) {
    super(text.en, options)
    this.code = code
    this.text = text
  }
}
