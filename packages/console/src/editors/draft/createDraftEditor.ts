import { diffPolicies, mergePolicies, type Decision, type Finding, type Policy, type PolicyChange } from '@surety/engine'
import { computed, onScopeDispose, ref, shallowRef, triggerRef, watch, type Ref, type ShallowRef } from 'vue'
import type { PolicyCase } from '../trial/policy-case.ts'
import { createCommandStack } from './command-stack.ts'
import type { DraftEditor, PolicyRight } from './usePolicyDraft.ts'
import { watchFindings } from './watch-findings.ts'

/** Comparing two big policies takes longer than a keystroke may. */
const CHANGES_PAUSE_MS = 200

/** The editor together with what only its page may do. */
export interface OwnedDraftEditor extends DraftEditor {
  readonly right: Ref<PolicyRight>
  /** Shows another document: what the server merged, or another version. Undo goes on below it. */
  replace(next: Policy): void
  setBase(base: Policy | undefined): void
  setTrace(decision: Decision | null): void
  setHits(hits: ReadonlyMap<string, number> | null): void
  /** Examples that must hold; they are saved with the document. */
  readonly cases: Readonly<ShallowRef<readonly PolicyCase[]>>
  setCases(cases: readonly PolicyCase[]): void
  /** Takes over the cases that the server has. */
  replaceCases(cases: readonly PolicyCase[]): void
  /** Counts edits; a save that began at one count covers the edits up to it. */
  readonly editCount: Ref<number>
}

export function createDraftEditor(start: Policy, right: PolicyRight): OwnedDraftEditor {
  const stack = createCommandStack<Policy>(start, (base, mine, theirs) => mergePolicies(base, mine, theirs).merged)
  const document = shallowRef(start)
  const base = shallowRef<Policy | undefined>(start)
  const findings = shallowRef<readonly Finding[]>([])
  const trace = shallowRef<Decision | null>(null)
  const hits = shallowRef<ReadonlyMap<string, number> | null>(null)
  const cases = shallowRef<readonly PolicyCase[]>([])
  const mayEdit = ref<PolicyRight>(right)
  const editCount = ref(0)
  const stackState = shallowRef(stack)

  const changes = shallowRef<readonly PolicyChange[]>([])
  let pause: ReturnType<typeof setTimeout> | undefined
  watch([document, base], () => {
    clearTimeout(pause)
    pause = setTimeout(() => {
      changes.value = base.value && base.value !== document.value ? diffPolicies(base.value, document.value) : []
    }, CHANGES_PAUSE_MS)
  })
  onScopeDispose(() => clearTimeout(pause))

  const worker = watchFindings(found => (findings.value = found))
  watch(document, next => worker.ask(next), { immediate: true })
  onScopeDispose(worker.close)

  function show(isEdit: boolean): void {
    document.value = stack.state
    if (isEdit) editCount.value += 1
    triggerRef(stackState)
  }

  return {
    document,
    base,
    right: mayEdit,
    findings,
    changes,
    trace,
    hits,
    editCount,
    focusPath: ref(null),
    canUndo: computed(() => stackState.value.undoLabel !== undefined && mayEdit.value !== 'none'),
    canRedo: computed(() => stackState.value.redoLabel !== undefined && mayEdit.value !== 'none'),
    undoLabel: computed(() => stackState.value.undoLabel),
    redoLabel: computed(() => stackState.value.redoLabel),
    edit(label, change, options) {
      if (mayEdit.value === 'none') return
      const next = change(stack.state)
      if (next === stack.state) return
      stack.push(label, next, options?.merge)
      show(true)
    },
    undo() {
      stack.undo()
      show(true)
    },
    redo() {
      stack.redo()
      show(true)
    },
    replace(next) {
      stack.replace(next)
      show(false)
    },
    setBase: next => (base.value = next),
    setTrace: decision => (trace.value = decision),
    setHits: next => (hits.value = next),
    cases,
    setCases(next) {
      if (mayEdit.value === 'none') return
      cases.value = next
      editCount.value += 1
    },
    replaceCases: next => (cases.value = next),
  }
}
