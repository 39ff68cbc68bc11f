import type { CompiledPolicy, Counterfactual, Decision, Policy, Value } from '@surety/engine'
import { useClientHandle } from '@urql/vue'
import { computed, inject, onScopeDispose, provide, shallowRef, watch, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import { problemOf, type Problem } from '../../graphql/problem.ts'
import type { Text } from '../../i18n/useText.ts'
import type { OwnedDraftEditor } from '../draft/createDraftEditor.ts'
import { newId } from '../step-path.ts'
import { TrialDecisionDocument, TrialFactsDocument } from './documents.ts'
import { runCase, type CaseResult, type PolicyCase } from './policy-case.ts'

/** Whose facts the policy is tried on. */
export type TrialSource =
  | { readonly kind: 'typed' }
  | { readonly kind: 'customer'; readonly id: string; readonly name: string }
  | { readonly kind: 'decision'; readonly id: string; readonly name: string; readonly decidedAt: string }

/** The policy on the page, tried on one set of facts and on every case; again after each edit. */
export interface Trial {
  readonly source: Readonly<ShallowRef<TrialSource | undefined>>
  readonly label: ComputedRef<string | undefined>
  /** By fact; a fact that is not there is missing. */
  readonly facts: Readonly<ShallowRef<Readonly<Record<string, Value>>>>
  readonly sources: Readonly<ShallowRef<ReadonlyMap<string, Text>>>
  readonly decision: Readonly<ShallowRef<Decision | null>>
  /** What the version that one started from makes of the same facts. */
  readonly before: Readonly<ShallowRef<Decision | null>>
  readonly counterfactuals: Readonly<ShallowRef<readonly Counterfactual[]>>
  readonly tookMs: Readonly<ShallowRef<number>>
  /** Why nothing was decided. */
  readonly obstacle: Readonly<ShallowRef<Text | undefined>>
  readonly problem: Readonly<ShallowRef<Problem | undefined>>
  readonly decisions: Readonly<
    ShallowRef<readonly { readonly id: string; readonly kind: string; readonly outcome: string; readonly decidedAt: string }[]>
  >
  readonly cases: ComputedRef<readonly CaseResult[]>
  useCustomer(id: string): Promise<void>
  useDecision(id: string): Promise<void>
  useCase(one: PolicyCase): void
  typeFacts(): void
  setFact(name: string, value: Value | undefined): void
  clear(): void
  addCase(name: string): void
  removeCase(id: string): void
  /** Expects from now on what comes out now. */
  acceptCase(result: CaseResult): void
}

const KEY: InjectionKey<Trial> = Symbol('trial')

export function useTrial(): Trial {
  const trial = inject(KEY)
  if (!trial) throw new Error('There is no test panel here.')
  return trial
}

const PAUSE_MS = 60

export function provideTrial(editor: OwnedDraftEditor): Trial {
  const { client } = useClientHandle()
  const source = shallowRef<TrialSource>()
  const facts = shallowRef<Readonly<Record<string, Value>>>({})
  const sources = shallowRef<ReadonlyMap<string, Text>>(new Map())
  const decision = shallowRef<Decision | null>(null)
  const before = shallowRef<Decision | null>(null)
  const nearest = shallowRef<readonly Counterfactual[]>([])
  const tookMs = shallowRef(0)
  const obstacle = shallowRef<Text>()
  const problem = shallowRef<Problem>()
  const decisions = shallowRef<Trial['decisions']['value']>([])
  const compiled = shallowRef<CompiledPolicy>()

  const decider = shallowRef<(typeof import('./decider.ts'))['decider']>()
  void import('./decider.ts').then(loaded => (decider.value = loaded.decider))

  let timer: ReturnType<typeof setTimeout> | undefined
  let later: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => {
    clearTimeout(timer)
    clearTimeout(later)
  })
  watch(
    [editor.document, decider],
    ([document]) => {
      clearTimeout(timer)
      timer = setTimeout(() => prepare(document), compiled.value ? PAUSE_MS : 0)
    },
    { immediate: true },
  )
  watch([source, facts, editor.base], decide)

  function prepare(document: Policy): void {
    const prepared = decider.value?.prepare(document)
    compiled.value = prepared && 'compiled' in prepared ? prepared.compiled : undefined
    obstacle.value = prepared && 'obstacle' in prepared ? prepared.obstacle : undefined
    decide()
  }

  function decide(): void {
    clearTimeout(later)
    nearest.value = []
    if (!source.value || !compiled.value || !decider.value) {
      decision.value = null
      return editor.setTrace(null)
    }
    const begin = performance.now()
    const answer = decider.value.decideOn(compiled.value, facts.value)
    tookMs.value = performance.now() - begin
    decision.value = 'decision' in answer ? answer.decision : null
    obstacle.value = 'obstacle' in answer ? answer.obstacle : undefined
    editor.setTrace(decision.value)
    // The nearest way out is searched for by deciding many times: after what is shown at once.
    later = setTimeout(() => {
      if (!compiled.value || !decision.value || !decider.value) return
      nearest.value = decider.value.nearestOf(compiled.value, facts.value)
      before.value = editor.base.value && editor.base.value !== editor.document.value ? beforeOf(editor.base.value) : null
    }, PAUSE_MS)
  }

  function beforeOf(base: Policy): Decision | null {
    const prepared = decider.value?.prepare(base)
    // A version that no longer compiles, or other facts: there is nothing to compare with.
    if (!prepared || !('compiled' in prepared)) return null
    const answer = decider.value!.decideOn(prepared.compiled, facts.value)
    return 'decision' in answer ? answer.decision : null
  }

  const trial: Trial = {
    source,
    label: computed(() => (source.value && 'name' in source.value ? source.value.name : undefined)),
    facts,
    sources,
    decision,
    before,
    counterfactuals: nearest,
    tookMs,
    obstacle,
    problem,
    decisions,
    cases: computed(() => (compiled.value ? editor.cases.value.map(one => runCase(compiled.value!, one)) : [])),
    async useCustomer(id) {
      problem.value = undefined
      const { data, error } = await client.query(TrialFactsDocument, { id }, { requestPolicy: 'network-only' }).toPromise()
      if (error) return void (problem.value = problemOf(error))
      const customer = data?.customer
      if (!customer) return
      facts.value = Object.fromEntries(
        customer.facts.flatMap(({ key, value }) => (value === null || value === undefined ? [] : [[key, value as Value]])),
      )
      sources.value = new Map(customer.facts.flatMap(({ key, source: from }) => (from ? [[key, from] as const] : [])))
      decisions.value = customer.decisions.edges.map(({ node }) => node)
      source.value = { kind: 'customer', id, name: customer.name }
    },
    async useDecision(id) {
      problem.value = undefined
      const { data, error } = await client.query(TrialDecisionDocument, { id }, { requestPolicy: 'network-only' }).toPromise()
      if (error) return void (problem.value = problemOf(error))
      const found = data?.decision
      if (!found) return
      facts.value = found.facts as Readonly<Record<string, Value>>
      source.value = { kind: 'decision', id, name: found.customer.name, decidedAt: found.decidedAt }
    },
    useCase(one) {
      facts.value = one.facts
      source.value = { kind: 'typed' }
    },
    typeFacts() {
      source.value = { kind: 'typed' }
    },
    setFact(name, value) {
      const { [name]: _, ...rest } = facts.value
      facts.value = value === undefined ? rest : { ...rest, [name]: value }
      source.value ??= { kind: 'typed' }
    },
    clear() {
      source.value = undefined
      facts.value = {}
      decisions.value = []
    },
    addCase(name) {
      if (!decision.value || !compiled.value || !decider.value) return
      const expected = { outcome: decision.value.outcome, ...decision.value.outputs }
      const decisionId = source.value?.kind === 'decision' ? { decisionId: source.value.id } : {}
      editor.setCases([
        ...editor.cases.value,
        { id: newId('case'), name, facts: decider.value.only(facts.value, compiled.value.policy), expected, ...decisionId },
      ])
    },
    removeCase: id => editor.setCases(editor.cases.value.filter(one => one.id !== id)),
    acceptCase(result) {
      const { decision: now } = result
      if (!now) return
      const expected = Object.fromEntries(
        Object.keys(result.case.expected).map(name => [
          name,
          name === 'outcome'
            ? now.outcome
            : name === 'reasons' || name === 'requirements'
              ? now[name].map(({ code }) => code)
              : (now.outputs[name] ?? null),
        ]),
      )
      editor.setCases(editor.cases.value.map(one => (one.id === result.case.id ? { ...one, expected } : one)))
    },
  }
  provide(KEY, trial)
  return trial
}
