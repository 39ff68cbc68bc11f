import type { Decision, Finding, Policy, PolicyChange } from '@surety/engine'
import { inject, provide, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'

/** What the viewer may change: nothing, constants (thresholds, points, outcomes), rules as well, or all of the policy. */
export type PolicyRight = 'none' | 'values' | 'rules' | 'everything'

export interface EditOptions {
  /** Joins with the previous entry of the stack when that one has the same key: typing into one cell is one entry. */
  readonly merge?: string
}

/** The one policy that the page shows, as every editor on it reads and changes it. Also there when it is read-only. */
export interface DraftEditor {
  /** Never changed in place; what an edit left alone stays the same object. */
  readonly document: Readonly<ShallowRef<Policy>>
  /** What one started from; undefined for a policy that has no version yet. */
  readonly base: Readonly<ShallowRef<Policy | undefined>>
  /** What is different from `base`, a moment after each edit. */
  readonly changes: Readonly<ShallowRef<readonly PolicyChange[]>>
  readonly right: Readonly<Ref<PolicyRight>>
  /** From the same check and analysis that the server makes, by a worker, a moment after each edit. */
  readonly findings: Readonly<ShallowRef<readonly Finding[]>>
  /** Changes the document; `label` is already in the reader's language and names the entry that undo takes back. A `change` that returns the same object is no edit. */
  edit(label: string, change: (document: Policy) => Policy, options?: EditOptions): void
  undo(): void
  redo(): void
  readonly canUndo: ComputedRef<boolean>
  readonly canRedo: ComputedRef<boolean>
  readonly undoLabel: ComputedRef<string | undefined>
  readonly redoLabel: ComputedRef<string | undefined>
  /** JSON pointer that the reader was led to (F8, a phrase of a sentence, `focus=` in the address); whoever shows it scrolls there and focuses. */
  readonly focusPath: Ref<string | null>
  /** The decision of the test panel: lights up in place. */
  readonly trace: Readonly<ShallowRef<Decision | null>>
  /** JSON pointer → how many customers it held for in the last impact run. */
  readonly hits: Readonly<ShallowRef<ReadonlyMap<string, number> | null>>
}

const KEY: InjectionKey<DraftEditor> = Symbol('policy draft')

export const provideDraftEditor = (editor: DraftEditor): void => provide(KEY, editor)

export function useDraftEditor(): DraftEditor {
  const editor = inject(KEY)
  if (!editor) throw new Error('No policy is open here: an editor belongs inside a page that provides one.')
  return editor
}
