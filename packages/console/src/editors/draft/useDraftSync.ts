import { mergePolicies, type Policy } from '@surety/engine'
import { useClientHandle } from '@urql/vue'
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { PolicyCaseInput, PolicyDraftQuery, SavePolicyDraftMutation } from '../../graphql/generated/graphql.ts'
import { useLive } from '../../graphql/live.ts'
import { problemOf, problemOfDeclared, type Problem } from '../../graphql/problem.ts'
import { shareStructure } from '../code/share-structure.ts'
import type { PolicyCase } from '../trial/policy-case.ts'
import type { OwnedDraftEditor } from './createDraftEditor.ts'
import { PolicyDraftDocument, SavePolicyDraftDocument, SeePolicyDraftDocument } from './documents.ts'
import { createLocalCopy } from './local-copy.ts'

export type Draft = NonNullable<PolicyDraftQuery['policyDraft']>
export type DraftConflict = Extract<SavePolicyDraftMutation['savePolicyDraft'], { readonly __typename: 'DraftConflictError' }>

/** `saved` is only said of what the server has confirmed. */
export type SaveState = 'saved' | 'unsaved' | 'saving' | 'offline' | 'conflict' | 'refused'

export interface DraftSync {
  readonly state: Ref<SaveState>
  readonly savedAt: Ref<string>
  readonly revision: Ref<number>
  readonly contentHash: Ref<string>
  readonly conflict: Readonly<ShallowRef<DraftConflict | undefined>>
  readonly problem: Readonly<ShallowRef<Problem | undefined>>
  readonly others: Readonly<ShallowRef<readonly { readonly id: string; readonly name: string }[]>>
  /** False: this browser keeps no copy of what is not saved. */
  readonly isKept: Ref<boolean>
  /** Takes what was chosen for each contradiction, and saves it on top of what is there. */
  settle(document: Policy): void
  /** Saves what is open, and says whether all is saved. */
  flush(): Promise<boolean>
  /** Shows what the server has now. */
  reload(): Promise<void>
}

const PAUSE_MS = 700
const RETRY_MS = [1000, 2000, 5000, 10_000]
const SEEN_MS = 15_000

