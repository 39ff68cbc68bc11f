/** A condition asked for a fact that nobody gave. */
export class UndefinedFactError extends Error {
  readonly code = 'UNDEFINED_FACT'
}

/** The rules can't be run as they are, whatever the facts. */
export class RulesInvalid extends Error {
  readonly code: 'UNKNOWN_OPERATOR' | 'CONDITION_CYCLE'
  constructor(code: RulesInvalid['code'], message: string) {
    super(message)
    this.code = code
  }
}
