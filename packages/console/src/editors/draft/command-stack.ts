/** Everything that was done to one document, in order, with names: one stack for all editors, so that undo takes back what was done last, wherever that was. */
export interface CommandStack<State> {
  readonly state: State
  readonly undoLabel: string | undefined
  readonly redoLabel: string | undefined
  /** The same state again is no entry. */
  push(label: string, next: State, merge?: string): void
  undo(): void
  redo(): void
  /** What others did, or a saved state: below our entries, which undo takes back as before. */
  replace(next: State): void
}

/** `mine` on top of what `theirs` made of `base`. */
export type Merge<State> = (base: State, mine: State, theirs: State) => State

interface Entry<State> {
  readonly label: string
  readonly before: State
  readonly after: State
  readonly merge: string | undefined
}

/** More than anybody takes back by hand; documents share what they have in common, so an entry is small. */
const MAX_ENTRIES = 500

export function createCommandStack<State>(start: State, mergeStates: Merge<State>): CommandStack<State> {
  let state = start
  let done: Entry<State>[] = []
  let undone: Entry<State>[] = []

  /** From one side of an entry to the other, keeping what came from elsewhere in the meantime. */
  const carry = (from: State, to: State): State => (Object.is(state, from) ? to : mergeStates(from, to, state))

  return {
    get state() {
      return state
    },
    get undoLabel() {
      return done.at(-1)?.label
    },
    get redoLabel() {
      return undone.at(-1)?.label
    },
    push(label, next, merge) {
      if (Object.is(next, state)) return
      const last = done.at(-1)
      if (merge !== undefined && last?.merge === merge && undone.length === 0 && Object.is(last.after, state)) {
        done[done.length - 1] = { ...last, after: next }
      } else done = [...done, { label, before: state, after: next, merge }].slice(-MAX_ENTRIES)
      undone = []
      state = next
    },
    undo() {
      const entry = done.pop()
      if (!entry) return
      undone.push(entry)
      state = carry(entry.after, entry.before)
    },
    redo() {
      const entry = undone.pop()
      if (!entry) return
      // What was done again is closed: typing on begins a new entry.
      done.push({ ...entry, merge: undefined })
      state = carry(entry.before, entry.after)
    },
    replace(next) {
      state = next
    },
  }
}
