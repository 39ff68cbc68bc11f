/** Something that the person who started us can put right: it is shown as a sentence, without a stack. */
export class Problem extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