/** Keeps the draft on the server and the one on the page the same, whatever happens to the line, the session or the colleague next door. */
export function useDraftSync(editor: OwnedDraftEditor, draft: Draft, viewerId: string): DraftSync {
  const { client } = useClientHandle()
  const local = createLocalCopy(draft.id)
  const state = ref<SaveState>('saved')
  const savedAt = ref(draft.updatedAt)
  const revision = ref(draft.revision)
  const contentHash = ref(draft.contentHash)
  const conflict = shallowRef<DraftConflict>()
  const problem = shallowRef<Problem>()
  const others = shallowRef<DraftSync['others']['value']>([])
  const isKept = ref(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let running: Promise<boolean> | undefined
  let isOver = false

  editor.replaceCases(draft.cases as readonly PolicyCase[])
  const left = local.read()
  if (left) {
    revision.value = left.revision
    editor.replace(shareStructure(editor.document.value, left.document))
    editor.replaceCases(left.cases)
    plan(0)
  }

  watch(editor.editCount, () => {
    isKept.value = local.write({ revision: revision.value, document: editor.document.value, cases: editor.cases.value })
    if (state.value === 'conflict') return
    if (state.value !== 'saving') state.value = 'unsaved'
    plan(PAUSE_MS)
  })

  function plan(delay: number): void {
    clearTimeout(timer)
    if (!isOver) timer = setTimeout(() => void flush(), delay)
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer)
    running ??= save().finally(() => (running = undefined))
    return running
  }

  async function save(): Promise<boolean> {
    if (state.value === 'saved' && local.read() === undefined) return true
    if (state.value === 'conflict') return false
    const sent = { document: editor.document.value, cases: editor.cases.value, edits: editor.editCount.value, revision: revision.value }
    state.value = 'saving'
    const { data, error } = await client
      .mutation(SavePolicyDraftDocument, {
        input: { id: draft.id, baseRevision: sent.revision, document: sent.document, cases: sent.cases.map(inputOf) },
      })
      .toPromise()
    if (isOver) return false
    if (error) return failed(problemOf(error))
    const answer = data!.savePolicyDraft
    if (answer.__typename === 'DraftConflictError') {
      conflict.value = answer
      state.value = 'conflict'
      return false
    }
    if (answer.__typename !== 'MutationSavedPolicyDraftSuccess') return failed(problemOfDeclared(answer))
    failures = 0
    problem.value = undefined
    take(answer.data.draft, sent)
    if (editor.editCount.value !== sent.edits) {
      state.value = 'unsaved'
      plan(PAUSE_MS)
      return false
    }
    local.clear()
    state.value = 'saved'
    return true
  }

  /** What the server has, with what was typed while it answered on top. */
  function take(
    saved: {
      readonly revision: number
      readonly document: unknown
      readonly contentHash: string
      readonly updatedAt: string
      readonly cases: readonly unknown[]
    },
    sent: { readonly document: Policy; readonly edits: number },
  ): void {
    const theirs = shareStructure(sent.document, saved.document as Policy)
    revision.value = saved.revision
    contentHash.value = saved.contentHash
    savedAt.value = saved.updatedAt
    if (editor.editCount.value === sent.edits) {
      if (theirs !== editor.document.value) editor.replace(theirs)
      editor.replaceCases(shareStructure(editor.cases.value, saved.cases as readonly PolicyCase[]))
    } else {
      editor.replace(shareStructure(editor.document.value, mergePolicies(sent.document, editor.document.value, theirs).merged))
      isKept.value = local.write({ revision: saved.revision, document: editor.document.value, cases: editor.cases.value })
    }
  }

  function failed(why: Problem): false {
    problem.value = why
    if (why.kind === 'offline' || why.kind === 'signed-out') {
      state.value = 'offline'
      plan(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!)
    } else state.value = 'refused'
    return false
  }

  async function reload(): Promise<void> {
    const { data } = await client.query(PolicyDraftDocument, { id: draft.id }, { requestPolicy: 'network-only' }).toPromise()
    const found = data?.policyDraft
    if (!found || isOver || found.revision === revision.value) return
    // Our own edits go on top of theirs on the server, where both sides are known.
    if (state.value !== 'saved') return plan(0)
    take(found, { document: editor.document.value, edits: editor.editCount.value })
  }
  useLive({ entities: ['PolicyDraft'], id: () => draft.id }, () => void (running ?? Promise.resolve(true)).then(reload))

  async function see(): Promise<void> {
    if (document.visibilityState === 'hidden') return
    const { data } = await client.mutation(SeePolicyDraftDocument, { id: draft.id }).toPromise()
    const seen = data?.seePolicyDraft
    if (seen?.__typename !== 'MutationPolicyDraftSuccess') return
    others.value = seen.data.editors.map(({ user }) => user).filter(({ id }) => id !== viewerId)
    // A change that was not heard of: the line of live news was down.
    if (seen.data.revision > revision.value && running === undefined) void reload()
  }
  void see()
  const seeing = setInterval(() => void see(), SEEN_MS)

  const onOnline = (): void => void (state.value === 'offline' && flush())
  addEventListener('online', onOnline)
  onScopeDispose(() => {
    // Leaving the page saves what is open; the copy stays until the server has it.
    if (state.value === 'unsaved') void save()
    isOver = true
    clearTimeout(timer)
    clearInterval(seeing)
    removeEventListener('online', onOnline)
  })

  return {
    state,
    savedAt,
    revision,
    contentHash,
    conflict,
    problem,
    others,
    isKept,
    settle(next) {
      if (!conflict.value) return
      revision.value = conflict.value.theirRevision
      conflict.value = undefined
      state.value = 'unsaved'
      editor.replace(shareStructure(editor.document.value, next))
      isKept.value = local.write({ revision: revision.value, document: next, cases: editor.cases.value })
      plan(0)
    },
    flush,
    reload,
  }
}

const inputOf = ({ id, name, facts, expected, decisionId }: PolicyCase): PolicyCaseInput => ({
  id,
  name,
  facts,
  expected,
  ...(decisionId ? { decisionId } : {}),
})
